"""What app.yaml declares is what the code offers."""

from __future__ import annotations

import importlib
import inspect
from pathlib import Path

import pytest

from b24app.manifest import load
from tests.architecture.source import PROJECT

MANIFEST = load(PROJECT / "app.yaml")
ROBOTS = {**MANIFEST.robots, **MANIFEST.activities}


def modules(package: str) -> set[str]:
    """Give the module names of a package."""
    return {path.stem for path in (PROJECT / package).glob("*.py")}


@pytest.mark.parametrize("code", sorted(ROBOTS))
def test_a_robot_takes_what_its_declaration_says(code: str) -> None:
    """A manager's settings of a robot arrive under the names declared, each where the code expects it."""
    run = importlib.import_module(f"robots.{code}").run
    taken = {n for n, p in inspect.signature(run).parameters.items() if p.kind is inspect.Parameter.KEYWORD_ONLY}
    assert taken == set(ROBOTS[code].properties)


def test_every_module_that_runs_as_a_robot_is_declared() -> None:
    """No robot exists that the portal is never told of."""
    runnable = {
        code
        for code in modules("robots")
        if hasattr(importlib.import_module(f"robots.{code}"), "run") and code != "__init__"
    }
    assert runnable == set(ROBOTS)


@pytest.mark.parametrize("code", sorted({**MANIFEST.placements, **MANIFEST.field_types}))
def test_a_placement_has_a_module_of_its_name(code: str) -> None:
    """Whoever sees a placement or a kind of field in app.yaml finds its page under the same name."""
    assert Path(PROJECT / "placements" / f"{code}.py").exists()


@pytest.mark.parametrize("code", sorted(MANIFEST.jobs))
def test_a_job_has_a_module_of_its_name(code: str) -> None:
    """Whoever sees a job in app.yaml finds its code under the same name."""
    assert Path(PROJECT / "b24app/jobs" / f"{code}.py").exists()


def test_whatever_a_robot_does_a_business_process_can_do_too() -> None:
    """Each robot is offered as an activity under the same name, with the same settings and answers."""
    assert MANIFEST.activities == MANIFEST.robots

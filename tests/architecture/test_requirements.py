"""What others wrote is pinned and needed."""

from __future__ import annotations

import ast
import re
from importlib.metadata import packages_distributions

from tests.architecture.source import OURS, PROJECT, files, tree

NOT_IMPORTED = {
    "gunicorn": "serves the web processes",
    "font-roboto": "letters of reports",
    "jinja2": "Flask's templates",
}


def required(name: str) -> list[tuple[str, str]]:
    """Give the lines of a file of requirements as (name in lower case, what follows it)."""
    lines = [line.partition("#")[0].strip() for line in (PROJECT / name).read_text().splitlines()]
    found = [re.fullmatch(r"([\w.-]+)(?:\[[\w,]+\])?(.*)", line) for line in lines if line and not line.startswith("-")]
    return [(one[1].lower(), one[2]) for one in found if one]


def imported() -> set[str]:
    """Give the distributions, in lower case, that the application's own code imports."""
    modules: set[str] = set()
    for path in files(*OURS):
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Import):
                modules |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module:
                modules.add(node.module.partition(".")[0])
    known = packages_distributions()
    return {name.lower().replace("_", "-") for module in modules for name in known.get(module, [])}


def test_every_requirement_is_pinned_to_one_version() -> None:
    """An upgrade is a commit of its own: no requirement leaves open which version is meant."""
    both = [*required("requirements.txt"), *required("requirements-dev.txt")]
    assert [name for name, version in both if not re.fullmatch(r"==[\w.]+", version)] == []


def test_every_requirement_is_needed() -> None:
    """What runs the application is imported by it, or stands in a short list with its reason."""
    names = {name for name, _ in required("requirements.txt")}
    assert sorted(names - imported() - NOT_IMPORTED.keys()) == []

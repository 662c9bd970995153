"""The receiver stays small: it accepts as the web process does and knows nothing else."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest

from b24app.receiver import create_receiver
from tests.architecture.source import PROJECT
from tests.architecture.test_routes import APP, SETTINGS

RECEIVER = create_receiver(SETTINGS)
ACCEPTING = {"/telegram/<path_secret>/webhook", "/b24/<path_secret>/event", "/b24/<path_secret>/robot"}
STRANGERS = ("placements", "robots", "telegram_bridge.miniapp", "b24app.services", "b24app.manifest", "b24app.jobs")
SHOW_MODULES = "import sys, b24app.receiver; print('\\n'.join(sys.modules))"


def test_the_receiver_accepts_and_does_nothing_else() -> None:
    """Its addresses are those that store, and the two that monitors ask."""
    assert {rule.rule for rule in RECEIVER.url_map.iter_rules()} == {*ACCEPTING, "/healthz", "/readyz"}


def test_the_web_process_accepts_at_the_same_addresses_in_the_same_way() -> None:
    """Whichever of the two stands behind an address, the caller proves himself by the same secrets to the same code."""
    for rule in RECEIVER.url_map.iter_rules():
        ours: Any = RECEIVER.view_functions[rule.endpoint]
        theirs: Any = APP.view_functions[rule.endpoint]
        assert ours.__code__ is theirs.__code__
        assert ours.authenticated_by == theirs.authenticated_by


@pytest.fixture(scope="module")
def loaded() -> set[str]:
    """Every module that a fresh process holds once the receiver is imported."""
    shown = subprocess.run(
        [sys.executable, "-c", SHOW_MODULES], cwd=PROJECT, capture_output=True, text=True, check=True
    )
    return set(shown.stdout.split())


@pytest.mark.parametrize("stranger", [*STRANGERS, "telebot", "fast_bitrix24", "aiohttp", "procrastinate", "openpyxl"])
def test_what_may_break_elsewhere_is_never_loaded(loaded: set[str], stranger: str) -> None:
    """A fault in pages, services, automation or a client library cannot keep the receiver from starting."""
    assert "b24app.receiver" in loaded
    assert not {name for name in loaded if name == stranger or name.startswith(f"{stranger}.")}

"""What a process loads before it can begin: a start after a crash costs seconds, and every one of them is somebody's waiting."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.architecture.source import PROJECT

RARE = ("fpdf", "fontTools", "openpyxl", "pypdf", "alembic")
"""Libraries for what is asked for now and then: files of reports, documents to clean, migrations."""
PAGES = ("flask", "marshmallow", "placements")
UNWANTED = {
    "b24app.app": RARE,
    "b24app.worker": (*RARE, *PAGES),
    "b24app.cli": (*RARE, *PAGES, "telebot", "fast_bitrix24", "b24app.services"),
}


@pytest.mark.parametrize("root", UNWANTED)
def test_a_process_loads_nothing_that_it_may_never_use(root: str) -> None:
    """Rarely used libraries wait for their first use, and the worker, dispatchers included, knows no page."""
    show = f"import sys, {root}; print('\\n'.join(sys.modules))"
    shown = subprocess.run([sys.executable, "-c", show], cwd=PROJECT, capture_output=True, text=True, check=True)
    loaded = {name.partition(".")[0] for name in shown.stdout.split()} | set(shown.stdout.split())
    assert root in loaded
    assert not loaded & set(UNWANTED[root])

"""How rows are held."""

from __future__ import annotations

import re

from tests.architecture.source import OURS, files, name

WHOLLY = re.compile(r"with_for_update=True|with_for_update\((?![^)]*key_share=True)")


def test_whoever_only_refers_to_a_row_never_waits_for_its_holder() -> None:
    """No row is held against foreign keys: that is how two transactions stop each other (`storage/holding.py`)."""
    assert [name(path) for path in files(*OURS) if WHOLLY.search(path.read_text())] == []

"""The generated description of the sandbox."""

from __future__ import annotations

from pathlib import Path

from sandbox import docs

FILE = Path(__file__).parents[2] / "docs" / "sandbox.md"


def test_file_is_up_to_date() -> None:
    """`docs/sandbox.md` says what the code says; `python -m sandbox docs` renews it."""
    assert FILE.read_text(encoding="utf-8") == docs.text()

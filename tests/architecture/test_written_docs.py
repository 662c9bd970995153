"""Pages of the documentation that are written from declarations, and the tests that pages name."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from b24app.manifest import describing


@pytest.mark.parametrize("name", sorted(describing.pages()))
def test_a_written_page_is_up_to_date(name: str) -> None:
    """What the page says is what is declared now."""
    assert (describing.DOCS / name).read_text(encoding="utf-8") == describing.pages()[name]


def test_every_test_that_the_pages_name_exists() -> None:
    """Whoever looks for the test behind a sentence finds it under that name."""
    tests = "\n".join(path.read_text(encoding="utf-8") for path in Path(__file__).parents[1].rglob("test_*.py"))
    named = {
        name for page in describing.DOCS.rglob("*.md") for name in re.findall(r"`(test_\w+)`", page.read_text("utf-8"))
    }
    assert [name for name in sorted(named) if f"def {name}(" not in tests and f"{name}.py" not in tests] == []

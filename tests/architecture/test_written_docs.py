"""Pages of the documentation that are written from declarations."""

from __future__ import annotations

import pytest

from b24app.manifest import describing


@pytest.mark.parametrize("name", sorted(describing.pages()))
def test_a_written_page_is_up_to_date(name: str) -> None:
    """What the page says is what is declared now."""
    assert (describing.DOCS / name).read_text(encoding="utf-8") == describing.pages()[name]

"""How our pages inside the portal are put together."""

from __future__ import annotations

from placements.registry import PAGES
from placements.subjects import Subject


def test_what_arrives_later_stands_below_what_is_there_at_once() -> None:
    """No part of a page is moved away from under the finger by another that is fetched after it."""
    orders = {
        f"{page.code}/{kind}": [section.lazy for section in page.opening(Subject(kind))]
        for page in PAGES.values()
        for kind in page.sections
    }
    assert {name: order for name, order in orders.items() if order != sorted(order)} == {}

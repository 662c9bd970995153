"""Values that no honest page sends: every action and every section answers them in words, never with a fault of ours."""

from __future__ import annotations

import pytest

from placements.actions import ACTIONS
from placements.registry import PAGES
from tests.contract.placements.conftest import Desk

NASTY = ("9" * 23, "a\0b")
ASKED = ("search", "before", "conversation", "words", "factory", "page", "since", "q", "text", "banner", "audit")


@pytest.fixture
def everything(desk: Desk) -> dict[str, str]:
    """The item of each page that has actions or filters."""
    market = desk.market
    market.buyer()
    factory = market.factory()
    lot = market.lot(published=True)
    market.talk(market.offer(lot, factory), "Привет", "Salom")
    return {
        "deal_tab": market.in_crm[f"lot/{lot}"],
        "company_tab": market.in_crm[f"company/{factory}"],
        "audit_tab": market.in_crm[f"audit/{market.audit(factory)}"],
        "overview": "",
    }


def test_actions_refuse_what_the_database_cannot_hold(desk: Desk, everything: dict[str, str]) -> None:
    """Numbers beyond 64 bits, items that are not there and texts with a zero character are refused or cleaned wherever they stand."""
    broken = []
    for code, entity in everything.items():
        desk.open(code, entity)
        for name, action in ACTIONS.items():
            if code not in action.pages:
                continue
            names = (*action.form().fields, "reason.product", "pick.offer.987654", "pick.buyer.987654", "text.ru.0")
            for value in NASTY:
                if desk.press(name, **dict.fromkeys(names, value)).status_code >= 500:
                    broken.append((name, value))
    assert broken == []


def test_sections_answer_whatever_they_are_asked_for(desk: Desk, everything: dict[str, str]) -> None:
    """A search, a page or a filter that makes no sense shows something or is refused, and is never written back as HTML."""
    broken = []
    for code, entity in everything.items():
        desk.open(code, entity)
        for section in {one.name for shown in PAGES[code].sections.values() for one in shown}:
            for value in (*NASTY, "<script>alert(1)</script>"):
                answer = desk.part(section, **dict.fromkeys(ASKED, value))
                if answer.status_code >= 500 or "<script>alert" in answer.text:
                    broken.append((section, value))
    assert broken == []

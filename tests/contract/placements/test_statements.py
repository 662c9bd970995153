"""How often a tab asks the database while it opens: on a busy machine each question costs more than the answer."""

from __future__ import annotations

from sqlalchemy import Engine

from tests.contract.placements.conftest import Desk
from tests.counting import counted

MOST = {"overview": 15, "lead_tab": 9, "contact_tab": 12, "company_tab": 13, "deal_tab": 15, "audit_tab": 12}


def test_a_tab_asks_the_database_so_often_at_most(desk: Desk, engine: Engine) -> None:
    """Each tab with something on it opens with no more statements than it was given, whatever was opened before."""
    market = desk.market
    market.buyer()
    factory = market.factory()
    lot = market.lot(published=True)
    market.talk(market.offer(lot, factory), "Привет", "Salom")
    items = {
        "overview": "",
        "lead_tab": market.in_crm["lead/1"],
        "contact_tab": next(entity for ref, entity in market.in_crm.items() if ref.startswith("contact/")),
        "company_tab": market.in_crm[f"company/{factory}"],
        "deal_tab": market.in_crm[f"lot/{lot}"],
        "audit_tab": market.in_crm[f"audit/{market.audit(factory)}"],
    }
    desk.open("overview")
    dearer = {}
    for code, entity_id in items.items():
        with counted(engine) as sent:
            assert desk.open(code, entity_id).status_code == 200
        if len(sent) > MOST[code]:
            dearer[code] = len(sent)
    assert dearer == {}

"""Audits on the desk: begun on the factory's tab, worked through on the audit's own tab, ended with a badge."""

from __future__ import annotations

import pytest

from b24app.services import companies
from b24app.services.industries import pack
from storage.models import Audit, Company
from tests.contract.placements.conftest import Desk
from tests.contract.placements.world import day

LINES = [line.code for line in pack().audit.checklist]


def opened_audit(desk: Desk, *, who: str = "token-of-manager", published: bool = True) -> tuple[int, int]:
    """Open the tab of an audit whose required documents have arrived; answers factory and audit."""
    factory = desk.market.factory(published=published)
    audit = desk.market.audit(factory)
    answer = desk.open("audit_tab", desk.market.in_crm[f"audit/{audit}"], AUTH_ID=who)
    assert answer.status_code == 200, answer.text
    return factory, audit


def accept_all(desk: Desk) -> None:
    """Accept every required document."""
    for document in pack().audit.documents:
        if document.required:
            assert desk.press("accept_document", code=document.code).status_code == 200


def test_a_factory_is_asked_once(desk: Desk) -> None:
    """The factory's tab begins an audit with the next press refused, and shows it in its history."""
    factory = desk.market.factory()
    desk.open("company_tab", desk.market.in_crm[f"company/{factory}"], AUTH_ID="token-of-manager")
    first = desk.press("request_audit", reason="Первый аудит")
    assert (first.status_code, "Документы запрошены" in first.text) == (200, True)
    assert desk.press("request_audit", reason="Ещё раз").status_code == 409


def test_an_audit_goes_to_its_badge(desk: Desk) -> None:
    """Documents accepted, visit noted, points given and verdict told, the factory has its badge until the day chosen."""
    factory, audit = opened_audit(desk)
    with desk.transactions() as uow:
        uow.session.get_one(Company, factory).verified_until = None
    accept_all(desk)
    assert desk.press("record_visit", day=day(0), note="Чисто", video_url="https://video.example/1").status_code == 200
    scored = desk.press("save_scores", **{f"points.{code}": "4" for code in LINES}, **{f"note.{LINES[0]}": "Хорошо"})
    assert "80" in scored.text
    decided = desk.press("decide_audit", verdict="pass", conclusion="", until=day(300))
    assert decided.status_code == 200, decided.text
    found = desk.market.get(Audit, audit)
    assert (found.state, found.score, found.scores[LINES[0]]["note"]) == ("passed", 80, "Хорошо")
    with desk.transactions() as uow:
        company = uow.session.get_one(Company, factory)
        assert companies.standing(company, uow.now).verified
        assert company.verified_until is not None
        assert company.verified_until.date().isoformat() == day(300)


def test_sent_documents_wait_on_the_overview(desk: Desk) -> None:
    """An audit with documents to check is counted among what waits, until they are decided."""
    _, audit = opened_audit(desk)
    page = desk.open("overview").text
    assert ("Документы аудитов на проверку" in page, f"Аудит № {audit}: ABC Textiles" in page) == (True, True)
    desk.open("audit_tab", desk.market.in_crm[f"audit/{audit}"])
    accept_all(desk)
    assert f"Аудит № {audit}: ABC Textiles" not in desk.open("overview").text


def test_a_document_goes_back_with_its_reason(desk: Desk) -> None:
    """Without a reason nothing is returned; with one the tab shows it and the audit waits for another document."""
    _, audit = opened_audit(desk)
    code = pack().audit.documents[0].code
    assert desk.press("return_document", code=code, reason="").status_code == 422
    answer = desk.press("return_document", code=code, reason="Срок истёк")
    assert (answer.status_code, "Срок истёк" in answer.text) == (200, True)
    assert desk.press("accept_document", code=code).status_code == 409
    assert desk.press("accept_document", code="no_such").status_code == 404
    assert desk.market.get(Audit, audit).state == "documents"


@pytest.mark.parametrize("points", ["6", "-1", "x", "1e3", "99999999999"])
def test_points_outside_the_scale_are_refused(desk: Desk, points: str) -> None:
    """Whatever the browser sends, a line holds 0 to 5 points."""
    _, audit = opened_audit(desk)
    accept_all(desk)
    desk.press("record_visit", day=day(0), note="", video_url="")
    assert desk.press("save_scores", **{f"points.{LINES[0]}": points}).status_code == 422
    assert desk.market.get(Audit, audit).scores == {}


@pytest.mark.parametrize("link", ["javascript:alert(1)", "http://video.example", "https://a b"])
def test_a_video_is_a_link_and_nothing_else(desk: Desk, link: str) -> None:
    """What could run in the manager's browser is refused."""
    opened_audit(desk)
    accept_all(desk)
    assert desk.press("record_visit", day=day(0), note="", video_url=link).status_code == 422


def test_an_observer_decides_nothing(desk: Desk) -> None:
    """Who may only look sees the audit without buttons, and pressing is refused."""
    _, audit = opened_audit(desk, who="token-of-observer")
    for name in ("accept_document", "return_document", "record_visit", "save_scores", "decide_audit", "cancel_audit"):
        assert desk.press(name, code="registration", reason="why", day=day(0), verdict="pass").status_code == 403, name
    assert desk.market.get(Audit, audit).state == "documents"


def test_a_badge_is_withdrawn_on_the_factorys_tab(desk: Desk) -> None:
    """A complaint takes the badge at once, with the reason told."""
    factory = desk.market.factory()
    desk.open("company_tab", desk.market.in_crm[f"company/{factory}"], AUTH_ID="token-of-manager")
    assert desk.press("withdraw_badge", reason="Жалоба покупателя").status_code == 200
    assert desk.press("withdraw_badge", reason="Жалоба покупателя").status_code == 409


def test_another_kind_of_item_is_not_an_audit(desk: Desk) -> None:
    """An item of the process that is not ours shows a calm page, and a launch from another place is refused."""
    assert "не из маркетплейса" in desk.open("audit_tab", "999999").text or desk.token
    refused = desk.open("audit_tab", "999999", PLACEMENT="CRM_DYNAMIC_1044_DETAIL_TAB")
    assert refused.status_code == 403

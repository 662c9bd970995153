"""A page is opened only for whom the portal vouches, and tells strangers nothing."""

from __future__ import annotations

import logging
import time

import pytest
from sqlalchemy import select

from b24app.errors import Retryable
from storage.models import Portal as PortalRow
from tests.contract.placements.conftest import Desk, Somebody


def test_a_confirmed_visitor_gets_the_page(desk: Desk) -> None:
    """A launch whose token the portal confirms shows the page in the portal's language, with a token for its actions."""
    company = desk.market.buyer(accepted=False)
    answer = desk.open("lead_tab", desk.market.in_crm[f"lead/{company}"])
    assert (answer.status_code, bool(desk.token)) == (200, True)
    assert "Анкета" in answer.text
    assert "ООО «Северный стиль»" in answer.text


def test_the_portal_is_asked_about_the_very_item(desk: Desk) -> None:
    """The portal confirms the visitor for the item of the launch, whose type follows from the widget, not from the form."""
    desk.open("deal_tab", "77")
    (asked,) = desk.portal.asked
    assert (asked.access_token, asked.entity_type_id, asked.entity_id) == ("token-of-admin", 2, "77")


@pytest.mark.parametrize(
    ("code", "changes"),
    [
        ("deal_tab", {"AUTH_ID": "forged"}),
        ("deal_tab", {"AUTH_ID": "token-of-stranger"}),
        ("deal_tab", {"APPLICATION_TOKEN": "guessed"}),
        ("deal_tab", {"member_id": "another"}),
        ("deal_tab", {"PLACEMENT": "CRM_LEAD_DETAIL_TAB"}),
        ("deal_tab", {"PLACEMENT_OPTIONS": "[1, 2"}),
        ("deal_tab", {"PLACEMENT_OPTIONS": '{"ID":' * 20_000}),
        ("deal_tab", {"PLACEMENT_OPTIONS": '{"ID": "7 OR 1=1"}'}),
        ("deal_tab", {"PLACEMENT_OPTIONS": ""}),
        ("deal_tab", {"AUTH_ID": ""}),
        ("deal_tab", {"secret": "guessed"}),
        ("deal_tab", {"secret": "app"}),
        ("overview", {"AUTH_ID": "forged"}),
    ],
)
def test_anything_less_is_refused(
    desk: Desk, code: str, changes: dict[str, str], caplog: pytest.LogCaptureFixture
) -> None:
    """A launch that lacks one of its proofs gets a polite page, no token, and leaves no secret in the log."""
    with caplog.at_level(logging.DEBUG):
        answer = desk.open(code, "77" if code == "deal_tab" else "", **changes)
    assert (answer.status_code, desk.token) == (403, "")
    assert "Эта страница вам недоступна" in answer.text
    assert not any(value in caplog.text for value in changes.values() if len(value) > 5)


def test_strangers_are_not_asked_about_at_the_portal(desk: Desk) -> None:
    """A launch under a wrong path or application token costs no call to the portal."""
    desk.open("deal_tab", "77", secret="guessed")
    desk.open("deal_tab", "77", APPLICATION_TOKEN="guessed")
    assert desk.portal.asked == []


def test_the_applications_own_page_needs_no_secret_path(desk: Desk) -> None:
    """The address written into the form of the local application opens the overview for a confirmed visitor."""
    answer = desk.open("overview", secret="app", PLACEMENT="DEFAULT")
    assert answer.status_code == 200
    assert "Что ждёт вас" in answer.text


@pytest.mark.parametrize("state", ["suspended", "removed"])
def test_an_uninstalled_application_shows_nothing(desk: Desk, state: str) -> None:
    """After the application was removed its pages stay shut, whoever asks."""
    with desk.transactions() as uow:
        uow.session.query(PortalRow).update({"state": state})
    answer = desk.open("overview")
    assert answer.status_code == 403
    assert "не установлено" in answer.text


def test_a_silent_portal_is_said_so(desk: Desk) -> None:
    """When the portal does not answer, the visitor is told to come back and nothing is trusted."""
    desk.portal.down = Retryable("no answer")
    answer = desk.open("overview")
    assert (answer.status_code, desk.token) == (503, "")
    assert "Битрикс24 не отвечает" in answer.text


def test_only_the_portal_may_frame_a_page(desk: Desk) -> None:
    """Every answer names the portal as its only frame ancestor and allows no inline script."""
    for answer in (desk.open("overview"), desk.part("health"), desk.press("unknown")):
        policy = answer.headers["Content-Security-Policy"]
        assert "frame-ancestors https://portal.example" in policy
        assert "script-src 'self';" in policy
        assert "X-Frame-Options" not in answer.headers
        assert answer.headers["Cache-Control"] == "no-store"
        assert "Set-Cookie" not in answer.headers


def test_pages_hold_no_inline_script_or_style(desk: Desk) -> None:
    """What the policy forbids is not in the pages either, so that nothing breaks silently."""
    company = desk.market.buyer(accepted=False)
    pages = desk.open("lead_tab", desk.market.in_crm[f"lead/{company}"]).text + desk.open("overview").text
    assert pages.count("<script") == 2
    assert not any(mark in pages for mark in (" style=", "onclick=", "javascript:", "<style"))


def test_hostile_answers_stay_text(desk: Desk) -> None:
    """Markup in an answer is shown as it was typed."""
    factory = desk.market.factory(name="<img src=x onerror=alert(1)>", published=False)
    page = desk.open("company_tab", desk.market.in_crm[f"company/{factory}"]).text
    assert "<img" not in page
    assert "&lt;img src=x" in page


def test_a_renewed_token_works_and_belongs_to_the_same_visitor(desk: Desk) -> None:
    """A page that was open long gets a fresh token for the same visitor, and nobody else's."""
    desk.open("overview", AUTH_ID="token-of-manager")
    headers = {"X-Page-Token": desk.token}
    renewed = desk.client.post("/placements/renew", data={"access_token": "token-of-manager"}, headers=headers)
    other = desk.client.post("/placements/renew", data={"access_token": "token-of-admin"}, headers=headers)
    forged = desk.client.post("/placements/renew", data={"access_token": "forged"}, headers=headers)
    assert (renewed.status_code, other.status_code, forged.status_code) == (200, 403, 403)
    desk.token = renewed.json["token"] if renewed.json else ""
    assert desk.part("health").status_code == 200


def test_a_dismissed_employee_is_not_renewed(desk: Desk) -> None:
    """Who may no longer read the item gets no further token for it."""
    desk.open("deal_tab", "77", AUTH_ID="token-of-manager")
    desk.portal.known["token-of-manager"] = Somebody("7", "Пётр", False, can_read=False)
    answer = desk.client.post(
        "/placements/renew", data={"access_token": "token-of-manager"}, headers={"X-Page-Token": desk.token}
    )
    assert answer.status_code == 403


def test_an_old_token_is_told_from_a_forged_one(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """A token that ran out answers 401 so that the page renews it; one that is not ours answers 403."""
    desk.open("overview")
    assert desk.client.get("/placements/part/health", headers={"X-Page-Token": desk.token + "x"}).status_code == 403
    later = time.time() + 3600
    monkeypatch.setattr("itsdangerous.timed.time.time", lambda: later)
    assert desk.part("health").status_code == 401


def test_a_visitors_look_is_his_own(desk: Desk) -> None:
    """Language and theme are remembered for each visitor and beat the portal's language."""
    desk.open("overview", AUTH_ID="token-of-observer")
    desk.press("choose_look", language="uz", theme="dark")
    mine = desk.open("overview", AUTH_ID="token-of-observer").text
    others = desk.open("overview").text
    assert ('<html lang="uz" data-theme="dark">' in mine, "Sizni nimalar kutmoqda" in mine) == (True, True)
    assert '<html lang="ru" data-theme="light">' in others


def test_the_owners_page_leaves_a_spare_token_and_no_other_does(desk: Desk) -> None:
    """What a page of the owner brings is kept sealed, once an hour; what others' pages bring is not."""
    with desk.transactions() as uow:
        uow.session.query(PortalRow).update({"owner_user_id": "1"})
    desk.open("overview", AUTH_ID="token-of-manager", REFRESH_ID="his")
    assert _spare(desk) is None
    desk.open("overview", REFRESH_ID="first")
    desk.open("overview", REFRESH_ID="second")
    assert _spare(desk) == "first"


def _spare(desk: Desk) -> str | None:
    with desk.transactions() as uow:
        return uow.session.scalars(select(PortalRow.spare_token)).one()

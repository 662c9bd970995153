"""Who may do what: the whole matrix of roles and actions, and pages that may not be mixed up."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from itertools import groupby
from typing import Any

import pytest
from sqlalchemy import select

from b24app.domain import roles
from b24app.services import people, reviews
from b24app.services import settings as stored
from placements import exports, rights
from placements.actions import ACTIONS
from placements.registry import PAGES
from placements.subjects import Subject
from storage.models import Message, Order
from tests.contract.placements.conftest import Desk
from tests.databases import RewindableDatabase

TOKENS = {
    "observer": "token-of-observer",
    "moderator": "token-of-moderator",
    "manager": "token-of-manager",
    "admin": "token-of-admin",
}


def test_every_action_has_its_row() -> None:
    """No action can be pressed that the table of rights does not name, and the table names no other."""
    assert {*ACTIONS, exports.ACTION} == set(rights.ALLOWED)


def test_every_action_refreshes_sections_that_exist() -> None:
    """What an action shows anew is on each page where it can be pressed."""
    for name, action in ACTIONS.items():
        for code in action.pages:
            known = {section.name for sections in PAGES[code].sections.values() for section in sections}
            assert known & set(action.refreshes), (name, code)


@pytest.mark.parametrize("role", sorted(TOKENS.keys() - {"admin"}))
def test_what_a_role_may_not_do_is_refused(desk: Desk, rewindable_database: RewindableDatabase, role: str) -> None:
    """Each denial of the matrix answers 403 in words, even before the form is read, and changes nothing."""
    denied = [name for name in ACTIONS if role not in rights.ALLOWED[name]]
    assert denied
    for code, names in _by_page(denied, lambda name: ACTIONS[name].pages[0]):
        desk.open(code, "" if code == "overview" else "77", AUTH_ID=TOKENS[role])
        before = rewindable_database.contents().rows
        for name in names:
            answer = desk.press(name, element="do-it")
            assert (name, answer.status_code) == (name, 403)
            assert 'id="do-it-error"' in answer.text
            assert "not allowed" not in answer.text
        assert rewindable_database.contents().rows == before


def test_an_action_works_only_on_its_page(desk: Desk, rewindable_database: RewindableDatabase) -> None:
    """A token of one widget opens no action of another, not even for an administrator, and changes nothing."""
    for code, names in _by_page(ACTIONS, lambda name: next(code for code in PAGES if code not in ACTIONS[name].pages)):
        desk.open(code, "" if code == "overview" else "77")
        before = rewindable_database.contents().rows
        for name in names:
            assert (name, desk.press(name).status_code) == (name, 404)
        assert rewindable_database.contents().rows == before


def test_a_token_that_ran_out_does_nothing(
    desk: Desk, rewindable_database: RewindableDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever is pressed with a page token that ran out answers 401, with one that is not ours 403, and nothing changes."""
    for code, names in _by_page(ACTIONS, lambda name: ACTIONS[name].pages[0]):
        desk.open(code, "" if code == "overview" else "77")
        before = rewindable_database.contents().rows
        later = time.time() + 3600
        with monkeypatch.context() as clock:
            clock.setattr("itsdangerous.timed.time.time", lambda later=later: later)
            for name in names:
                assert (name, desk.press(name).status_code) == (name, 401)
        desk.token = desk.token[:-1] + ("A" if desk.token[-1] != "A" else "Q")
        assert {desk.press(name).status_code for name in names} == {403}
        assert rewindable_database.contents().rows == before


def test_what_belongs_to_another_item_cannot_be_touched(desk: Desk, rewindable_database: RewindableDatabase) -> None:
    """Every id that a form names belongs to the item of the page: with another item's page token it is not found."""
    market, key = desk.market, "k" * 20
    buyer, factory = market.buyer(), market.factory()
    lot, other = market.lot(published=True), market.lot(published=True, client_key="lot-2")
    offer = market.offer(other, factory)
    talk = market.talk(offer, "+998 90 123 45 67")
    won = market.offer(lot, factory)
    market.talk(won)
    order, second = market.award(won), market.award(offer)
    with desk.transactions() as uow:
        uow.session.get_one(Order, order).state = "shipped"
        person = people.members_of(uow, buyer)[0]
        review = reviews.give(uow, person, order, 5, "").id
        message = uow.session.scalars(select(Message.id).where(Message.conversation_id == talk)).first()
    spoken = {"conversation_id": talk, "key": key, "side": "both"}
    deal: dict[str, dict[str, Any]] = {
        **{name: {"offer_id": offer, "reason": "price"} for name in ("allow_offer", "decline_offer", "award_offer")},
        **{name: {"message_id": message} for name in ("release_message", "translate")},
        "release_conversation": spoken,
        "set_conversation": {**spoken, "state": "closed"},
        "say": {**spoken, "text": "a"},
        "send_card": {**spoken, "card": "lot"},
        "use_template": {**spoken, "template_id": 1},
        "send_invoice": spoken,
        "send_invoice_again": {**spoken, "invoice_id": 1},
        "propose_meeting": {**spoken, "slot.0": "2030-01-01T10:00"},
        "withdraw_meeting": {**spoken, "meeting_id": 1},
        "bring_colleague": {**spoken, "user_id": "8"},
        "set_progress": {"step": "cutting", "percent": 10},
    }
    stranger: dict[str, dict[str, Any]] = {"begin_conversation": {"person_id": person.id}}
    review_of_another: dict[str, dict[str, Any]] = {
        "decide_review": {"review_id": review, "publish": "true"},
        "decide_reply": {"reply_id": 1, "publish": "true"},
    }
    answered = {"company_id": buyer, "approve": "true", "seen_at": "2030-01-01T00:00:00+00:00", "reason.website": "?"}
    of_another: dict[str, dict[str, Any]] = dict.fromkeys(
        ("approve_company", "return_company", "decide_change"), answered
    )
    market.contact(factory)
    with desk.transactions() as uow:
        contact = f"contact/{people.members_of(uow, factory)[0].id}"
    pages = (
        ("contact_tab", contact, of_another),
        ("company_tab", f"company/{factory}", of_another),
        ("deal_tab", f"lot/{lot}", deal),
        ("deal_tab", f"order/{second}", review_of_another),
        ("company_button", f"company/{factory}", stranger),
    )
    for code, ref, forms in pages:
        desk.open(code, market.in_crm[ref])
        before = rewindable_database.contents().rows
        for name, form in forms.items():
            assert (name, desk.press(name, **form).status_code) == (name, 404)
        assert rewindable_database.contents().rows == before


def _by_page(names: Iterable[str], page: Callable[[str], str]) -> list[tuple[str, list[str]]]:
    return [(code, list(some)) for code, some in groupby(sorted(names, key=page), page)]


def test_a_manager_is_whom_the_administrator_named(desk: Desk) -> None:
    """The role follows the settings at once, also for a page that is already open."""
    company = desk.market.buyer(accepted=False)
    desk.open("lead_tab", desk.market.in_crm[f"lead/{company}"], AUTH_ID="token-of-manager")
    with desk.transactions() as uow:
        stored.put(uow, "responsible_ids", "", "user/1")
    assert desk.press("approve_company").status_code == 403


def test_an_observer_sees_no_buttons(desk: Desk) -> None:
    """Who may decide nothing is told so and is offered nothing to press."""
    company = desk.market.buyer(accepted=False)
    page = desk.open("lead_tab", desk.market.in_crm[f"lead/{company}"], AUTH_ID="token-of-observer").text
    assert "не принимать решений" in page
    assert "/placements/act/" not in page


def test_an_offer_of_another_lot_cannot_be_decided(desk: Desk) -> None:
    """The id in the form must belong to the item of the page."""
    desk.market.buyer()
    factory = desk.market.factory()
    lot = desk.market.lot(published=True)
    other = desk.market.lot(published=True, client_key="lot-2")
    offer = desk.market.offer(other, factory)
    desk.open("deal_tab", desk.market.in_crm[f"lot/{lot}"])
    assert desk.press("allow_offer", offer_id=offer).status_code == 404


def test_foreign_items_offer_nothing(desk: Desk) -> None:
    """A deal, lead, contact or company that is not ours shows a quiet page, and no action finds a subject there."""
    for code in ("deal_tab", "lead_tab", "contact_tab", "company_tab"):
        page = desk.open(code, "424242").text
        assert "Здесь нет ничего от маркетплейса" in page
        assert "/placements/act/" not in page
    desk.open("deal_tab", "424242")
    assert desk.press("approve_lot").status_code == 404


@pytest.mark.parametrize(
    ("user_id", "is_admin", "expected"),
    [
        ("1", True, "admin"),
        ("2", False, "admin"),
        ("7", False, "manager"),
        ("8", False, "moderator"),
        ("77", False, "observer"),
        ("", False, "observer"),
    ],
)
def test_roles(user_id: str, is_admin: bool, expected: str) -> None:
    """Administrators of the portal may everything, named employees what their highest role allows, everybody else looks."""
    named = {"admins": ["2", "7777"], "managers": ["7", "2"], "moderators": ["8", "7"]}
    assert roles.role_of(user_id, is_admin=is_admin, **named) == expected


def test_unknown_sections_are_not_found(desk: Desk) -> None:
    """A section of another page is not served."""
    desk.open("overview")
    assert desk.part("moderation").status_code == 404
    assert PAGES["overview"].section(Subject(), "moderation") is None

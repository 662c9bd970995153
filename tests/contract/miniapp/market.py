"""A market with everybody in it, contacts planted everywhere, and ways to walk all of the Mini App with it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask import Flask
from marshmallow import fields
from marshmallow.validate import OneOf

from b24app.services import (
    colleagues,
    companies,
    lot_changes,
    meeting_cards,
    meetings,
    messages,
    offers,
    orders,
    people,
)
from b24app.services.meetings import Wish
from b24app.services.spoken import Spoken
from storage.models import Conversation, Lot, Person, Review
from storage.unit_of_work import UnitOfWork
from tests import factories

PLANTED = ("northern style", "northern-style", "petrov", "1234567", "123-45-67", "tverskaya", "secretuser")
SPOKEN = "Northern Style, call +7 900 123-45-67 or northern-style.ru, @secretuser, ask for Petrov"


@dataclass
class Market:
    """Everybody, and the numbers of what belongs to Ivan and ABC Textiles."""

    people: dict[str, Person]
    ids: dict[str, int]


def _change(uow: UnitOfWork, ivan: Person, lot: Lot) -> None:
    """Let a change of the lot be published and another one wait, both of which tell who asks."""
    lot_changes.revise(uow, ivan, lot.id, {**lot.fields, "logistics": SPOKEN})
    lot_changes.publish(uow, lot.id, "user/1")
    lot_changes.revise(uow, ivan, lot.id, {**lot.fields, "place": SPOKEN[:80]})


def open_market(uow: UnitOfWork) -> Market:
    """A reviewed order, a second lot still open with a conversation, a team, strangers of both kinds, a newcomer; contacts planted."""
    ivan, buying = factories.buyer(uow)
    ivan.username = "secretuser"
    until = uow.now.date() + timedelta(days=30)
    companies.grant(uow, buying.id, "catalogue_access", until, reason="paid", actor="user/1")
    abc, company = factories.factory(uow)
    link = colleagues.invite(uow, abc, company, "production")
    worker = people.meet(uow, telegram_id="3001", chat_id="3001", first_name="Laylo")
    people.choose_language(uow, worker, "uz")
    colleagues.join(uow, worker, link.id)
    seller = people.meet(uow, telegram_id="3002", chat_id="3002", first_name="Timur")
    people.choose_language(uow, seller, "uz")
    colleagues.join(uow, seller, colleagues.invite(uow, abc, company, "sales").id)
    own: dict[str, Any] = {"email": "anna@other.example", "website": "other.example", "phone": "+998 90 000 00 01"}
    other_buyer, _ = factories.buyer(
        uow, "1002", company="Other", full_name="Anna Smirnova", legal_address="Samarkand, Registan 1", **own
    )
    other_factory, _ = factories.factory(uow, "2002", company="Other factory")
    ordered = factories.lot(uow, ivan, packaging=SPOKEN, requirements_note=SPOKEN, place="Petrov")
    won = factories.offer(uow, abc, ordered)
    offers.allow(uow, won.id, "user/1")
    order = offers.award(uow, ivan, won.id)
    orders.report(uow, abc, order.id, step="fabric")
    # Written straight into the table: the order stays one that is being made, as every other door is to find it.
    review = Review(order_id=order.id, side="buyer", company_id=company.id, person_id=ivan.id, stars=5, text="Good")
    review.state, review.marks, review.given_at = "published", {}, uow.now
    uow.session.add(review)
    uow.session.flush()
    lot = factories.lot(uow, ivan, key="key-2", packaging=SPOKEN, requirements_note=SPOKEN)
    offer = factories.offer(uow, abc, lot)
    thread = offers.allow(uow, offer.id, "user/1")
    messages.say(uow, ivan, thread, Spoken(kind="text", text=SPOKEN, source_key="1001:1"))
    _change(uow, ivan, lot)
    everybody = {
        "newcomer": factories.person(uow, "9"),
        "unapproved": factories.buyer(uow, "1003", company="Third", accepted=False)[0],
        "buyer": ivan,
        "factory": abc,
        "sales": seller,
        "production": worker,
        "other buyer": other_buyer,
        "other factory": other_factory,
    }
    open_link = colleagues.invite(uow, abc, company, "sales")
    ids = {
        "lot_id": lot.id,
        "offer_id": offer.id,
        "order_id": order.id,
        "conversation_id": thread.id,
        "company_id": company.id,
        "factory_id": company.id,
        "number": lot.number,
        "link_id": open_link.id,
        "person_id": worker.id,
        "review_id": review.id,
        **_meeting(uow, thread),
    }
    return Market(everybody, ids)


def _meeting(uow: UnitOfWork, thread: Conversation) -> dict[str, int]:
    """Propose one time to both sides of a conversation; gives the numbers that a press of it names."""
    day = (uow.now + timedelta(days=3)).replace(hour=10, minute=0, second=0, microsecond=0, tzinfo=None)
    wish = Wish(subject="Samples", link="", zone="Asia/Tashkent", minutes=30, locals=[day], side="both")
    meeting = meetings.propose(uow, thread, wish, user_id="7", key="press-1", language="en")
    return {"meeting_id": meeting.id, "slot_id": next(iter(meeting_cards.slots_of(uow, meeting.id)))}


def screens(web: Flask, ids: dict[str, int]) -> Iterator[str]:
    """Give the address of every screen, with the numbers filled in."""
    for rule in web.url_map.iter_rules():
        if "GET" in (rule.methods or set()) and rule.rule.startswith("/app/"):
            path = re.sub(r"<int:(\w+)>", lambda found: str(ids.get(found[1], 1)), rule.rule)
            yield path.replace("<name>", "lot").replace("<step>", "product")


def filled(form: Any, ids: dict[str, int]) -> dict[str, str]:
    """Fill a form with somebody else's numbers and values that pass its own checks."""
    values = {}
    for name, field in form.fields.items():
        choices = [rule.choices for rule in field.validators if isinstance(rule, OneOf)]
        if name in ids:
            values[name] = str(ids[name])
        elif choices:
            values[name] = str(next(iter(choices[0])))
        elif isinstance(field, fields.Date):
            values[name] = "2027-01-31"
        elif isinstance(field, fields.Boolean):
            values[name] = "true"
        elif isinstance(field, fields.Integer) and field.required:
            values[name] = "1"
        elif isinstance(field, fields.String):
            values[name] = "fabric" if name == "step" else "somewords"
    return values

"""Robot `send_telegram`: writes to the people of a lot, an order or a lead, each in their own language."""

from __future__ import annotations

import re
from functools import partial

from sqlalchemy import select

from b24app.errors import InvalidInput, InvalidState
from b24app.i18n import Texts
from b24app.services import notices, portals
from robots import subjects
from robots.contract import Answer, RobotCall
from storage.models import Company, Lot, Offer
from storage.unit_of_work import UnitOfWork

LONGEST = 3500
_PLACE = re.compile(r"\{(\w+)\}")
_OPEN_OFFERS = ("allowed", "awarded")


def run(
    uow: UnitOfWork, call: RobotCall, *, to: str = "buyer", text_ru: str, text_uz: str = "", text_en: str = ""
) -> Answer:
    """Send the text in each person's language (Russian where theirs is empty) to the `buyer`, the `factory` or `both`.

    Places that are filled: `{lot_number}`, `{company}`. People who blocked the bot are left out.
    """
    if to not in {"buyer", "factory", "both"}:
        raise InvalidInput(fields={"to": ["buyer, factory, both"]})
    written = {"ru": text_ru, "uz": text_uz, "en": text_en}
    if any(len(text) > LONGEST for text in written.values()):
        raise InvalidState("The text is longer than {limit} characters.", limit=LONGEST)
    companies = _companies(uow, call, to)
    if not companies:
        raise InvalidState("There is nobody to write to: no factory may talk to the buyer yet.")
    lot = subjects.lot_of(uow, call) if call.kind in {"lot", "order"} else None
    count = 0
    for company in companies:
        say = partial(_said, written, company, lot)
        count += notices.tell_company(uow, company.id, say, key=f"robot:{call.event_token}:company/{company.id}")
    t = portals.speech(uow)
    if not count:
        return Answer({"people_count": 0}, t("Nobody could be written to: the bot is blocked."))
    return Answer({"people_count": count}, t.tn("Written to {count} person.", "Written to {count} people.", count))


def _companies(uow: UnitOfWork, call: RobotCall, to: str) -> list[Company]:
    if call.kind == "lead":
        if to == "factory":
            raise InvalidState("A lead has no factory.")
        return [uow.session.get_one(Company, call.subject_id)]
    lot, order = subjects.lot_of(uow, call), subjects.order_of(uow, call)
    ids = [] if to == "factory" else [lot.company_id]
    if to != "buyer":
        ids += [order.company_id] if order else _talking(uow, lot)
    return [uow.session.get_one(Company, company_id) for company_id in ids]


def _talking(uow: UnitOfWork, lot: Lot) -> list[int]:
    found = select(Offer.company_id).where(Offer.lot_id == lot.id, Offer.state.in_(_OPEN_OFFERS)).order_by(Offer.id)
    return list(uow.session.scalars(found))


def _said(written: dict[str, str], company: Company, lot: Lot | None, t: Texts) -> notices.Said:
    values = {"company": company.name, "lot_number": str(lot.number) if lot else ""}
    text = written[t.language] or written["ru"]
    return notices.escaped(_PLACE.sub(lambda place: values.get(place[1], place[0]), text)), []

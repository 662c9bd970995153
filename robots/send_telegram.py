"""Robot `send_telegram`: writes to the people of a card, each in their own language, with a button and a file if the rule has them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import partial

from b24app.domain.messages import kind_by_content
from b24app.errors import InvalidInput, InvalidState
from b24app.i18n import Texts
from b24app.services import notices, people, portals, reply_templates, rule_files, screens
from robots import addressees, subjects
from robots.contract import Answer, RobotCall
from storage.models import Company, File, Lot, Order, Person
from storage.unit_of_work import UnitOfWork

LONGEST = 3500
BUTTONS = ("none", "item", "home")
_PLACE = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True)
class Letter:
    """What is written: `words` by language, `button` one of BUTTONS, the item it is about, the file that goes with it."""

    event_token: str
    words: dict[str, str]
    button: str
    kind: str
    lot: Lot | None
    order: Order | None
    enclosed: File | None


def run(
    uow: UnitOfWork,
    call: RobotCall,
    *,
    to: str = "buyer",
    text_ru: str,
    text_uz: str = "",
    text_en: str = "",
    button: str = "none",
    file: str = "",
) -> Answer:
    """Send the text in each person's language (Russian where theirs is empty) to the people that `to` names, see `addressees`.

    Places that are filled: `{lot_number}`, `{quantity}`, `{deadline}`, `{company}`, `{name}`. `button` opens a screen of the Mini App,
    `file` is the number of a file given on the settings page. People who blocked the bot are left out.
    """
    if to not in addressees.SIDES:
        raise InvalidInput(fields={"to": [", ".join(addressees.SIDES)]})
    if button not in BUTTONS:
        raise InvalidInput(fields={"button": [", ".join(BUTTONS)]})
    written = {"ru": text_ru, "uz": text_uz, "en": text_en}
    if any(len(text) > LONGEST for text in written.values()):
        raise InvalidState("The text is longer than {limit} characters.", limit=LONGEST)
    enclosed = rule_files.get(uow, file) if file else None
    lot = subjects.lot_of(uow, call) if call.kind in {"lot", "order"} else None
    letter = Letter(call.event_token, written, button, call.kind, lot, subjects.order_of(uow, call), enclosed)
    found = addressees.of_call(uow, call, to)
    count = sum(_write(uow, letter, company, person) for company, person in found)
    t = portals.speech(uow)
    if not count:
        return Answer({"people_count": 0}, t("Nobody could be written to: the bot is blocked."))
    return Answer({"people_count": count}, t.tn("Written to {count} person.", "Written to {count} people.", count))


def _write(uow: UnitOfWork, letter: Letter, company: Company | None, person: Person) -> int:
    if person.state != "active":
        return 0
    key = f"robot:{letter.event_token}:company/{company.id if company else 0}"
    notices.tell(uow, person, partial(_said, letter, company, person), key=key)
    if letter.enclosed is not None:
        kind = kind_by_content(letter.enclosed.mime)
        notices.tell_file(uow, person, letter.enclosed.id, kind, key=f"{key}:file")
    return 1


def _said(letter: Letter, company: Company | None, person: Person, t: Texts) -> notices.Said:
    numbers = reply_templates.lot_values(letter.lot, t)
    values = {
        "company": company.name if company else "",
        "name": people.name_of(person),
        "lot_number": numbers["lot"],
        "quantity": numbers["quantity"],
        "deadline": numbers["deadline"],
    }
    text = letter.words[t.language] or letter.words["ru"]
    said = notices.escaped(_PLACE.sub(lambda place: values.get(place[1], place[0]), text))
    return said, _buttons(letter, company, t)


def _buttons(letter: Letter, company: Company | None, t: Texts) -> notices.Buttons:
    if letter.button == "none":
        return []
    if letter.button == "item" and letter.order is not None:
        return [[screens.opening(t("Open the order"), screens.order_path(letter.order.id))]]
    if letter.button == "item" and letter.lot is not None:
        own = company is not None and company.id == letter.lot.company_id
        path = screens.lot_path(letter.lot.id) if own else screens.tender_path(letter.lot.id)
        return [[screens.opening(t("Open the lot"), path)]]
    if letter.button == "item" and letter.kind == "audit":
        return [[screens.opening(t("Send documents"), screens.AUDIT)]]
    return [[screens.opening(t("Open"), screens.HOME)]]

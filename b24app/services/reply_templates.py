"""Templates of managers: keeping them, and saying one in a conversation, each side in its own language.

Called by the desk and by `messages` (an operator's `#template …`). Sends what `messages` sends. Errors: NotFound, InvalidInput.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select

from b24app.domain.markup import escape_codes
from b24app.domain.reply_templates import LONGEST, chosen_text, filled, unknown_fields
from b24app.errors import InvalidInput, NotFound
from b24app.i18n import LANGUAGES, Texts, texts_in_zone
from b24app.services import audit, conversations, lot_views, people, staff
from b24app.services.industries import pack
from storage.models import Company, Conversation, Lot, Person, ReplyTemplate
from storage.unit_of_work import UnitOfWork

SIDES = ("buyer", "factory")


@dataclass(frozen=True)
class Rendering:
    """A template as one side would read it; `side` is both when the two sides read the same."""

    side: str
    language: str
    text: str


def every(uow: UnitOfWork) -> Sequence[ReplyTemplate]:
    """Give all templates by name."""
    return uow.session.scalars(select(ReplyTemplate).order_by(func.lower(ReplyTemplate.name), ReplyTemplate.id)).all()


def get(uow: UnitOfWork, template_id: int) -> ReplyTemplate:
    """Find a template. NotFound."""
    found = uow.session.get(ReplyTemplate, template_id)
    if found is None:
        raise NotFound("This template is not there any more.", code="template")
    return found


def named(uow: UnitOfWork, name: str) -> ReplyTemplate:
    """Find a template by its name in any case of letters. NotFound."""
    query = select(ReplyTemplate).where(func.lower(ReplyTemplate.name) == name.lower()).order_by(ReplyTemplate.id)
    found = uow.session.scalars(query).first()
    if found is None:
        raise NotFound("There is no template “{name}”.", code="template", name=name)
    return found


def save(uow: UnitOfWork, template_id: int | None, name: str, words: Mapping[str, str], actor: str) -> ReplyTemplate:
    """Keep a new template or change one. InvalidInput: no text at all, an unknown field in braces, too long."""
    if not any(words.get(code) for code in LANGUAGES):
        raise InvalidInput("Write the text in at least one language.", code="template")
    for text in words.values():
        if unknown := unknown_fields(text):
            raise InvalidInput("There is no such field: {field}.", code="template", field=f"{{{unknown[0]}}}")
        if len(text) > LONGEST:
            raise InvalidInput("This text is too long.", code="text_too_long")
    template = get(uow, template_id) if template_id else ReplyTemplate()
    template.name = name
    template.text_ru, template.text_uz, template.text_en = (words.get(code, "") for code in LANGUAGES)
    template.changed_by, template.changed_at = actor, uow.now
    uow.session.add(template)
    uow.session.flush()
    audit.record(uow, actor, "template_saved", f"template/{template.id}")
    return template


def remove(uow: UnitOfWork, template_id: int, actor: str) -> None:
    """Take a template away; what was said with it stays said."""
    uow.session.delete(get(uow, template_id))
    audit.record(uow, actor, "template_removed", f"template/{template_id}")


def renderings(uow: UnitOfWork, conversation: Conversation, template: ReplyTemplate, side: str) -> list[Rendering]:
    """Give what each addressed side would read, in its own language with its own names; one when both read the same."""
    words = {"ru": template.text_ru, "uz": template.text_uz, "en": template.text_en}
    found = []
    for one in SIDES if side == "both" and conversation.kind != "help" else (side,):
        reader = next(iter(conversations.people_on(uow, conversation, one)), None)
        language = people.language_of(reader) if reader else "ru"
        text = filled(chosen_text(words, language), _values(uow, conversation, reader, one, language))
        found.append(Rendering(one, language, text))
    if len(found) == 2 and found[0].text == found[1].text:
        return [Rendering("both", found[0].language, found[0].text)]
    return found


def _values(
    uow: UnitOfWork, conversation: Conversation, reader: Person | None, side: str, language: str
) -> dict[str, str]:
    t = texts_in_zone(language, reader.zone if reader else staff.zone(uow))
    lot = uow.session.get(Lot, conversation.lot_id) if conversation.lot_id else None
    company_id = conversation.factory_company_id if side == "factory" else conversation.buyer_company_id
    company = uow.session.get(Company, company_id) if company_id else None
    if company is None and reader is not None and reader.active_role:
        company = people.company_of(uow, reader)
    values = {
        "name": people.name_of(reader) if reader else "",
        "company": company.name if company else "",
        "lot_card": _lot_card(uow, lot, language) if lot else "",
        **lot_values(lot, t),
    }
    return {name: escape_codes(value) for name, value in values.items()}


def lot_values(lot: Lot | None, t: Texts) -> dict[str, str]:
    """Give the number, the quantity and the deadline of a lot as a reader sees them; empty texts without a lot."""
    return {
        "lot": str(lot.number) if lot and lot.number else "",
        "quantity": f"{t.number(lot.quantity)} {pack().named('units', lot.unit, t.language)}" if lot else "",
        "deadline": t.date(lot.respond_by) if lot and lot.respond_by else "",
    }


def _lot_card(uow: UnitOfWork, lot: Lot, language: str) -> str:
    """Give a lot in words as factories see it, an answer a line."""
    view = lot_views.public_view(lot, language, lot_views.hidden_names(uow, lot))
    return "\n".join(f"{label}: {value}" for _, label, value in view.rows)

"""Cards that a manager sends into a conversation: the factory for the buyer, the buyer for the factory, the lot for both.

In a help conversation there is no other side: a buyer can be sent his lots and the factories he dealt with, a factory what suits it.

Called by the desk, by `message_copies` and the Mini App for the button under a card. A card is a message in the reader's language; it
holds no contacts, and before the contract nothing that a buyer wrote in words of his own. Sends nothing itself. Errors: NotFound.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import or_, select

from b24app.domain.industries import Kind
from b24app.domain.markup import escape_codes
from b24app.errors import NotFound
from b24app.i18n import Texts, texts
from b24app.services import catalogue, conversations, lot_views, lots, matching, people, relations, screens, showcase
from b24app.services.forms import shown
from b24app.services.industries import pack
from storage.models import CatalogueEntry, Company, Conversation, Lot, Member, Message, Person
from storage.unit_of_work import UnitOfWork

_CHOSEN = frozenset({Kind.CHOICE, Kind.CHOICES, Kind.NUMBER, Kind.INTEGER, Kind.BOOL})
"""Answers that are picked or counted: nobody can be known by them."""
MOST_IN_HELP = 3
Rows = list[tuple[str, str]]


@dataclass(frozen=True, kw_only=True)
class Card:
    """One card for one side: `subject` is what it shows (`company/12`, `lot/5`), `text` BB codes in the reader's language."""

    side: str
    subject: str
    language: str
    text: str


def offered(uow: UnitOfWork, conversation: Conversation) -> dict[str, list[Card]]:
    """Give every card that can be sent in a conversation, by its name: factory, buyer, lot."""
    if conversation.kind == "help":
        return {card.subject: [card] for card in _in_help(uow, conversation)}
    found = {name: make(uow, conversation) for name, make in _CARDS.items()}
    return {name: cards for name, cards in found.items() if cards}


def named(uow: UnitOfWork, conversation: Conversation, name: str) -> list[Card]:
    """Give the cards of a name, one for each side that gets it. NotFound when there is nothing to show."""
    cards = offered(uow, conversation).get(name)
    if not cards:
        raise NotFound("There is nothing to show on such a card here.", code="card")
    return cards


def _language_on(uow: UnitOfWork, conversation: Conversation, side: str) -> str:
    reader = next(iter(conversations.people_on(uow, conversation, side)), None)
    return people.language_of(reader) if reader else "ru"


def _of_factory(uow: UnitOfWork, conversation: Conversation) -> list[Card]:
    company = uow.session.get(Company, conversation.factory_company_id) if conversation.factory_company_id else None
    entry = uow.session.get(CatalogueEntry, company.id) if company else None
    if company is None or entry is None:
        return []
    return [_factory_card(uow, company, entry, _language_on(uow, conversation, "buyer"))]


def _factory_card(uow: UnitOfWork, company: Company, entry: CatalogueEntry, language: str) -> Card:
    t = texts(language)
    card = showcase.card(uow, company, entry, language)
    orders = t.tn("{count} completed order", "{count} completed orders", card.completed_orders)
    rows = [
        (t("Verification"), t("Verified by the platform") if card.verified else t("Not verified")),
        (t("Region"), card.region),
        (t("Segments"), card.segments),
        (t("Specialisation"), card.specialisation),
        *card.facts,
        (t("Orders on the platform"), orders if card.completed_orders else ""),
    ]
    return _card("buyer", f"company/{company.id}", language, card.name, rows)


def _of_buyer(uow: UnitOfWork, conversation: Conversation) -> list[Card]:
    company = uow.session.get(Company, conversation.buyer_company_id) if conversation.buyer_company_id else None
    if company is None or not conversation.factory_company_id:
        return []
    language = _language_on(uow, conversation, "factory")
    t = texts(language)
    form = pack().questionnaires["buyer"]
    units = {question.unit for question in form.questions}
    rows = [
        (question.label(language), shown(form, company.answers, question.code, language))
        for question in form.questions
        if question.kind in _CHOSEN and not question.private and question.code not in units
    ]
    heading = t("Buyer") if conversation.masked else company.name
    return [_card("factory", f"company/{company.id}", language, heading, rows)]


def _of_lot(uow: UnitOfWork, conversation: Conversation) -> list[Card]:
    lot = uow.session.get(Lot, conversation.lot_id) if conversation.lot_id else None
    if lot is None:
        return []
    return [_lot_card(uow, lot, side, _language_on(uow, conversation, side)) for side in ("buyer", "factory")]


def _lot_card(uow: UnitOfWork, lot: Lot, side: str, language: str) -> Card:
    view = lot_views.public_view(lot, language, lot_views.hidden_names(uow, lot))
    heading = texts(language)("Lot No. {number}", number=lot.number)
    return _card(side, f"lot/{lot.id}", language, heading, [(label, value) for _, label, value in view.rows])


def _in_help(uow: UnitOfWork, conversation: Conversation) -> list[Card]:
    person = uow.session.get_one(Person, conversation.person_id)
    company = people.company_of(uow, person) if person.active_role else None
    if company is None:
        return []
    language = people.language_of(person)
    if company.kind == "factory":
        found = [match.lot for match in matching.lots_for(uow, company.id, language, MOST_IN_HELP)]
        return [_lot_card(uow, lot, "factory", language) for lot in found]
    own = [lot for lot in lots.of_company(uow, company.id, limit=MOST_IN_HELP) if lot.number]
    met = [factory for _, factory in relations.of_buyer(uow, company.id, MOST_IN_HELP)]
    entries = [(factory, uow.session.get(CatalogueEntry, factory.id)) for factory in met]
    return [
        *(_lot_card(uow, lot, "buyer", language) for lot in own),
        *(_factory_card(uow, factory, entry, language) for factory, entry in entries if entry is not None),
    ]


def _card(side: str, subject: str, language: str, heading: str, rows: Rows) -> Card:
    lines = [f"{escape_codes(label)}: {escape_codes(value)}" for label, value in rows if value]
    return Card(
        side=side, subject=subject, language=language, text="\n".join([f"[b]{escape_codes(heading)}[/b]", *lines])
    )


_CARDS: dict[str, Callable[[UnitOfWork, Conversation], list[Card]]] = {
    "factory": _of_factory,
    "buyer": _of_buyer,
    "lot": _of_lot,
}


def opening(
    uow: UnitOfWork, conversation: Conversation, message: Message, side: str, t: Texts
) -> dict[str, str] | None:
    """Give the button under a card, for one side, or None: every other message has none."""
    noun, _, number = message.card.partition("/")
    if noun == "lot":
        path = screens.lot_path(int(number)) if side == "buyer" else screens.tender_path(int(number))
        return screens.opening(t("Open the lot"), path)
    if noun == "company" and side == "buyer" and catalogue.several(uow, [int(number)]):
        return screens.opening(t("Look at the factory"), screens.factory_path(int(number)))
    if noun == "company":
        return screens.opening(t("Open the conversation"), screens.conversation_path(conversation.id))
    return None


def was_shown(uow: UnitOfWork, buyer: Company, factory_id: int) -> bool:
    """Tell whether a manager sent a factory's card to this buyer: its profile is open to him then, access or not."""
    of_theirs = select(Member.person_id).where(Member.company_id == buyer.id)
    query = (
        select(Message.id)
        .join(Conversation, Conversation.id == Message.conversation_id)
        .where(
            or_(Conversation.buyer_company_id == buyer.id, Conversation.person_id.in_(of_theirs)),
            Message.card == f"company/{factory_id}",
            Message.deleted_at.is_(None),
        )
    )
    return uow.session.scalars(query.limit(1)).first() is not None

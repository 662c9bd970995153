"""What an unverified factory is told of the verification, its price among that, and the request for it.

Called by the Mini App, the chat and the page of settings. May send: a notice to the employee responsible, a line on the company's
timeline. Errors: InvalidInput (by field), InvalidState. Takes no payment: a manager begins the audit by hand.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from b24app.domain.deliveries import AddLogMessage
from b24app.domain.industries import Price
from b24app.errors import InvalidInput, InvalidState
from b24app.i18n import LANGUAGES, Texts
from b24app.services import audit, companies, company_cards, conversations, people, portals, settings, staff
from b24app.services.industries import pack
from storage.models import Company, Conversation, Person
from storage.unit_of_work import UnitOfWork

PRICE = "verification_price"
TEXT = "verification_text_"
LONGEST_TEXT = 500
HIGHEST_MINOR = 10**12


@dataclass(frozen=True)
class Terms:
    """What verification is and what it costs, in words; no price is named while it is nought."""

    words: str
    price: str


def terms(uow: UnitOfWork, t: Texts) -> Terms:
    """Give what a factory is told, in its language."""
    cost = price(uow)
    named = t("Price: {price}", price=t.money(cost.amount_minor, cost.currency)) if cost.amount_minor else ""
    return Terms(own_words(uow, t.language) or standing(t), named)


def standing(t: Texts) -> str:
    """Give the explanation that is told as long as there is no other."""
    return t("Documents by a list, a visit to the factory and a checklist. Who passes gets the badge for a year.")


def own_words(uow: UnitOfWork, language: str) -> str:
    """Give an administrator's own explanation in a language, empty before there is one."""
    return settings.get(uow, TEXT + language)


def price(uow: UnitOfWork) -> Price:
    """Give the price in force: the chosen one, else that of the industry."""
    minor, _, currency = settings.get(uow, PRICE).partition(" ")
    return Price(amount_minor=int(minor), currency=currency) if currency else pack().audit.price


def keep_price(uow: UnitOfWork, amount: str, currency: str, actor: str, t: Texts) -> None:
    """Choose the price, written with the decimals of its currency; nought names none. InvalidInput by field."""
    if currency not in {known.code for known in pack().currencies}:
        raise InvalidInput(fields={"verification_currency": [t("Please choose one of the list.")]})
    settings.put(uow, PRICE, f"{_minor(amount, pack().digits(currency), t)} {currency}", actor)


def keep_words(uow: UnitOfWork, words: Mapping[str, str], actor: str) -> None:
    """Choose the explanations by language; an empty one leaves the standing one."""
    for language in LANGUAGES:
        settings.put(uow, TEXT + language, words.get(language, "")[:LONGEST_TEXT], actor)


def _minor(amount: str, digits: int, t: Texts) -> int:
    try:
        exact = Decimal("".join(amount.split()).replace(",", ".")).scaleb(digits)
        if exact == exact.to_integral_value() and 0 <= exact <= HIGHEST_MINOR:
            return int(exact)
    except InvalidOperation:
        pass
    raise InvalidInput(fields={"verification_price": [t("Please enter a number.")]})


def ask(uow: UnitOfWork, person: Person) -> Conversation:
    """Open the conversation with the platform and tell the employee responsible that a factory wants to be verified.

    Once a day is enough. InvalidState for a factory that has the badge, or was not accepted yet.
    """
    company = people.company_of(uow, person, "factory")
    if company is None or company.state != "accepted":
        raise InvalidState("Your questionnaire must be approved first.", code="not_accepted")
    if companies.standing(company, uow.now).verified:
        raise InvalidState("Your factory is verified already.", code="verified")
    conversation = conversations.open_help(uow, person)
    _tell(uow, company)
    audit.record(uow, f"person/{person.id}", "verification_requested", f"company/{company.id}")
    return conversation


def _tell(uow: UnitOfWork, company: Company) -> None:
    t = portals.speech(uow)
    words = t("{company} asks for verification.", company=company.name)
    name, ref = f"verification/{company.id}", company_cards.item_ref(company)
    key = f"{name}:{staff.today(uow).isoformat()}"
    staff.notify(uow, company.responsible_id, words, tag=name, ref=ref, key=f"{key}:notice")
    uow.send(AddLogMessage(ref=ref, title=words, text=terms(uow, t).price or "—"), key=key)

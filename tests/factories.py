"""Things that tests start from: filled forms, people, companies, lots, offers, made through the services as people would."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from b24app.services import companies, lots, offers, people, settings
from storage.models import Company, Conversation, Lot, Offer, Person, Portal
from storage.unit_of_work import UnitOfWork

BUYER_ANSWERS: dict[str, Any] = {
    "full_name": "Ivan Petrov",
    "position": "Head of purchasing",
    "phone": "+7 900 123-45-67",
    "email": "ivan@northern-style.ru",
    "company": "Northern Style",
    "country": "RU",
    "legal_address": "Moscow, Tverskaya 1",
    "website": "northern-style.ru",
    "yearly_volume": "50 000",
    "yearly_volume_unit": "pcs",
    "segments": ["tshirts"],
    "incoterms": ["FOB"],
    "payment_terms": ["letter_of_credit"],
}

FACTORY_ANSWERS: dict[str, Any] = {
    "company": "ABC Textiles",
    "year_founded": 2012,
    "representative_name": "Aziz Karimov",
    "representative_position": "Direktor",
    "segments": ["tshirts", "knitwear"],
    "volume_unit": "pcs",
    "moq": 1000,
    "capacity_min": 10000,
    "capacity_max": 60000,
    "lead_time_days": 45,
    "equipment": "Gerber\nJuki",
    "region": "tashkent_city",
    "production_address": "Toshkent, Chilonzor 5",
    "premises": "own",
    "power_stability": "stable",
    "gas_stability": "backed",
    "employees": 120,
    "quality_department": True,
    "cad_cam": ["gerber"],
    "offer_text": "Paxta futbolkalarni eksport uchun tikamiz.",
    "certificates": [{"certificate": "oeko_tex_100", "number": "A-1", "expires_on": "2027-01-01"}],
}


def person(uow: UnitOfWork, telegram_id: str, language: str = "ru", role: str = "buyer") -> Person:
    """A person who chose language and role; the chat has the account's id, as private chats do."""
    met = people.meet(uow, telegram_id=telegram_id, chat_id=telegram_id, first_name=f"P{telegram_id}")
    people.choose_language(uow, met, language)
    people.choose_role(uow, met, role)
    return met


def buyer(
    uow: UnitOfWork, telegram_id: str = "1001", *, accepted: bool = True, **changes: Any
) -> tuple[Person, Company]:
    """Ivan and his company."""
    owner = person(uow, telegram_id)
    company = companies.submit(uow, owner, "buyer", {**BUYER_ANSWERS, **changes})
    if accepted:
        companies.accept(uow, company.id, "user/1")
    return owner, company


def factory(
    uow: UnitOfWork,
    telegram_id: str = "2001",
    *,
    accepted: bool = True,
    verified: bool = True,
    subscribed: bool = True,
    **changes: Any,
) -> tuple[Person, Company]:
    """ABC Textiles: accepted, verified and subscribed for half a year unless told otherwise."""
    owner = person(uow, telegram_id, "uz", "factory")
    company = companies.submit(uow, owner, "factory", {**FACTORY_ANSWERS, **changes})
    if accepted:
        companies.accept(uow, company.id, "user/1")
    until = uow.now.date() + timedelta(days=180)
    if verified:
        companies.grant(uow, company.id, "verification", until, reason="audit passed", actor="user/1")
    if subscribed:
        companies.grant(uow, company.id, "subscription_6m", until, reason="paid", actor="user/1")
    return owner, company


def managers(uow: UnitOfWork, *user_ids: str) -> None:
    """Name the employees who decide."""
    settings.put(uow, "responsible_ids", ",".join(user_ids), "user/1")


def lot_answers(today: date, **changes: Any) -> dict[str, Any]:
    """20,000 printed cotton T-shirts in two months, FOB Tashkent."""
    return {
        "product": "Футболки хлопковые с печатью, 180 г/м², размеры S–XXL, 4 цвета",
        "segment": "tshirts",
        "quantity": 20000,
        "unit": "pcs",
        "produce_by": (today + timedelta(days=60)).isoformat(),
        "deliver_by": (today + timedelta(days=75)).isoformat(),
        "incoterms": "FOB",
        "place": "Tashkent",
        "payment_terms": "letter_of_credit",
        "target_price": {"amount": "3.50", "currency": "USD"},
        **changes,
    }


def lot(uow: UnitOfWork, owner: Person, *, published: bool = True, key: str = "key-1", **changes: Any) -> Lot:
    """A lot of the owner's company."""
    made = lots.submit(uow, owner, lot_answers(uow.now.date(), **changes), key)
    return lots.approve(uow, made.id, "user/1") if published else made


def offer_answers(today: date, **changes: Any) -> dict[str, Any]:
    """3.20 USD a piece in 45 days."""
    return {
        "price": {"amount": "3.20", "currency": "USD"},
        "moq": 1000,
        "lead_time_days": 45,
        "incoterms": "FOB",
        "place": "Tashkent",
        "valid_until": (today + timedelta(days=30)).isoformat(),
        "message": "Namunalar tayyor.",
        **changes,
    }


def offer(uow: UnitOfWork, owner: Person, of_lot: Lot, **changes: Any) -> Offer:
    """An offer of the owner's factory."""
    return offers.submit(uow, owner, of_lot.id, offer_answers(uow.now.date(), **changes))


def portal(uow: UnitOfWork, domain: str) -> Portal:
    """A portal that the application works for."""
    made = Portal(
        member_id="m" * 32, client_endpoint=f"https://{domain}/rest/", domain=domain, path_secret="s", state="active"
    )
    uow.session.add(made)
    uow.session.flush()
    return made


def conversation(uow: UnitOfWork) -> tuple[Conversation, Person, Person, Lot]:
    """An open conversation between Ivan and ABC Textiles about a published lot."""
    ivan, _ = buyer(uow)
    abc, _ = factory(uow)
    made = lot(uow, ivan)
    answer = offer(uow, abc, made)
    return offers.allow(uow, answer.id, "user/1"), ivan, abc, made

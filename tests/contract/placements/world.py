"""A marketplace with a buyer, factories, a lot and offers, made through the services, and its CRM items by hand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from sqlalchemy import select

from b24app.services import audits, companies, lot_changes, lots, messages, offers, people, profile_changes
from b24app.services.industries import pack
from b24app.services.spoken import Spoken
from storage.models import AppliedElement, CrmLink, File, Person, Portal
from storage.unit_of_work import Transactions, UnitOfWork
from tests.databases import Prepared

T = TypeVar("T")
PORTAL = "https://portal.example"
MEMBER_ID = "a1b2c3d4e5f60718293a4b5c6d7e8f90"
PATH_SECRET = "unguessable-segment"
APPLICATION_TOKEN = "51856fefc120afa4b628cc82d3935cce"
LEAD, DEAL, CONTACT, COMPANY, AUDIT, DISPUTE = 1, 2, 3, 4, 1030, 1032


def day(days: int) -> str:
    """Give a day from today as forms carry it."""
    return (datetime.now(UTC) + timedelta(days=days)).date().isoformat()


def buyer_answers(**changes: Any) -> dict[str, Any]:
    """Give a complete buyer's questionnaire."""
    return {
        "full_name": "Иван Петров",
        "position": "Руководитель закупок",
        "phone": "+79000000000",
        "email": "ivan@severstyle.example",
        "company": "ООО «Северный стиль»",
        "country": "RU",
        "legal_address": "Санкт-Петербург, Невский проспект, 1",
        "website": "https://severstyle.example",
        "yearly_volume": "50000",
        "yearly_volume_unit": "pcs",
        "segments": ["tshirts", "knitwear"],
        "incoterms": ["FOB"],
        "payment_terms": ["prepayment"],
        "payment_note": "30 % вперёд, 70 % после отгрузки",
        **changes,
    }


def factory_answers(name: str = "ABC Textiles", **changes: Any) -> dict[str, Any]:
    """Give a complete factory's questionnaire."""
    return {
        "company": name,
        "year_founded": "2012",
        "representative_name": "Aziza Karimova",
        "representative_position": "Direktor",
        "website": "https://abc-textiles.example",
        "segments": ["tshirts", "knitwear"],
        "specialisation": "Paxta futbolkalar, bosma va kashta",
        "volume_unit": "pcs",
        "moq": "1000",
        "capacity_min": "20000",
        "capacity_max": "60000",
        "lead_time_days": "35",
        "equipment": "Juki DDL-8700\nBrother KE-430",
        "region": "fergana",
        "production_address": "Fargʻona, Mustaqillik koʻchasi, 12",
        "premises": "own",
        "power_stability": "stable",
        "gas_stability": "backed",
        "employees": "240",
        "quality_department": "yes",
        "quality_how": "Har bir partiya AQL 2.5 boʻyicha tekshiriladi",
        "cad_cam": ["gerber"],
        "departments": ["design", "export"],
        "offer_text": "Paxta trikotajdan futbolka va pololar, toʻliq sikl.",
        "certificates": [{"certificate": "oeko_tex_100", "number": "OT-123", "expires_on": day(400)}],
        **changes,
    }


def lot_answers(**changes: Any) -> dict[str, Any]:
    """Give a complete lot whose text leaks a telephone number."""
    return {
        "product": "Футболки хлопковые с печатью, 180 г/м², размеры S–XXL, 4 цвета. Звоните +7 900 123-45-67",
        "segment": "tshirts",
        "quantity": "20000",
        "unit": "pcs",
        "produce_by": day(60),
        "deliver_by": day(75),
        "incoterms": "FOB",
        "place": "Ташкент",
        "payment_terms": "prepayment",
        "target_price": {"amount": "3.20", "currency": "USD"},
        "packaging": "Индивидуальный пакет, короб 50 шт.",
        **changes,
    }


def offer_answers(price: str = "3.10", **changes: Any) -> dict[str, Any]:
    """Give a complete offer."""
    return {
        "price": {"amount": price, "currency": "USD"},
        "moq": "5000",
        "lead_time_days": "40",
        "incoterms": "FOB",
        "place": "Toshkent",
        "valid_until": day(20),
        "message": "Namunani bir haftada tayyorlaymiz.",
        **changes,
    }


@dataclass
class Marketplace:
    """Makes the story's objects and remembers under which CRM id each stands."""

    transactions: Transactions
    next_crm_id: int = 100
    in_crm: dict[str, str] = field(default_factory=dict)

    def begin(self, prepared: Prepared, name: str, make: Callable[[Marketplace], T]) -> T:
        """Begin with what `make` does to an empty marketplace, and give what it gives; done once in this process."""

        def filled() -> tuple[int, dict[str, str], T]:
            made = make(self)
            return self.next_crm_id, self.in_crm, made

        self.next_crm_id, self.in_crm, made = prepared.once(name, filled)
        return made

    def install(self) -> None:
        """Put an active installation into the database."""
        with self.transactions() as uow:
            portal = Portal(
                member_id=MEMBER_ID,
                client_endpoint=f"{PORTAL}/rest/",
                domain="portal.example",
                state="active",
                application_token=APPLICATION_TOKEN,
                path_secret=PATH_SECRET,
                owner_user_id="1",
                language="ru",
            )
            uow.session.add(portal)
            uow.session.flush()
            for code, outside_id in (("audit", f"{AUDIT}:1:2"), ("dispute", f"{DISPUTE}:3:4")):
                made = AppliedElement(
                    portal_id=portal.id, element=f"process:{code}", fingerprint="", outside_id=outside_id
                )
                uow.session.add(made)

    def link(self, uow: UnitOfWork, ref: str, entity_type_id: int) -> str:
        """Give one of our objects a CRM item, as the dispatcher does after saving it."""
        self.next_crm_id += 1
        entity_id = str(self.next_crm_id)
        uow.session.add(CrmLink(ref=ref, entity_type_id=entity_type_id, entity_id=entity_id))
        uow.session.flush()
        self.in_crm[ref] = entity_id
        return entity_id

    def person(self, number: int, name: str, language: str, role: str) -> int:
        """Let somebody open the bot, choose and agree."""
        with self.transactions() as uow:
            made = people.meet(
                uow, telegram_id=str(number), chat_id=str(number), first_name=name, username=f"user{number}"
            )
            people.choose_language(uow, made, language)
            people.choose_role(uow, made, role)
            people.consent(uow, made, "processing", True)
            uow.session.flush()
            return made.id

    def buyer(self, *, accepted: bool = True) -> int:
        """Register a buyer; answers the company's id."""
        person_id = self.person(5000000001, "Иван", "ru", "buyer")
        with self.transactions() as uow:
            company = companies.submit(uow, uow.session.get_one(Person, person_id), "buyer", buyer_answers())
            self.link(uow, f"lead/{company.id}", LEAD)
            if accepted:
                companies.accept(uow, company.id, "user/1")
                self.link(uow, f"company/{company.id}", COMPANY)
                self.link(uow, f"contact/{person_id}", CONTACT)
            return company.id

    def factory(self, number: int = 2, name: str = "ABC Textiles", *, published: bool = True, **changes: Any) -> int:
        """Register a factory; answers the company's id."""
        person_id = self.person(5000000000 + number, f"Aziza {number}", "uz", "factory")
        with self.transactions() as uow:
            person = uow.session.get_one(Person, person_id)
            company = companies.submit(uow, person, "factory", factory_answers(name, **changes))
            self.link(uow, f"company/{company.id}", COMPANY)
            if published:
                companies.accept(uow, company.id, "user/1")
                until = (uow.now + timedelta(days=180)).date()
                companies.grant(uow, company.id, "verification", until, reason="audit passed", actor="user/1")
                companies.grant(uow, company.id, "subscription_6m", until, reason="paid", actor="user/1")
            return company.id

    def change(self, company_id: int, **answers: Any) -> None:
        """Let a company's owner ask for other answers in its profile."""
        with self.transactions() as uow:
            person = people.members_of(uow, company_id)[0]
            profile_changes.edit(uow, person, answers, list(answers))

    def contact(self, company_id: int) -> str:
        """Give the CRM id of the contact of a company's first member, made where there is none."""
        with self.transactions() as uow:
            ref = f"contact/{people.members_of(uow, company_id)[0].id}"
            return self.in_crm.get(ref) or self.link(uow, ref, CONTACT)

    def lot(self, *, published: bool = False, client_key: str = "lot-1", **changes: Any) -> int:
        """Place a lot of the buyer; answers its id."""
        with self.transactions() as uow:
            person = uow.session.scalars(select(Person).where(Person.telegram_id == "5000000001")).one()
            lot = lots.submit(uow, person, lot_answers(**changes), client_key)
            self.link(uow, f"lot/{lot.id}", DEAL)
            if published:
                lots.approve(uow, lot.id, "user/1")
            return lot.id

    def revise(self, lot_id: int, **changes: Any) -> None:
        """Ask for a change of a published lot, as its buyer does."""
        with self.transactions() as uow:
            lot = lots.get(uow, lot_id)
            lot_changes.revise(uow, uow.session.get_one(Person, lot.person_id), lot_id, {**lot.fields, **changes})

    def offer(self, lot_id: int, company_id: int, price: str = "3.10") -> int:
        """Let a factory answer a lot; answers the offer's id."""
        with self.transactions() as uow:
            person = people.members_of(uow, company_id)[0]
            return offers.submit(uow, person, lot_id, offer_answers(price)).id

    def talk(self, offer_id: int, *texts: str) -> int:
        """Allow contact for an offer and let both sides write in turn; answers the conversation's id."""
        with self.transactions() as uow:
            conversation = offers.allow(uow, offer_id, "user/1")
            sides = [conversation.buyer_company_id, conversation.factory_company_id]
            for number, text in enumerate(texts):
                speaker = people.members_of(uow, sides[number % 2] or 0)[0]
                messages.say(
                    uow, speaker, conversation, Spoken(kind="text", text=text, source_key=f"{conversation.id}:{number}")
                )
            return conversation.id

    def award(self, offer_id: int) -> int:
        """Choose an offer; answers the order's id, whose deal is in the CRM."""
        with self.transactions() as uow:
            order = offers.award(uow, "user/1", offer_id)
            self.link(uow, f"order/{order.id}", DEAL)
            return order.id

    def audit(self, company_id: int, *, documents: bool = True) -> int:
        """Begin an audit and let the factory send every required document; answers the audit's id, which is in the CRM."""
        with self.transactions() as uow:
            audit = audits.request(uow, company_id, "Yillik audit", "user/1")
            self.link(uow, f"audit/{audit.id}", AUDIT)
            person = people.members_of(uow, company_id)[0]
            for document in pack().audit.documents if documents else ():
                if document.required:
                    file = File(
                        owner="upload", person_id=person.id, name=f"{document.code}.pdf", mime="application/pdf"
                    )
                    file.size, file.sha256 = 90_000, "a" * 64
                    uow.session.add(file)
                    uow.session.flush()
                    audits.send_document(uow, person, audit.id, document.code, [file.id])
            return audit.id

    def get(self, kind: type[Any], row_id: int) -> Any:
        """Read one row."""
        with self.transactions() as uow:
            return uow.session.get_one(kind, row_id)

"""Meeting persons on Telegram, their language, role, consents and whether they can be reached.

Called by the bot and the Mini App. May send: the changed Telegram fields to the person's CRM contact or lead.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from b24app.domain import people as rules
from b24app.domain.deliveries import SaveItem
from b24app.domain.quiet import NOTICE_KINDS, ZONES
from b24app.errors import InvalidInput, NotAllowed
from b24app.i18n import LANGUAGES, known_language
from b24app.services import audit
from b24app.services.industries import pack
from storage.models import Company, Consent, Member, Person
from storage.unit_of_work import UnitOfWork

_MEMBERSHIPS = "memberships"


def meet(
    uow: UnitOfWork,
    *,
    telegram_id: str,
    chat_id: str,
    first_name: str = "",
    last_name: str = "",
    username: str = "",
    language_code: str = "",
    payload: str = "",
) -> Person:
    """Know a Telegram account from now on, or refresh what is known of it; whoever writes to us can be reached again.

    The first deep-link `payload` stays, unless a later one invites into a company; the interface's `language_code`
    is not a choice and is not taken for one.
    """
    values = {
        "telegram_id": telegram_id,
        "chat_id": chat_id,
        "first_name": first_name[:100],
        "last_name": last_name[:100],
        "username": username[:64],
        "start_payload": payload[:64],
        "state": "active",
        "created_at": uow.now,
        "seen_at": uow.now,
    }
    kept = {"telegram_id", "start_payload", "created_at"}
    statement = insert(Person).values(**values)
    statement = statement.on_conflict_do_update(
        index_elements=["telegram_id"], set_={name: values[name] for name in values if name not in kept}
    )
    uow.session.execute(statement)
    person = uow.session.scalars(
        select(Person).where(Person.telegram_id == telegram_id), execution_options={"populate_existing": True}
    ).one()
    if payload and (not person.start_payload or payload.startswith("join_")):
        person.start_payload = payload[:64]
    return person


def find(uow: UnitOfWork, telegram_id: str) -> Person | None:
    """Give the person with a Telegram id, or None."""
    return uow.session.scalars(select(Person).where(Person.telegram_id == telegram_id)).first()


def language_of(person: Person) -> str:
    """Give the language to speak to a person in; Russian until one was chosen."""
    return known_language(person.language, "ru")


def name_of(person: Person) -> str:
    """Give the name under which employees see a person."""
    return rules.full_name(person.first_name, person.last_name, person.username, person.telegram_id)


def choose_language(uow: UnitOfWork, person: Person, language: str) -> None:
    """Speak a language from now on. InvalidInput when we do not know it."""
    if language not in LANGUAGES:
        raise InvalidInput(fields={"language": ["ru, uz, en"]})
    person.language = language
    _show_in_crm(uow, person, {"telegram_language": language})


def choose_role(uow: UnitOfWork, person: Person, role: str) -> None:
    """Act as a buyer or a factory from now on; the other role's company stays. InvalidInput on anything else."""
    if role not in rules.ROLES:
        raise InvalidInput(fields={"role": ["buyer, factory"]})
    person.active_role = role


def company_of(uow: UnitOfWork, person: Person, kind: str | None = None) -> Company | None:
    """Give the company the person speaks for in a role (the chosen one by default), or None."""
    kind = kind or person.active_role
    return next((company for _, company in _memberships(uow, person.id) if company.kind == kind), None)


def companies_of(uow: UnitOfWork, person_id: int) -> list[Company]:
    """Give every company that a person speaks for, in either role."""
    return [company for _, company in _memberships(uow, person_id)]


def member_role(uow: UnitOfWork, person: Person, company_id: int) -> str:
    """Give the person's role in a company: owner, sales, production; an empty text for a stranger."""
    return next((member.role for member, company in _memberships(uow, person.id) if company.id == company_id), "")


def _memberships(uow: UnitOfWork, person_id: int) -> list[tuple[Member, Company]]:
    """Give the companies that a person speaks for, read once for a unit of work; of somebody who is new, each time."""
    known: dict[int, list[tuple[Member, Company]]] = uow.session.info.setdefault(_MEMBERSHIPS, {})
    if not known.get(person_id):
        rows = uow.session.execute(
            select(Member, Company)
            .join(Company, Company.id == Member.company_id)
            .where(Member.person_id == person_id)
            .order_by(Company.id)
        )
        known[person_id] = [(member, company) for member, company in rows]
    return known[person_id]


def forget_memberships(uow: UnitOfWork) -> None:
    """Look anew who speaks for which company: for whoever takes somebody into one or out of it."""
    uow.session.info.pop(_MEMBERSHIPS, None)


def must(uow: UnitOfWork, person: Person, company_id: int, duty: str) -> None:
    """Raise NotAllowed unless the person's role in the company includes a duty: own, trade or make."""
    if not rules.may(member_role(uow, person, company_id), duty):
        raise NotAllowed("Your role in the company does not include this. Please ask its owner.", code="member_role")


def members_of(uow: UnitOfWork, company_id: int) -> list[Person]:
    """Give everybody who speaks for a company, the first member first."""
    return list(
        uow.session.scalars(
            select(Person)
            .join(Member, Member.person_id == Person.id)
            .where(Member.company_id == company_id)
            .order_by(Member.id)
        )
    )


def members_of_all(uow: UnitOfWork, company_ids: Sequence[int]) -> dict[int, list[Person]]:
    """Give everybody who can be reached of many companies, in one query."""
    found: dict[int, list[Person]] = {}
    rows = uow.session.execute(
        select(Member.company_id, Person)
        .join(Person, Person.id == Member.person_id)
        .where(Member.company_id.in_(company_ids), Person.state == "active")
        .order_by(Member.id)
    )
    for company_id, person in rows:
        found.setdefault(company_id, []).append(person)
    return found


def stage_of(uow: UnitOfWork, person: Person) -> str:
    """Give what the person does next: language, role, questionnaire, submitted, changes_requested or accepted."""
    company = company_of(uow, person) if person.active_role else None
    return rules.stage(person.language, person.active_role, company.state if company else None)


def consent(uow: UnitOfWork, person: Person, topic: str, given: bool) -> None:
    """Keep that a person agreed to the newest text on a topic (processing, marketing), or took it back. Repeats change nothing."""
    if topic not in rules.TOPICS:
        raise InvalidInput(fields={"topic": ["processing, marketing"]})
    version = max(pack().consents[topic])
    running = running_consent(uow, person, topic)
    if given and (running is None or running.version != version):
        uow.session.add(
            Consent(person_id=person.id, topic=topic, version=version, language=language_of(person), given_at=uow.now)
        )
    elif not given and running is not None:
        running.withdrawn_at = uow.now
    else:
        return
    audit.record(uow, f"person/{person.id}", "consent_given" if given else "consent_withdrawn", f"consent/{topic}")
    if topic == "processing":
        _show_in_crm(uow, person, {"consent_given_at": uow.now.isoformat() if given else ""})


def running_consent(uow: UnitOfWork, person: Person, topic: str) -> Consent | None:
    """Give the consent that holds now on a topic, or None."""
    return uow.session.scalars(
        select(Consent)
        .where(Consent.person_id == person.id, Consent.topic == topic, Consent.withdrawn_at.is_(None))
        .order_by(Consent.id.desc())
        .limit(1)
    ).first()


def choose_notices(
    uow: UnitOfWork, person: Person, wanted: Collection[str], quiet: tuple[int, int] | None, zone: str = ""
) -> None:
    """Keep which kinds of notices a person wants and the quiet hours (from, until) of their zone, or none of those.

    InvalidInput on anything else.
    """
    if not set(wanted) <= set(NOTICE_KINDS):
        raise InvalidInput(fields={"kinds": [", ".join(NOTICE_KINDS)]})
    if quiet is not None and not all(0 <= hour <= 23 for hour in quiet):
        raise InvalidInput(fields={"quiet": ["0–23"]})
    if zone and zone not in ZONES:
        raise InvalidInput(fields={"zone": [", ".join(ZONES)]})
    person.zone = zone or person.zone
    person.muted = [kind for kind in NOTICE_KINDS if kind not in wanted]
    person.quiet_from, person.quiet_until = quiet or (None, None)


def set_state(uow: UnitOfWork, chat_id: str, state: str) -> Person | None:
    """Remember that a person can be reached (active), blocked the bot or deleted the account; unknown chats are ignored.

    Answers the person whose state changed.
    """
    person = uow.session.scalars(select(Person).where(Person.chat_id == chat_id)).first()
    if person is None or person.state == state or state not in rules.STATES:
        return None
    person.state = state
    _show_in_crm(uow, person, {"telegram_state": state})
    return person


def crm_ref(uow: UnitOfWork, person: Person) -> str:
    """Give the ref of the person's CRM card: the contact, the lead while a buyer awaits approval, or nothing yet."""
    companies = uow.session.scalars(
        select(Company)
        .join(Member, Member.company_id == Company.id)
        .where(Member.person_id == person.id)
        .order_by(Company.id)
    ).all()
    if any(company.kind == "factory" or company.decided_at is not None for company in companies):
        return f"contact/{person.id}"
    return f"lead/{companies[0].id}" if companies else ""


def telegram_fields(person: Person) -> dict[str, str]:
    """Give what a CRM card tells of a person's Telegram account."""
    return {
        "telegram_id": person.telegram_id,
        "telegram_username": person.username,
        "telegram_language": language_of(person),
    }


def _show_in_crm(uow: UnitOfWork, person: Person, fields: dict[str, str]) -> None:
    ref = crm_ref(uow, person)
    if ref:
        uow.send(SaveItem(ref=ref, fields=dict(fields)))


def active(people: Sequence[Person]) -> list[Person]:
    """Leave out those who blocked the bot or deleted their account."""
    return [person for person in people if person.state == "active"]

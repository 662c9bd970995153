"""A person's rights over their data: a copy of everything, and being forgotten.

Called by the Mini App. Erasing may send: a last bot message, a notice to the responsible employee, what `erasure` sends, and
whatever closing lots and withdrawing offers sends. Errors: InvalidState.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, select

from b24app.domain.deliveries import SaveItem
from b24app.errors import InvalidState
from b24app.i18n import Texts
from b24app.services import (
    audit,
    catalogue_entries,
    colleagues,
    company_cards,
    erasure,
    lots,
    notices,
    offers,
    people,
    portals,
    staff,
    typed_answers,
)
from b24app.services.industries import pack
from b24app.services.notices import Said, escaped
from storage.holding import HELD
from storage.models import (
    ColleagueLink,
    Company,
    Consent,
    Draft,
    File,
    Lot,
    MeetingAnswer,
    Member,
    Message,
    Offer,
    Order,
    OrderUpdate,
    Person,
    Review,
    ReviewReply,
)
from storage.unit_of_work import UnitOfWork

_TABLES: dict[str, Any] = {
    "consents": (Consent, Consent.person_id),
    "memberships": (Member, Member.person_id),
    "drafts": (Draft, Draft.person_id),
    "lots": (Lot, Lot.person_id),
    "offers": (Offer, Offer.person_id),
    "progress_reports": (OrderUpdate, OrderUpdate.person_id),
    "reviews": (Review, Review.person_id),
    "review_replies": (ReviewReply, ReviewReply.person_id),
    "meeting_answers": (MeetingAnswer, MeetingAnswer.person_id),
    "messages": (Message, Message.person_id),
    "files": (File, File.person_id),
}


def collect(uow: UnitOfWork, person: Person) -> dict[str, Any]:
    """Give everything that is kept of a person, as plain values fit for JSON, table by table."""
    found: dict[str, Any] = {"person": _plain(person)}
    for name, (model, owner) in _TABLES.items():
        rows = uow.session.scalars(select(model).where(owner == person.id).order_by(model.id))
        found[name] = [_plain(row) for row in rows]
    companies = select(Company).join(Member, Member.company_id == Company.id).where(Member.person_id == person.id)
    found["companies"] = [_plain(company) for company in uow.session.scalars(companies.order_by(Company.id))]
    return found


def _plain(row: Any) -> dict[str, Any]:
    values = {column.key: getattr(row, column.key) for column in row.__table__.columns}
    return {name: value.isoformat() if isinstance(value, date | datetime) else value for name, value in values.items()}


def erase(uow: UnitOfWork, person: Person) -> None:
    """Forget a person: name, account, answers about them. What deals need stays without them; colleagues go on.

    InvalidState while orders of a company that would be left without people are under way, or when its other members have no owner.
    """
    uow.session.get_one(Person, person.id, with_for_update=HELD)
    memberships = list(uow.session.scalars(select(Member).where(Member.person_id == person.id).order_by(Member.id)))
    ref = people.crm_ref(uow, person)
    for member in memberships:
        _must_be_free(uow, member)
    notices.tell(uow, person, _goodbye, key=f"person/{person.id}:erased", at_once=True)
    going_on = {}
    for member in memberships:
        company = uow.session.get_one(Company, member.company_id)
        erasure.empty_lead(uow, company, person.telegram_id)
        going_on[company.id] = len(colleagues.of_company(uow, company.id)) > 1
        if going_on[company.id]:
            colleagues.leave(uow, member)
        else:
            _close(uow, company, person, member)
        _tell_employee(uow, company, person)
    erasure.empty_card(uow, ref)
    erasure.forget_words(uow, person)
    erasure.forget_files(uow, person, going_on)
    for topic in ("processing", "marketing"):
        people.consent(uow, person, topic, False)
    typed_answers.forget(uow, person)
    uow.session.execute(delete(Draft).where(Draft.person_id == person.id))
    for link in uow.session.scalars(select(ColleagueLink).where(ColleagueLink.invited_by == person.id)):
        link.closed_at = link.closed_at or uow.now
    _forget(person)
    audit.record(uow, f"person/{person.id}", "person_erased", f"person/{person.id}")


def _must_be_free(uow: UnitOfWork, member: Member) -> None:
    others = [one for one, _ in colleagues.of_company(uow, member.company_id) if one.id != member.id]
    if others and member.role == "owner" and not any(one.role == "owner" for one in others):
        raise InvalidState("A company needs an owner. Make somebody else owner first.", code="last_owner")
    own = (Order.company_id == member.company_id) | (Lot.company_id == member.company_id)
    running = select(Order.id).join(Lot, Lot.id == Order.lot_id).where(own, Order.state != "done").limit(1)
    if not others and uow.session.scalar(running) is not None:
        raise InvalidState("An order is still under way. Finish it or hand it over first.", code="orders_running")


def _goodbye(t: Texts) -> Said:
    return escaped(t("Your account is deleted. If you come back, we begin anew.")), []


def _close(uow: UnitOfWork, company: Company, person: Person, member: Member) -> None:
    """Leave a company without people: lots cancelled, offers withdrawn, out of the catalogue, no personal answers."""
    ref = company_cards.item_ref(company)
    for lot in lots.of_company(uow, company.id):
        if lot.state in {"submitted", "changes_requested", "published"}:
            lots.close(uow, lots.get(uow, lot.id, lock=True), "cancelled", f"person/{person.id}", action="cancel")
    for offer in offers.of_company(uow, company.id):
        if offer.state in {"submitted", "allowed"}:
            offers.take_back(uow, offers.get(uow, offer.id, lock=True), f"person/{person.id}")
    company.publication = "hidden"
    company.subscribed_until = company.catalogue_until = None
    form = pack().questionnaires[company.kind]
    personal = {question.code for question in form.questions if erasure.is_personal(question)}
    emptied = {code: "" for code, value in company.answers.items() if code in personal and isinstance(value, str)}
    company.answers = {code: value for code, value in company.answers.items() if code not in personal}
    company.former_names = []
    catalogue_entries.refresh(uow, company)
    if emptied:
        uow.send(SaveItem(ref=ref, fields=dict(emptied)))
    uow.session.delete(member)
    uow.session.flush()


def _tell_employee(uow: UnitOfWork, company: Company, person: Person) -> None:
    if not company.responsible_id:
        return
    t = portals.speech(uow)
    text = t(
        "{name} ({company}) deleted the account. The card and the open line are being emptied; only what was said about "
        "orders stays. Please remove your own notes about the person.",
        name=people.name_of(person),
        company=company.name,
    )
    ref = company_cards.item_ref(company)
    staff.notify(uow, company.responsible_id, text, tag=f"person/{person.id}", ref=ref)


def _forget(person: Person) -> None:
    person.telegram_id = person.chat_id = f"erased-{person.id}"
    person.first_name = person.last_name = person.username = person.start_payload = ""
    person.active_role = ""
    person.current_conversation_id = None
    person.state = "deleted"

"""What becomes of a forgotten person outside our own tables of people: the CRM card, the open line, messages, files.

Called by `personal_data`, and by the keeper of outcomes once a card was read. May send: the emptied card, ForgetReach, deletions of
messages in the open line and in the other side's chats. What was said about an order stays, without a name: it is what was agreed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sqlalchemy import delete, select, true

from b24app.domain.deliveries import DeleteInOpenLine, ForgetReach, SaveItem
from b24app.domain.industries import Kind, Question
from b24app.services import portals
from b24app.services.industries import pack
from storage.models import (
    Audit,
    AuditDocument,
    CleanCopy,
    Company,
    Conversation,
    CrmLink,
    File,
    Lot,
    Message,
    MessageCopy,
    Offer,
    Order,
    OrderUpdate,
    OutboxRow,
    Person,
)
from storage.unit_of_work import UnitOfWork

PERSONAL = frozenset({"full_name", "position", "representative_name", "representative_position"})
"""Answers that speak of a person rather than of the company, besides all private ones."""
PERSONAL_ON_CARD = frozenset({"name", "post", "fm", "telegram_id", "telegram_username"})


def empty_card(uow: UnitOfWork, ref: str) -> None:
    """Take name, account, phones and e-mails off a contact or a lead; what we remember of having written there goes too."""
    if not ref:
        return
    t = portals.speech(uow)
    fields = {"telegram_id": "", "telegram_username": "", "telegram_state": "deleted", "post": ""}
    uow.send(SaveItem(ref=ref, fields={**fields, "name": t("Deleted user"), "consent_given_at": ""}))
    uow.send(ForgetReach(ref=ref), key=f"forget-reach:{ref}", lane=f"forget:{ref}")
    personal = PERSONAL_ON_CARD | {
        question.code for form in pack().questionnaires.values() for question in form.questions if is_personal(question)
    }
    for link in uow.session.scalars(select(CrmLink).where(CrmLink.ref == ref)):
        link.snapshot = {code: value for code, value in link.snapshot.items() if code not in personal}


def empty_lead(uow: UnitOfWork, company: Company, telegram_id: str) -> None:
    """Do the same to the lead that a buyer began as, which stays in the CRM after it became a contact; only if it tells of this person."""
    link = uow.session.scalars(select(CrmLink).where(CrmLink.ref == f"lead/{company.id}")).first()
    if link is None or link.snapshot.get("telegram_id") != telegram_id:
        return
    form = pack().questionnaires[company.kind]
    told = [question.code for question in form.questions if question.code in link.snapshot and is_personal(question)]
    uow.send(SaveItem(ref=link.ref, fields=dict.fromkeys(told, "")))
    empty_card(uow, link.ref)


def is_personal(question: Question) -> bool:
    """Tell whether an answer speaks of a person rather than of the company."""
    return question.private or question.code in PERSONAL


def empty_reach(uow: UnitOfWork, row: OutboxRow, answer: Mapping[str, Any]) -> None:
    """Remove the phones, e-mails and messengers that were found on the card, by the portal's own ids."""
    found = answer.get("reach") or {}
    if found:
        emptied = {number: {"typeId": kind, "value": ""} for number, kind in found.items()}
        uow.send(SaveItem(ref=str(row.payload["ref"]), fields={"fm": emptied}))


def forget_words(uow: UnitOfWork, person: Person) -> int:
    """Empty what a person said where no order came of it, and have the open line drop it; answers how many messages."""
    kept = select(Conversation.id).where(Conversation.order_id.is_not(None))
    said = uow.session.scalars(
        select(Message)
        .where(Message.person_id == person.id, Message.conversation_id.not_in(kept), Message.original != "")
        .with_for_update(key_share=True)
    ).all()
    mirrored = set(
        uow.session.scalars(
            select(MessageCopy.message_id).where(
                MessageCopy.place == "open_line", MessageCopy.message_id.in_([message.id for message in said])
            )
        )
    )
    unclean = [message.clean_file_id for message in said if message.clean_file_id]
    for message in said:
        if message.id in mirrored:
            delivery = DeleteInOpenLine(
                conversation_id=str(message.conversation_id),
                message_id=str(message.id),
                speaker_id=f"person{person.id}",
            )
            uow.send(delivery, key=f"message/{message.id}:open_line:forgotten")
        message.text = message.original = message.quote = message.file_name = ""
        message.file_id = message.clean_file_id = None
        message.deleted_at = message.deleted_at or uow.now
    uow.session.flush()
    uow.session.execute(delete(File).where(File.id.in_(unclean)))
    return len(said)


def forget_files(uow: UnitOfWork, person: Person, companies: Mapping[int, bool]) -> int:
    """Drop the person's files, but those of orders and of companies that go on without them; answers how many.

    `companies`: id → whether others go on. The bytes follow once nothing names them (see the job `forget_bytes`).
    """
    kept = {
        file_id for company_id, goes_on in companies.items() for file_id in _named(uow, company_id, goes_on=goes_on)
    }
    kept |= {
        file_id
        for file_id in uow.session.scalars(select(CleanCopy.clean_file_id).where(CleanCopy.file_id.in_(kept)))
        if file_id
    }
    said = select(Message.file_id).join(Conversation, Conversation.id == Message.conversation_id)
    of_orders = said.where(Conversation.order_id.is_not(None), Message.file_id.is_not(None))
    reports = select(OrderUpdate.file_id).where(OrderUpdate.file_id.is_not(None))
    theirs = [
        file_id
        for file_id in uow.session.scalars(
            select(File.id).where(File.person_id == person.id, File.id.not_in(of_orders), File.id.not_in(reports))
        )
        if file_id not in kept
    ]
    uow.session.execute(delete(File).where(File.id.in_(theirs)))
    return len(theirs)


def _named(uow: UnitOfWork, company_id: int, *, goes_on: bool) -> Iterator[int]:
    """Give the ids of the files in a company's answers, lots, offers and audits; of one that ends only what was ordered."""
    ordered_lots, ordered_offers = select(Order.lot_id), select(Order.offer_id)
    lots = select(Lot.fields).where(Lot.company_id == company_id, true() if goes_on else Lot.id.in_(ordered_lots))
    offers = select(Offer.terms).where(
        Offer.company_id == company_id, true() if goes_on else Offer.id.in_(ordered_offers)
    )
    for form, rows in ((pack().forms["lot"], lots), (pack().forms["offer"], offers)):
        for answers in uow.session.scalars(rows):
            yield from _files_in(form.questions, answers)
    if goes_on:
        company = uow.session.get_one(Company, company_id)
        yield from _files_in(pack().questionnaires[company.kind].questions, company.answers)
        sent = select(AuditDocument.file_ids).join(Audit, Audit.id == AuditDocument.audit_id)
        for file_ids in uow.session.scalars(sent.where(Audit.company_id == company_id)):
            yield from file_ids


def _files_in(questions: Iterable[Question], answers: Mapping[str, Any]) -> Iterator[int]:
    for question in questions:
        value = answers.get(question.code) or ()
        if question.kind is Kind.FILE and value:
            yield int(answers[question.code])
        elif question.kind is Kind.FILES:
            yield from map(int, value)
        elif question.kind is Kind.GROUP:
            for entry in value:
                yield from _files_in(question.questions, entry)

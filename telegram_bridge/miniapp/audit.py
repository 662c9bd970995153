"""The factory's audit: what it is and costs, which documents are asked for, what became of each, and the sending of them."""

from __future__ import annotations

from flask import Response, request
from marshmallow import fields, validate

from b24app.domain import audits as rules
from b24app.form_parts import Form, WholeNumber, read_id
from b24app.services import audits, companies, verification
from b24app.services.industries import pack
from telegram_bridge.miniapp import wizard
from telegram_bridge.miniapp.door import Door, Visit, answer
from telegram_bridge.miniapp.home import NothingForm


class DocumentForm(Form):
    """The sending of one document; its files are the uploads named `files`."""

    audit_id = WholeNumber(required=True)
    code = fields.String(required=True, validate=validate.Length(max=80))


def add_to(door: Door) -> None:
    """Offer the screen and the actions."""

    @door.screen("/audit", who="factory")
    def audit(visit: Visit) -> str:
        running = audits.running(visit.uow, visit.own_company.id)
        asked = audits.documents(visit.uow, running.id) if running else []
        waits_for = {"waiting", "returned"}
        return visit.render(
            "audit",
            audit=running,
            standing=companies.standing(visit.own_company, visit.uow.now),
            asked_for=pack().audit.documents,
            verification=verification.terms(visit.uow, visit.t),
            takes=running is not None and rules.allowed(running.state, "send"),
            documents=[(document, row, wizard.attached(visit, row.file_ids)) for document, row in asked],
            left=sum(1 for document, row in asked if document.required and row.state in waits_for),
        )

    @door.action("send_audit_document", DocumentForm(), who="factory")
    def send_audit_document(visit: Visit, audit_id: int, code: str) -> Response:
        given = [number for one in request.form.getlist("files") if (number := read_id(one)) is not None]
        audits.send_document(visit.uow, visit.person, audit_id, code, given)
        return answer(again=True, done=True, toast=visit.t("Sent. We check it and write to you."))

    @door.action("ask_verification", NothingForm(), who="factory")
    def ask_verification(visit: Visit) -> Response:
        conversation = verification.ask(visit.uow, visit.person)
        said = visit.t("The manager has your request and will write to you here.")
        return answer(go=f"/app/chats/{conversation.id}", done=True, toast=said)

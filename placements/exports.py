"""Reports as files: a link for one visitor, one filter and two minutes, and the file behind it.

The link is asked for with the page token and only by those who may export; behind it the right is checked again. Called by `routes`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flask import Response, jsonify, make_response
from itsdangerous import BadData, URLSafeTimedSerializer

from b24app.config import Settings
from b24app.errors import NotAllowed, NotFound
from b24app.i18n import texts
from b24app.services import audit, report_files, staff
from b24app.services.industries import pack
from placements import reports, rights
from placements.calls import Call
from storage.unit_of_work import Transactions

VALID_SECONDS = 120
ACTION = "export_reports"
PAGES = frozenset({"overview", "reports"})


@dataclass(frozen=True)
class Order:
    """What a link stands for: who asked, in which language, for which kind of file, with which filter."""

    user_id: str
    is_admin: bool
    language: str
    kind: str
    filter: Mapping[str, str]


class Exports:
    """Issues links and makes files for one deployment."""

    def __init__(self, settings: Settings, transactions: Transactions) -> None:
        self._transactions = transactions
        self._signer = URLSafeTimedSerializer(list(reversed(settings.secret_keys)), salt="report export")

    def link(self, call: Call, kind: str, given: Mapping[str, str]) -> Response:
        """Answer with the address of a file. NotAllowed for those who may not export, InvalidInput for a filter that is none."""
        if kind not in report_files.MIME or call.code not in PAGES:
            raise NotFound
        if not rights.may(call.role, ACTION):
            raise NotAllowed
        with self._transactions() as uow:
            asked = reports.asked_of(given, staff.today(uow), staff.voice(uow, call.language))
        kept = {"since": str(asked.span.since), "until": str(asked.span.until), "segment": asked.span.segment}
        kept |= {"factory": asked.wanted.name, "sort": asked.wanted.sort}
        token = self._signer.dumps([call.user_id, call.is_admin, call.language, kind, kept])
        return jsonify(address=f"/placements/exports/{token}")

    def file(self, token: str) -> Response:
        """Make the file of a link. NotAllowed when it is not ours, ran out, or its visitor may no longer export."""
        try:
            order = Order(*self._signer.loads(token, max_age=VALID_SECONDS))
        except (BadData, TypeError) as error:
            raise NotAllowed from error
        t = texts(order.language)
        with self._transactions() as uow:
            role = staff.role_of(uow, order.user_id, is_admin=order.is_admin)
            if not rights.may(role, ACTION):
                raise NotAllowed
            asked = reports.asked_of(order.filter, staff.today(uow), staff.voice(uow, order.language))
            sheets = reports.whole(uow, asked, order.language)
            audit.record(uow, f"user/{order.user_id}", "reports_exported", "reports", kind=order.kind, **order.filter)
        segment = (
            pack().named("segments", asked.span.segment, order.language) if asked.span.segment else t("All segments")
        )
        heading = f"{t.date(asked.span.since)} – {t.date(asked.span.until)} · {segment}"
        title = t("Reports of the marketplace")
        made = (
            report_files.workbook(sheets, heading)
            if order.kind == "xlsx"
            else report_files.document(sheets, title, heading, t)
        )
        answer = make_response(made)
        answer.mimetype = report_files.MIME[order.kind]
        name = f"marketplace-{asked.span.since}-{asked.span.until}.{order.kind}"
        answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
        return answer

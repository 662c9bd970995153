"""Uploading files. They are fetched back through expiring links, at another door."""

from __future__ import annotations

from datetime import timedelta

from flask import Response, jsonify, request
from sqlalchemy import func, select

from b24app.access import authenticated_by
from b24app.errors import InvalidInput, LimitExceeded
from storage.models import File
from telegram_bridge.miniapp import uploads
from telegram_bridge.miniapp.door import Door, Visit
from telegram_bridge.miniapp.wizard import size_text

DAILY_FILES = 200


def add_to(door: Door) -> None:
    """Offer the upload."""

    @door.blueprint.post("/files")
    @authenticated_by("session pass")
    def upload() -> Response:
        with door.visit() as visit:
            _must_have_room(visit)
        # The bytes are read between two transactions: a slow phone must not hold a database connection.
        given = request.files.get("file")
        stored = refusal = None
        if given is not None:
            try:
                stored = uploads.store(given.stream, given.filename or "", door.settings.files_dir)
            except (uploads.TooLarge, uploads.UnknownKind) as error:
                refusal = error
        with door.visit() as visit:
            if stored is None:
                raise InvalidInput(said := _sentence(visit, refusal), fields={"file": [said]})
            file = File(
                owner=f"person/{visit.person.id}",
                person_id=visit.person.id,
                name=stored.name,
                mime=stored.mime,
                size=stored.size,
                sha256=stored.sha256,
                created_at=visit.uow.now,
            )
            visit.uow.session.add(file)
            visit.uow.session.flush()
            taken = jsonify(id=file.id, name=file.name, size=size_text(file.size, visit.t))
            taken.status_code = 201
            return taken


def _must_have_room(visit: Visit) -> None:
    """Raise LimitExceeded when a person uploaded more within a day than anybody needs."""
    yesterday = visit.uow.now - timedelta(days=1)
    recent = select(func.count()).where(File.person_id == visit.person.id, File.created_at > yesterday)
    if (visit.uow.session.scalar(recent) or 0) >= DAILY_FILES:
        raise LimitExceeded


def _sentence(visit: Visit, refusal: Exception | None) -> str:
    t = visit.t
    if isinstance(refusal, uploads.TooLarge):
        return t("The file is larger than 20 MB.")
    if isinstance(refusal, uploads.UnknownKind):
        return t("This kind of file is not accepted. Please send a picture, PDF, document, table or archive.")
    return t("No file arrived. Please try again.")

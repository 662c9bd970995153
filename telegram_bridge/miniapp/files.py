"""Uploading files. They are fetched back through expiring links, at another door."""

from __future__ import annotations

from flask import Response, jsonify, request

from b24app.access import authenticated_by
from b24app.errors import InvalidInput
from b24app.services import sent_files
from telegram_bridge.miniapp import uploads
from telegram_bridge.miniapp.door import Door
from telegram_bridge.miniapp.wizard import size_text


def add_to(door: Door) -> None:
    """Offer the upload."""

    @door.blueprint.post("/files")
    @authenticated_by("session pass")
    def upload() -> Response:
        with door.visit() as visit:
            sent_files.must_have_room(visit.uow, visit.person)
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
                said = uploads.why_not(refusal, visit.t) or visit.t("No file arrived. Please try again.")
                raise InvalidInput(said, fields={"file": [said]})
            fetched = sent_files.Fetched(stored.sha256, stored.size, stored.mime, stored.name)
            file = sent_files.keep(visit.uow, visit.person.id, fetched)
            taken = jsonify(id=file.id, name=file.name, size=size_text(file.size, visit.t))
            taken.status_code = 201
            return taken

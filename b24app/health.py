"""What every web process says of itself to monitors, and to everybody while its database is away.

Mounted by the composition roots of the web process and of the receiver. Knows the engine and nothing of what the process serves.
"""

from __future__ import annotations

import logging

from flask import Flask, Response, jsonify
from sqlalchemy import Engine, text
from sqlalchemy.exc import SQLAlchemyError

from b24app.access import authenticated_by
from storage.away import AWAY, RETRY_AFTER_SECONDS

log = logging.getLogger(__name__)


def add_health(app: Flask, engine: Engine) -> None:
    """Let monitors see that a web process lives and reaches its database, and answer every other caller while it does not."""

    @app.get("/healthz")
    @authenticated_by("nobody: tells only that the process lives")
    def alive() -> Response:
        return Response("alive\n", mimetype="text/plain")

    @app.get("/readyz")
    @authenticated_by("nobody: tells only whether the database answers")
    def ready() -> tuple[Response, int]:
        try:
            with engine.connect() as connection:
                connection.execute(text("SELECT 1 FROM inbox LIMIT 1"))
        except SQLAlchemyError:
            return jsonify(database=False), 503
        return jsonify(database=True), 200

    def away(error: Exception) -> tuple[Response, int]:
        log.warning("the database is away: %s", type(error).__name__)
        answer = jsonify()
        answer.headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
        return answer, 503

    for kind in AWAY:
        app.register_error_handler(kind, away)

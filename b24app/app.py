"""The composition root of the web process: every door on one Flask application.

It knows everything that answers somebody, and decides nothing. `b24app.worker`, `b24app.operations` and `b24app.receiver` are the
roots of the other processes.
"""

from __future__ import annotations

import hmac

from flask import Flask, Response, request

import placements.install
import placements.install_connector
import placements.routes
import telegram_bridge.miniapp.routes
from b24app import assets, receiver
from b24app.access import authenticated_by
from b24app.bitrix24.enrolment import Enrolment
from b24app.bitrix24.visitors import VisitorCheck
from b24app.config import Settings
from b24app.health import add_health
from b24app.parts import Parts, build_parts
from b24app.services import metrics
from placements.outside import Outside
from storage.db import db
from storage.engines import POOL
from storage.jobs import defer
from telegram_bridge import files_door, pictures
from telegram_bridge.bot_choice import BotChoice
from telegram_bridge.miniapp import uploads

UPLOAD_BYTES = 21 * 1024 * 1024


def create_app(settings: Settings) -> Flask:
    """Make the web process: every door on one Flask application."""
    app = Flask(__name__, static_folder=None)
    app.config.update(
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        SQLALCHEMY_ENGINE_OPTIONS=POOL,
        MAX_CONTENT_LENGTH=UPLOAD_BYTES,
    )
    db.init_app(app)
    with app.app_context():
        parts = build_parts(settings, db.engine)
    _mount(app, parts)
    add_health(app, parts.engine)
    _add_metrics(app, parts)
    return app


def _mount(app: Flask, parts: Parts) -> None:
    settings, transactions = parts.settings, parts.transactions
    visitors = VisitorCheck(parts.rest, transactions)
    enrolment = Enrolment(settings, transactions, parts.rest, parts.authorization)
    bots = BotChoice(settings, transactions, parts.bot)

    def start(job: str) -> None:
        with parts.engine.begin() as connection:
            defer(connection, job)

    for blueprint in (
        assets.create_blueprint(),
        *receiver.doors(settings, transactions),
        files_door.create_blueprint(settings=settings, transactions=transactions, bot=parts.bot),
        telegram_bridge.miniapp.routes.create_blueprint(settings=settings, transactions=transactions),
        placements.install.create_blueprint(
            settings=settings, transactions=transactions, enrolment=enrolment, start=start, bots=bots
        ),
        placements.install_connector.create_blueprint(
            transactions=transactions, confirm_visitor=visitors.confirm, connect_line=parts.installer.connect_line
        ),
        placements.routes.create_blueprint(
            settings=settings,
            transactions=transactions,
            confirm_visitor=visitors.confirm,
            outside=Outside(
                bots,
                enrolment.take_over,
                start,
                keep_picture=lambda stream, name: pictures.keep(stream, name, settings.files_dir),
                keep_file=lambda stream, name: uploads.taken(stream, name, settings.files_dir),
            ),
        ),
    ):
        app.register_blueprint(blueprint)


def _add_metrics(app: Flask, parts: Parts) -> None:
    token = metrics.token(parts.settings.secret_keys)

    @app.get("/metrics")
    @authenticated_by("token of the monitoring system")
    def metrics_page() -> tuple[Response, int]:
        if not hmac.compare_digest(request.headers.get("Authorization", "").encode(), f"Bearer {token}".encode()):
            return Response(status=403), 403
        with parts.transactions() as uow:
            return Response(metrics.exposition(uow), mimetype="text/plain"), 200

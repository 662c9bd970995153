"""The composition root: the only module that knows everything, and decides nothing.

`create_app` makes the web process, `create_worker` the worker, the rest the operator's commands; the receiver has a root of its own.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from flask import Flask, Response, request
from sqlalchemy import Engine

import placements.install
import placements.install_connector
import placements.routes
import robots.calls
import telegram_bridge.miniapp.routes
from b24app import assets, logs, receiver
from b24app.access import authenticated_by
from b24app.bitrix24 import events, reconciling
from b24app.bitrix24.client import RestClient
from b24app.bitrix24.enrolment import Enrolment
from b24app.bitrix24.gateway import Bitrix24Gateway
from b24app.bitrix24.install import Installer, apply_for, plan_for
from b24app.bitrix24.line_watch import LineWatch
from b24app.bitrix24.oauth import AuthorizationServer, TokenKeeper
from b24app.bitrix24.offline import MissedEvents
from b24app.bitrix24.owner import OwnerWatch
from b24app.bitrix24.pacing import Pacing
from b24app.bitrix24.reconciling import Reconciliation
from b24app.bitrix24.recovery import LineRecovery
from b24app.bitrix24.stuck import StuckWorkflows
from b24app.bitrix24.visitors import VisitorCheck
from b24app.config import Settings
from b24app.domain.delivery import Network
from b24app.health import add_health
from b24app.i18n import LANGUAGES
from b24app.jobs import (
    apply_installation,
    forget_bytes,
    keep_deadlines,
    keep_promises,
    look_at_portal,
    note_limits,
    prepare_removal,
    reconcile,
)
from b24app.jobs.dispatching import Dispatcher
from b24app.jobs.translate_messages import TranslationJob
from b24app.jobs.worker import Worker
from b24app.manifest import Manifest, load
from b24app.services import bot_texts, exchange, message_files, message_translations, metrics
from b24app.services import settings as choices
from placements.outside import Outside
from storage.db import db
from storage.engines import POOL, engine_on
from storage.jobs import defer
from storage.sealing import keyring
from storage.unit_of_work import Transactions
from telegram_bridge import files_door, pictures, setup, updates
from telegram_bridge.backlog import Backlog
from telegram_bridge.bot_choice import BotChoice
from telegram_bridge.current_bot import CurrentBot
from telegram_bridge.file_job import FileJob
from telegram_bridge.gateway import TelegramGateway

PROJECT = Path(__file__).resolve().parent.parent
UPLOAD_BYTES = 21 * 1024 * 1024
HANDLERS = {
    "telegram": updates.handle,
    "bitrix24.event": events.handle,
    "bitrix24.robot": robots.calls.handle,
}
GIVE_UPS = {"bitrix24.robot": robots.calls.give_up}


@dataclass(frozen=True)
class Parts:
    """What the processes share: built once, lazily, from the settings, app.yaml and an engine."""

    settings: Settings
    manifest: Manifest
    engine: Engine

    @cached_property
    def transactions(self) -> Transactions:
        """Give the way to open units of work."""
        return Transactions(self.engine)

    @cached_property
    def rest(self) -> RestClient:
        """Give the REST client."""
        return RestClient(Pacing(self.transactions, self.settings), self.settings.longest_call_seconds)

    @cached_property
    def authorization(self) -> AuthorizationServer:
        """Give the server that issues tokens."""
        return AuthorizationServer(self.settings)

    @cached_property
    def keeper(self) -> TokenKeeper:
        """Give the keeper of the portal's tokens."""
        return TokenKeeper(self.transactions, self.authorization)

    @cached_property
    def installer(self) -> Installer:
        """Give the installer."""
        return Installer(self.settings, self.transactions, self.rest, self.keeper, self.manifest)

    @cached_property
    def reconciliation(self) -> Reconciliation:
        """Give the comparison of the CRM with our records."""
        return Reconciliation(self.transactions, self.rest, self.keeper, self.manifest)

    @cached_property
    def bot(self) -> CurrentBot:
        """Give the bot in use."""
        return CurrentBot(self.settings, self.transactions)


def build_engine(settings: Settings) -> Engine:
    """Give an engine on the deployment's database."""
    return engine_on(settings.database_url)


def _build_parts(settings: Settings, engine: Engine | None = None) -> Parts:
    logs.configure(settings.log_level)
    keyring.use(settings.secret_keys)
    # The manifest is read first: no process starts with one that cannot be read whole.
    return Parts(settings, load(PROJECT / "app.yaml"), engine or build_engine(settings))


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
        parts = _build_parts(settings, db.engine)
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
                bots, enrolment.take_over, start, lambda stream, name: pictures.keep(stream, name, settings.files_dir)
            ),
        ),
    ):
        app.register_blueprint(blueprint)


def _add_metrics(app: Flask, parts: Parts) -> None:
    token = metrics_token(parts.settings)

    @app.get("/metrics")
    @authenticated_by("token of the monitoring system")
    def metrics_page() -> tuple[Response, int]:
        if not hmac.compare_digest(request.headers.get("Authorization", "").encode(), f"Bearer {token}".encode()):
            return Response(status=403), 403
        with parts.transactions() as uow:
            return Response(metrics.exposition(uow), mimetype="text/plain"), 200


def metrics_token(settings: Settings) -> str:
    """Give the token with which a monitoring system reads /metrics; it changes with the deployment's newest key."""
    return hmac.new(settings.secret_keys[0].encode(), b"metrics", hashlib.sha256).hexdigest()[:40]


def create_worker(settings: Settings) -> Worker:
    """Make the worker process: handlers of the inbox, dispatchers of both networks, jobs by name."""
    parts = _build_parts(settings)
    bitrix24 = Bitrix24Gateway(settings, parts.transactions, parts.rest, parts.keeper, parts.manifest)
    telegram = TelegramGateway(settings=settings, transactions=parts.transactions, bot=parts.bot)
    files = FileJob(settings, parts.transactions, parts.bot)
    translations = TranslationJob(parts.transactions)
    return Worker(
        settings.database_url.replace("postgresql+psycopg://", "postgresql://", 1),
        parts.transactions,
        HANDLERS,
        [
            Dispatcher(
                Network.BITRIX24,
                bitrix24,
                parts.transactions,
                batch=50,
                senders=4,
                reserved=1,
                per_lane=20,
                settle_seconds=settings.settle_seconds,
                longest_call_seconds=settings.longest_call_seconds,
            ),
            Dispatcher(Network.TELEGRAM, telegram, parts.transactions, batch=2, senders=6, reserved=2),
        ],
        give_ups=GIVE_UPS,
        tasks={
            "look_at_portal": lambda: look_at_portal.run(parts.installer),
            "prepare_removal": lambda: prepare_removal.run(parts.installer),
            "apply_installation": lambda: apply_installation.run(parts.installer),
            reconciling.NAME: lambda: reconcile.run(parts.reconciliation),
            message_files.JOB: files.run,
            message_translations.JOB: translations.run,
        },
        schedule={name: job.cron for name, job in parts.manifest.jobs.items() if job.cron},
        chores=[
            files.run,
            translations.run,
            MissedEvents(parts.transactions, parts.rest, parts.keeper).run,
            LineRecovery(parts.transactions, parts.rest, parts.keeper).run,
            LineWatch(parts.transactions, parts.rest, parts.keeper, parts.manifest).run,
            StuckWorkflows(parts.transactions, parts.rest, parts.keeper).run,
            OwnerWatch(parts.transactions, parts.rest, parts.keeper).run,
            Backlog(settings, parts.transactions, parts.bot).run,
            lambda: note_limits.run(parts.transactions, settings),
            lambda: keep_promises.run(parts.transactions),
            lambda: keep_deadlines.run(parts.transactions),
            lambda: forget_bytes.run(parts.transactions, settings.files_dir),
        ],
        concurrency=settings.worker_concurrency,
        stalled_after_seconds=settings.stalled_after_seconds,
    )


def keep_rates(settings: Settings, text: str) -> None:
    """Keep the exchange rates that an operator gives. InvalidInput when they cannot be read."""
    with Transactions(build_engine(settings))() as uow:
        exchange.keep(uow, text, "operator")


def set_up_telegram(settings: Settings) -> list[str]:
    """Tell Telegram our webhook, commands and menu button; answers what was done."""
    parts = _build_parts(settings)
    with parts.transactions() as uow:
        # The environment is where a first choice may come from; what an administrator chose on our page stays.
        if settings.tender_channel_id and not choices.get(uow, "tender_channel_id"):
            choices.put(uow, "tender_channel_id", settings.tender_channel_id, "automation")
        speak = {language: bot_texts.speaker(uow, language) for language in LANGUAGES}
    try:
        return setup.set_up(parts.bot.client(), settings, speak.__getitem__)
    finally:
        parts.bot.close()
        parts.engine.dispose()


def reconcile_now(settings: Settings, say: Callable[[str], None]) -> bool:
    """Compare the CRM with our records, telling how far it is; False when that is being done elsewhere or nothing is installed."""
    parts = _build_parts(settings)
    try:
        return parts.reconciliation.run(say)
    finally:
        parts.rest.close()
        parts.engine.dispose()


def installation_plan(settings: Settings) -> list[str]:
    """Say what an installation would change on the portal."""
    with _installing(settings) as installer:
        return plan_for(installer)


def apply_installation_now(settings: Settings) -> list[str]:
    """Bring the portal to what app.yaml declares; answers what was done."""
    with _installing(settings) as installer:
        return apply_for(installer)


@contextmanager
def _installing(settings: Settings) -> Iterator[Installer]:
    parts = _build_parts(settings)
    try:
        yield parts.installer
    finally:
        parts.rest.close()
        parts.engine.dispose()

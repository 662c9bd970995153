"""The composition root of the worker: handlers of the inbox, dispatchers of both networks, jobs by name.

Called by the command that runs a worker, and decides nothing. It knows no page: a worker answers nobody, and starts the sooner
for not loading what it never uses.
"""

from __future__ import annotations

import robots.calls
from b24app.bitrix24 import events, reconciling
from b24app.bitrix24.gateway import Bitrix24Gateway
from b24app.bitrix24.line_watch import LineWatch
from b24app.bitrix24.offline import MissedEvents
from b24app.bitrix24.owner import OwnerWatch
from b24app.bitrix24.recovery import LineRecovery
from b24app.bitrix24.rounds import Round
from b24app.bitrix24.stuck import StuckWorkflows
from b24app.config import Settings
from b24app.domain.delivery import Network
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
from b24app.jobs.sending import Pace
from b24app.jobs.translate_messages import TranslationJob
from b24app.jobs.worker import Work, Worker
from b24app.parts import Parts, build_parts
from b24app.services import clean_copies, industries, message_files, message_translations, sent_files
from telegram_bridge import updates
from telegram_bridge.backlog import Backlog
from telegram_bridge.clean_file_job import CleanFileJob
from telegram_bridge.file_job import FileJob
from telegram_bridge.gateway import TelegramGateway
from telegram_bridge.sent_file_job import SentFileJob

HANDLERS = {
    "telegram": updates.handle,
    "bitrix24.event": events.handle,
    "bitrix24.robot": robots.calls.handle,
}
GIVE_UPS = {"bitrix24.robot": robots.calls.give_up}


def create_worker(settings: Settings) -> Worker:
    """Make the worker process."""
    parts = build_parts(settings)
    # Read now: otherwise the first message of all would wait for it, marked as under way.
    industries.pack()
    files = FileJob(settings, parts.transactions, parts.bot)
    copies = CleanFileJob(settings, parts.transactions)
    answers = SentFileJob(settings, parts.transactions, parts.bot)
    translations = TranslationJob(parts.transactions)
    work = Work(
        tasks={
            "look_at_portal": lambda: look_at_portal.run(parts.installer),
            "prepare_removal": lambda: prepare_removal.run(parts.installer),
            "apply_installation": lambda: apply_installation.run(parts.installer),
            reconciling.NAME: lambda: reconcile.run(parts.reconciliation),
            message_files.JOB: files.run,
            sent_files.JOB: answers.run,
            clean_copies.JOB: copies.run,
            message_translations.JOB: translations.run,
        },
        schedule={name: job.cron for name, job in parts.manifest.jobs.items() if job.cron},
        chores=[
            files.run,
            answers.run,
            copies.run,
            translations.run,
            _round(parts).run,
            Backlog(settings, parts.transactions, parts.bot).run,
            lambda: note_limits.run(parts.transactions, settings),
            lambda: keep_promises.run(parts.transactions),
            lambda: keep_deadlines.run(parts.transactions),
            lambda: forget_bytes.run(parts.transactions, settings.files_dir),
        ],
    )
    return Worker(
        settings.database_url.replace("postgresql+psycopg://", "postgresql://", 1),
        parts.transactions,
        HANDLERS,
        _dispatchers(settings, parts),
        work,
        give_ups=GIVE_UPS,
        concurrency=settings.worker_concurrency,
        stalled_after_seconds=settings.stalled_after_seconds,
    )


def _dispatchers(settings: Settings, parts: Parts) -> list[Dispatcher]:
    """Give what carries everything to both networks."""
    bitrix24 = Bitrix24Gateway(settings, parts.transactions, parts.rest, parts.keeper, parts.manifest)
    telegram = TelegramGateway(settings=settings, transactions=parts.transactions, bot=parts.bot)
    portal = Pace(
        batch=50,
        per_lane=20,
        settle_seconds=settings.settle_seconds,
        longest_call_seconds=settings.longest_call_seconds,
    )
    return [
        Dispatcher(Network.BITRIX24, bitrix24, parts.transactions, portal, senders=4, reserved=1),
        Dispatcher(Network.TELEGRAM, telegram, parts.transactions, Pace(batch=2), senders=6, reserved=2),
    ]


def _round(parts: Parts) -> Round:
    """Give what is asked of the portal every minute."""
    questions = [
        MissedEvents(parts.transactions),
        LineRecovery(parts.transactions),
        LineWatch(parts.transactions, parts.manifest),
        StuckWorkflows(parts.transactions),
        OwnerWatch(parts.transactions),
    ]
    return Round(parts.transactions, parts.rest, parts.keeper, questions)

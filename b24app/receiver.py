"""The small composition root: a process that only accepts what Telegram and the portal's servers say, stores it and answers.

`create_receiver` makes it; the web process mounts the same doors, so there is one way of accepting. Meant to run on while everything
else is stopped, upgraded or broken: it must know no page, no Mini App, no manifest, no service and no job.
"""

from __future__ import annotations

from flask import Blueprint, Flask

from b24app import logs
from b24app.bitrix24 import routes
from b24app.config import Settings
from b24app.health import add_health
from storage.engines import engine_on
from storage.sealing import keyring
from storage.unit_of_work import Transactions
from telegram_bridge import webhook


def doors(settings: Settings, transactions: Transactions) -> tuple[Blueprint, ...]:
    """Give every door that only stores: Telegram's webhook; the portal's events, those of the connector included, and rules."""
    return (
        webhook.create_blueprint(settings=settings, transactions=transactions),
        routes.create_blueprint(settings=settings, transactions=transactions),
    )


def create_receiver(settings: Settings) -> Flask:
    """Make the receiver process. It needs the web process's settings, since both sides prove themselves with the same secrets."""
    logs.configure(settings.log_level)
    keyring.use(settings.secret_keys)
    engine = engine_on(settings.database_url)
    app = Flask(__name__, static_folder=None)
    app.config.update(MAX_CONTENT_LENGTH=webhook.MAX_BYTES)
    for door in doors(settings, Transactions(engine)):
        app.register_blueprint(door)
    add_health(app, engine)
    return app

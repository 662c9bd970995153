"""The composition root of the operator's commands: each brings up what it needs, does one thing and closes it again.

Called by `cli`; decides nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from b24app.bitrix24.install import Installer, apply_for, plan_for
from b24app.config import Settings
from b24app.i18n import LANGUAGES
from b24app.parts import build_engine, build_parts
from b24app.services import bot_texts, exchange, metrics
from b24app.services import settings as choices
from storage.unit_of_work import Transactions
from telegram_bridge import setup


def keep_rates(settings: Settings, text: str) -> None:
    """Keep the exchange rates that an operator gives. InvalidInput when they cannot be read."""
    with Transactions(build_engine(settings))() as uow:
        exchange.keep(uow, text, "operator")


def metrics_token(settings: Settings) -> str:
    """Give the token with which a monitoring system reads /metrics."""
    return metrics.token(settings.secret_keys)


def set_up_telegram(settings: Settings) -> list[str]:
    """Tell Telegram our webhook, commands and menu button; answers what was done."""
    parts = build_parts(settings)
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
    parts = build_parts(settings)
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
    parts = build_parts(settings)
    try:
        yield parts.installer
    finally:
        parts.rest.close()
        parts.engine.dispose()

"""Writing down the limits this deployment was set up with, so that the health page can lay its rates beside them. Run every minute."""

from __future__ import annotations

from b24app.config import Settings
from b24app.services import reports
from storage.unit_of_work import Transactions

NAME = "limits"


def run(transactions: Transactions, settings: Settings) -> None:
    """Keep the limits of both networks: calls a second, how many at once, and what is kept for people who wait."""
    limits = {
        "bitrix24": {
            "rate": settings.bitrix_rate_per_second,
            "burst": settings.bitrix_rate_burst,
            "reserve": settings.bitrix_interactive_reserve,
        },
        "telegram": {"rate": settings.telegram_rate_per_second},
    }
    with transactions() as uow:
        reports.write(uow, NAME, limits)

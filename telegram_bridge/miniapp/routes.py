"""Puts the Mini App together. Called by the composition root; the screens live in the modules imported here."""

from __future__ import annotations

from flask import Blueprint

from b24app.assets import Assets
from b24app.config import Settings
from storage.unit_of_work import Transactions
from telegram_bridge.miniapp import (
    audit,
    catalogue,
    chats,
    entry,
    figures,
    files,
    home,
    lot_changes,
    offers,
    orders,
    privacy,
    profile,
    progress,
    questionnaires,
    team,
    tenders,
)
from telegram_bridge.miniapp.door import Door

PARTS = (
    entry,
    home,
    questionnaires,
    orders,
    lot_changes,
    tenders,
    offers,
    progress,
    audit,
    catalogue,
    figures,
    team,
    privacy,
    profile,
    chats,
    files,
)


def create_blueprint(*, settings: Settings, transactions: Transactions, assets: Assets | None = None) -> Blueprint:
    """Give every screen and action of the Mini App under `/app/`."""
    door = Door(settings=settings, transactions=transactions, assets=assets or Assets())
    for part in PARTS:
        part.add_to(door)
    return door.blueprint

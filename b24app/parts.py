"""What the web process, the worker and the operator's commands share: built once, lazily, from settings, app.yaml and an engine.

Called by the composition roots only. It names what every one of them needs and nothing more: whatever is imported here is loaded
by each process before it can begin.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from sqlalchemy import Engine

from b24app import logs
from b24app.bitrix24.client import RestClient
from b24app.bitrix24.install import Installer
from b24app.bitrix24.oauth import AuthorizationServer, TokenKeeper
from b24app.bitrix24.pacing import Pacing
from b24app.bitrix24.reconciling import Reconciliation
from b24app.config import Settings
from b24app.manifest import Manifest, load
from storage.engines import engine_on
from storage.sealing import keyring
from storage.unit_of_work import Transactions
from telegram_bridge.current_bot import CurrentBot

PROJECT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Parts:
    """The pieces, each made when it is first asked for."""

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


def build_parts(settings: Settings, engine: Engine | None = None) -> Parts:
    """Give the pieces for a deployment. ManifestError when app.yaml cannot be read whole."""
    logs.configure(settings.log_level)
    keyring.use(settings.secret_keys)
    # The manifest is read first: no process starts with one that cannot be read whole.
    return Parts(settings, load(PROJECT / "app.yaml"), engine or build_engine(settings))

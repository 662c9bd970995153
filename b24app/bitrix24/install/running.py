"""One run of the installer: read, compare, apply, remember each step as it is done. Called by the worker and the command line."""

from __future__ import annotations

import logging
from dataclasses import asdict, replace
from datetime import UTC, datetime

from sqlalchemy.dialects.postgresql import insert

from b24app.bitrix24.addresses import Addresses
from b24app.bitrix24.client import RestClient
from b24app.bitrix24.connection import Connection
from b24app.bitrix24.install import leaving
from b24app.bitrix24.install import progress as kept
from b24app.bitrix24.install.applying import Applier, StepResult, connect_line
from b24app.bitrix24.install.checks import OFFLINE, check_portal, keeps_missed
from b24app.bitrix24.install.offering import offered
from b24app.bitrix24.install.planning import Action, Snapshot, Step, plan
from b24app.bitrix24.install.progress import Line, Progress
from b24app.bitrix24.install.snapshot import read_snapshot, remembered
from b24app.bitrix24.install.wanted import Element, wanted_elements
from b24app.bitrix24.oauth import TokenKeeper
from b24app.config import Settings
from b24app.errors import GatewayError, NotFound
from b24app.manifest import Manifest
from b24app.services import industries, lines, portals
from b24app.services import settings as choices
from storage.locks import alone
from storage.models.portals import AppliedElement, Portal
from storage.unit_of_work import Transactions

APPLY_LOCK = 0x62323402
PATIENCE = 8
ACTOR = "automation"

log = logging.getLogger(__name__)


class Installer:
    """Brings the current portal to what the manifest declares."""

    def __init__(
        self,
        settings: Settings,
        transactions: Transactions,
        client: RestClient,
        keeper: TokenKeeper,
        manifest: Manifest,
    ) -> None:
        self._settings = settings
        self._transactions = transactions
        self._client = client
        self._keeper = keeper
        self._manifest = manifest

    def plan(self) -> list[Step]:
        """Say what would be done. Raises NotFound before the first installation, GatewayError when the portal does not answer."""
        portal, language = self._portal()
        wanted = self._wanted(portal, language, offline=keeps_missed(self._connection(portal)))
        return plan(wanted, self._snapshot(portal, wanted))

    def look(self) -> Progress:
        """Read the portal and keep what would be done and what there is to choose; changes nothing there. Failures are kept too."""
        portal, language = self._portal()
        with self._transactions() as uow:
            before = kept.read(uow)
            if before.under_way(uow.now):
                return before
            line_id = choices.get(uow, "line_id")
        try:
            connection = self._connection(portal)
            checks = tuple(
                asdict(check) for check in check_portal(connection, self._manifest, self._settings.public_url)
            )
            offline = any(check["code"] == OFFLINE and check["level"] == "ok" for check in checks)
            wanted = self._wanted(portal, language, offline=offline)
            steps = plan(wanted, self._snapshot(portal, wanted))
            lines = tuple(Line(step.key, step.title, step.action.value) for step in steps)
            progress = Progress("asking", lines, checks=checks, offers=offered(connection, line_id))
        except GatewayError as error:
            progress = Progress("failed", error=f"{error.code}: {error}".strip(": "))
        self._write(progress)
        return progress

    def apply(self) -> Progress:
        """Do it, one run at a time; progress is kept step by step. What is refused is kept too, and the rest goes on."""
        with alone(self._transactions.engine, APPLY_LOCK):
            portal, language = self._portal()
            progress = Progress("running")
            self._write(progress)
            try:
                return self._apply(portal, language, progress)
            except GatewayError as error:
                log.warning("The installation stopped: %s %s", error.code, error)
                with self._transactions() as uow:
                    progress = replace(kept.read(uow), state="failed", error=f"{error.code}: {error}".strip(": "))
                self._write(progress)
                return progress

    def prepare_removal(self) -> None:
        """Clear away what the portal would leave behind, and send nothing more until somebody installs again. Raises GatewayError."""
        with alone(self._transactions.engine, APPLY_LOCK):
            portal, _ = self._portal()
            with self._transactions() as uow:
                commands = leaving.cleaning(uow)
                uow.session.get_one(Portal, portal.id).state = "leaving"
            leaving.clean(self._connection(portal), commands)
            with self._transactions() as uow:
                leaving.forget(uow, portal.id)
        log.warning("The application is prepared for its removal from the portal.")

    def connect_line(self, line_id: str, actor: str) -> None:
        """Carry conversations over another open line from now on, as an employee chose. Raises GatewayError."""
        portal, language = self._portal()
        connector = self._manifest.connector
        connect_line(self._connection(portal), connector.id, line_id, connector.line_title.of(language))
        with self._transactions() as uow:
            lines.connected(uow, line_id, actor)

    def _apply(self, portal: Portal, language: str, progress: Progress) -> Progress:
        connection = self._connection(portal)
        checks = check_portal(connection, self._manifest, self._settings.public_url)
        progress = replace(progress, checks=tuple(asdict(check) for check in checks))
        self._write(progress)
        offline = any(check.code == OFFLINE and check.level == "ok" for check in checks)
        wanted = self._wanted(portal, language, offline=offline)
        snapshot = self._snapshot(portal, wanted)
        steps = plan(wanted, snapshot)
        progress = replace(progress, lines=tuple(Line(step.key, step.title, step.action.value) for step in steps))
        self._write(progress)

        def report(result: StepResult) -> None:
            nonlocal progress
            progress = replace(progress, lines=tuple(_reported(line, result) for line in progress.lines))
            self._remember(portal.id, result)
            self._write(progress)

        owners = [portal.owner_user_id] if portal.owner_user_id else []
        Applier(connection, known=snapshot.present, owner_ids=owners).apply(steps, report)
        blocked = progress.blocking or any(check.level == "fault" for check in checks)
        progress = replace(progress, state="failed" if blocked else "done")
        self._finish(portal.id, usable=not blocked)
        self._write(progress)
        return progress

    def _portal(self) -> tuple[Portal, str]:
        with self._transactions() as uow:
            portal = portals.current(uow)
            if portal is None:
                raise NotFound("The application is not installed on a portal.")
            return portal, portals.language(uow)

    def _connection(self, portal: Portal) -> Connection:
        return Connection(self._client, self._keeper, portal.id, patience=PATIENCE)

    def _wanted(self, portal: Portal, language: str, *, offline: bool) -> list[Element]:
        addresses = Addresses.of(self._settings, portal.path_secret)
        app_id = str(self._connection(portal).call("app.info").result["ID"])
        # A queue whose records are gone as soon as they were read is no safety net: then changes are looked for by date.
        events = self._manifest.events if offline else replace(self._manifest.events, offline=())
        manifest = replace(self._manifest, events=events)
        return wanted_elements(manifest, industries.pack(), addresses, language, app_id)

    def _snapshot(self, portal: Portal, wanted: list[Element]) -> Snapshot:
        with self._transactions() as uow:
            applied, line_id = remembered(uow, portal.id), choices.get(uow, "line_id")
        return read_snapshot(self._connection(portal), wanted, applied, line_id)

    def _remember(self, portal_id: int, result: StepResult) -> None:
        if result.error:
            log.warning("The portal refused %s: %s", result.step.key, result.error)
            return
        with self._transactions() as uow:
            if result.step.element is None:
                uow.session.query(AppliedElement).filter_by(portal_id=portal_id, element=result.step.key).delete()
                return
            values = {"fingerprint": result.step.element.fingerprint, "outside_id": result.outside_id}
            uow.session.execute(
                insert(AppliedElement)
                .values(portal_id=portal_id, element=result.step.key, **values)
                .on_conflict_do_update(index_elements=["portal_id", "element"], set_={**values, "applied_at": uow.now})
            )
            if result.step.element.kind == "line":
                lines.connected(uow, result.outside_id, ACTOR)

    def _finish(self, portal_id: int, *, usable: bool) -> None:
        with self._transactions() as uow:
            portal = uow.session.get_one(Portal, portal_id)
            if usable and portal.state in {"installing", "leaving"}:
                portal.state = "active"
            portal.changed_at = uow.now

    def _write(self, progress: Progress) -> None:
        with self._transactions() as uow:
            kept.write(uow, progress, datetime.now(UTC))


def _reported(line: Line, result: StepResult) -> Line:
    if line.key != result.step.key or line.action != result.step.action.value:
        return line
    return replace(line, state="failed" if result.error else "done", error=result.error)


SIGNS = {Action.ADD: "+", Action.CHANGE: "~", Action.ADOPT: "=", Action.REMOVE: "-"}


def plan_for(installer: Installer) -> list[str]:
    """Give the plan as lines for an operator."""
    lines = [f"{SIGNS[step.action]} {step.key}  {step.title}" for step in installer.plan()]
    return lines or ["the portal has everything that app.yaml declares"]


def apply_for(installer: Installer) -> list[str]:
    """Apply, and give what was done as lines for an operator."""
    done = installer.apply()
    lines = [f"{line.state}: {line.action} {line.key}  {line.error}".rstrip() for line in done.lines]
    return [*lines, f"the installation is {done.state}. {done.error}".rstrip()]

"""Reading all that the CRM holds of ours, page by page, and laying it beside what we remember.

Run every night and on demand by one process of the cluster. Reads only; what is to be done about a difference is decided by the service,
and done like everything else through the outbox. How far it is stands in the report that the health page shows.
Documentation: crm.item.list, settings/performance/huge-data.md.
"""

from __future__ import annotations

import logging
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from b24app.bitrix24.client import BATCH_LIMIT, Answer, Command, RestClient
from b24app.bitrix24.connection import Connection
from b24app.bitrix24.crm import ORIGINATOR, object_of
from b24app.bitrix24.field_catalogue import ENTITY_TYPES, read_catalogue
from b24app.bitrix24.fields import FieldSpec, declared_fields
from b24app.bitrix24.oauth import TokenKeeper
from b24app.bitrix24.processes import Places, filled_specs
from b24app.bitrix24.reading import COMPARED, differences, stage_of
from b24app.bitrix24.surroundings import Link, Surroundings, read_surroundings
from b24app.domain.delivery import CRM_OBJECTS
from b24app.errors import GatewayError, Rejected, Retryable
from b24app.manifest import Manifest
from b24app.services import industries, portals, reconciliation, reports
from b24app.services.reconciliation import Finding, Seen
from storage.locks import alone_if_free
from storage.models import Portal
from storage.unit_of_work import Transactions

NAME = "reconcile"
LOCK = 0x62323403
PAGE = 50
PATIENCE = 8
SHOWN = 200
ABSENT_AT_ONCE = 500
REF = re.compile(rf"^({'|'.join(CRM_OBJECTS)})/\d+$")
GONE = "NOT_FOUND"

log = logging.getLogger(__name__)


@dataclass
class _Tally:
    """What was read and found so far."""

    object: str = ""
    read: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    repaired: int = 0
    findings: list[dict[str, Any]] = field(default_factory=list)
    error: str = ""

    def add(self, found: Sequence[Finding]) -> None:
        for finding in found:
            self.counts[finding.kind] += 1
            self.repaired += finding.repaired
            if len(self.findings) < SHOWN:
                self.findings.append(finding.kept())

    def content(self) -> dict[str, Any]:
        return {**vars(self), "counts": dict(self.counts)}


class Reconciliation:
    """Compares one portal with our records."""

    def __init__(self, transactions: Transactions, client: RestClient, keeper: TokenKeeper, manifest: Manifest) -> None:
        self._transactions = transactions
        self._client = client
        self._keeper = keeper
        self._manifest = manifest

    def run(self, say: Callable[[str], None] = lambda text: None) -> bool:
        """Compare everything once; False when somebody else is at it already or nothing is installed. `say` hears how far it is."""
        with alone_if_free(self._transactions.engine, LOCK) as free:
            with self._transactions() as uow:
                portal = portals.current(uow)
            if not free or portal is None or portal.state != "active":
                return False
            self._compare(portal, say)
            return True

    def _compare(self, portal: Portal, say: Callable[[str], None]) -> None:
        tally = _Tally()
        self._report(tally, "running", begins=True)
        connection = Connection(self._client, self._keeper, portal.id, patience=PATIENCE, urgent=False)
        try:
            around = self._around(portal, connection)
            for name in (*ENTITY_TYPES, *around.processes):
                tally.object = name
                self._compare_object(connection, around, tally)
                say(f"{name}: {tally.read} read so far, {sum(tally.counts.values())} differences")
            with self._transactions() as uow:
                tally.add(reconciliation.absent(uow, ABSENT_AT_ONCE))
        except GatewayError as error:
            log.warning("The comparison stopped: %s %s", error.code, error)
            tally.error = f"{error.code}: {error}".strip(": ")
        tally.object = ""
        self._report(tally, "failed" if tally.error else "done")
        say(f"{tally.read} read, found {dict(tally.counts)}, {tally.repaired} being mended. {tally.error}".rstrip())

    def _compare_object(self, connection: Connection, around: Surroundings, tally: _Tally) -> None:
        try:
            self._compare_pages(connection, around, tally)
            self._check_unseen(connection, around, tally)
        except Rejected as error:
            # One kind of object may be closed to us, or gone from the portal as a whole: the others are compared all the same.
            log.warning("%s cannot be compared: %s %s", tally.object, error.code, error)
            tally.error = f"{tally.object}: {error}"

    def _compare_pages(self, connection: Connection, around: Surroundings, tally: _Tally) -> None:
        for page in self._pages(connection, around, tally.object):
            tally.read += len(page)
            marked = {ref: item for item in page if REF.match(ref := _mark(tally.object, item))}
            with self._transactions() as uow:
                links = reconciliation.links_of(uow, marked)
                known = {ref: Link(one.entity_type_id, one.entity_id, one.snapshot) for ref, one in links.items()}
                seen = [_seen(ref, item, known.get(ref), around) for ref, item in marked.items()]
                tally.add(reconciliation.judge(uow, seen))
            self._report(tally, "running")

    def _check_unseen(self, connection: Connection, around: Surroundings, tally: _Tally) -> None:
        """Ask for every remembered item by its number: what the portal does not know any more is gone."""
        type_id, last = around.type_id(tally.object), 0
        while True:
            with self._transactions() as uow:
                rows = reconciliation.linked(uow, type_id, after=last, limit=BATCH_LIMIT)
            if not rows:
                return
            last = rows[-1][0]
            wanted = {"entityTypeId": type_id, "filter": {"@id": [item for _, _, item in rows]}, "select": ["id"]}
            there = {str(item["id"]) for item in connection.call("crm.item.list", wanted).result["items"]}
            doubtful = [(ref, item) for _, ref, item in rows if item not in there]
            refs = self._certainly_gone(connection, type_id, doubtful)
            if refs:
                with self._transactions() as uow:
                    tally.add(reconciliation.gone(uow, refs))
                self._report(tally, "running")

    def _certainly_gone(self, connection: Connection, type_id: int, doubtful: Sequence[tuple[str, str]]) -> list[str]:
        # A list leaves out what its reader may not see; only the item's own answer tells that it is gone.
        asked = [Command("crm.item.get", {"entityTypeId": type_id, "id": item}) for _, item in doubtful]
        answers = connection.batch(asked)
        return [ref for (ref, _), answer in zip(doubtful, answers, strict=True) if _is_gone(answer)]

    def _pages(self, connection: Connection, around: Surroundings, name: str) -> Iterator[list[dict[str, Any]]]:
        specs = around.specs.get(name, {}).values()
        fields = [spec.name for spec in specs if spec.type in COMPARED and around.catalogue.has(name, spec.name)]
        mark = {"originatorId": ORIGINATOR} if name in ENTITY_TYPES else {}
        select = {"select": ["id", "stageId", "originId" if mark else "xmlId", *fields]}
        last = 0
        while True:
            params = {
                "entityTypeId": around.type_id(name),
                "filter": {**mark, ">id": last},
                "order": {"id": "ASC"},
                "start": -1,
                "useOriginalUfNames": "Y",
                **select,
            }
            page = list(connection.call("crm.item.list", params).result["items"])
            if select and not all(page):
                # Portals were seen to answer with empty items to chosen fields under their original names: whole ones are heavier.
                select = {}
                continue
            if page:
                yield page
            if len(page) < PAGE:
                return
            last = int(page[-1]["id"])

    def _around(self, portal: Portal, connection: Connection) -> Surroundings:
        with self._transactions() as uow:
            around = read_surroundings(
                uow, portal, [], manifest=self._manifest, specs_of=self._specs_of, file_address=str
            )
        return replace(around, catalogue=read_catalogue(connection, around.processes))

    def _specs_of(self, places: Places) -> Mapping[str, Mapping[str, FieldSpec]]:
        return filled_specs(declared_fields(self._manifest, industries.pack()), places)

    def _report(self, tally: _Tally, state: str, *, begins: bool = False) -> None:
        with self._transactions() as uow:
            reports.write(uow, NAME, tally.content(), state=state, begins=begins)


def _mark(name: str, item: dict[str, Any]) -> str:
    mark = str(item.get("originId" if name in ENTITY_TYPES else "xmlId") or "")
    return mark if REF.match(mark) and object_of(mark) == name else ""


def _seen(ref: str, item: dict[str, Any], link: Link | None, around: Surroundings) -> Seen:
    name = object_of(ref)
    changed = differences(name, item, link, around) if link is not None else {}
    stage = stage_of(name, str(item.get("stageId") or ""), around)
    return Seen(ref, around.type_id(name), str(item["id"]), stage, changed)


def _is_gone(answer: Answer) -> bool:
    error = answer.error
    if isinstance(error, Rejected):
        return error.code.upper() == GONE
    if isinstance(error, Retryable):
        raise error
    return False

"""What a gateway must know before it can turn messages into calls, read in one short transaction before the portal is called.

Links from our things to CRM items, cards shown, the open line, the pipelines made. Called by the gateway; changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import or_, select

from b24app.bitrix24.field_catalogue import ENTITY_TYPES, FieldCatalogue
from b24app.bitrix24.fields import FieldSpec
from b24app.bitrix24.processes import KEY, Place, Places, places_in
from b24app.domain.calendar_deliveries import AddCalendarEvent
from b24app.domain.deliveries import (
    AddLogMessage,
    BringColleague,
    ConfirmOpenLineDelivery,
    DeleteInOpenLine,
    EditInOpenLine,
    SaveItem,
    SendToOpenLine,
    ShowCard,
)
from b24app.domain.delivery import Delivery
from b24app.errors import NotYet
from b24app.manifest import Manifest
from b24app.services import portals, settings
from storage.models import AppliedElement, Card, Conversation, CrmLink, OutboxRow, Portal
from storage.unit_of_work import UnitOfWork

PIPELINE = "pipeline:"
OnTheLine = BringColleague | SendToOpenLine | EditInOpenLine | DeleteInOpenLine | ConfirmOpenLineDelivery
OBJECTS = {number: name for name, number in ENTITY_TYPES.items()}


@dataclass(frozen=True)
class Link:
    """The CRM item that stands for one of our things, and what we last wrote into it."""

    entity_type_id: int
    entity_id: str
    snapshot: Mapping[str, Any] = field(default_factory=dict)

    @property
    def object(self) -> str:
        """The item's kind in words, as timelines name it: lead, deal, contact, company or `dynamic_1030`."""
        return OBJECTS.get(self.entity_type_id) or f"dynamic_{self.entity_type_id}"


@dataclass(frozen=True)
class Surroundings:
    """Everything known at the moment of sending."""

    manifest: Manifest
    specs: Mapping[str, Mapping[str, FieldSpec]]
    catalogue: FieldCatalogue
    language: str
    line_id: str
    pipelines: Mapping[str, str]
    processes: Places = field(default_factory=dict)
    links: Mapping[str, Link] = field(default_factory=dict)
    cards: Mapping[str, str] = field(default_factory=dict)
    line_chats: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    saving: Collection[str] = frozenset()
    """Refs whose first save is still on its way."""
    entries: Collection[str] = frozenset()
    """Entries on the timeline in question that are known to be others of ours."""
    portal_url: str = ""
    lines: Mapping[str, str] = field(default_factory=dict)
    file_address: Callable[[str], str] = str
    """Gives the address under which the portal may fetch a file of ours (`message/55`)."""

    def link(self, ref: str) -> Link:
        """Give the CRM item of a ref. Raises NotYet while there is none."""
        if ref not in self.links:
            raise NotYet(f"{ref} is not in the CRM yet.")
        return self.links[ref]

    def card_address(self, ref: str) -> str:
        """Give the address of a ref's card, or an empty text when it has none. Raises NotYet while it is about to be made."""
        if ref not in self.links:
            if ref in self.saving:
                raise NotYet(f"{ref} is not in the CRM yet.")
            return ""
        link = self.links[ref]
        section = OBJECTS.get(link.entity_type_id) or f"type/{link.entity_type_id}"
        return f"{self.portal_url}/crm/{section}/details/{link.entity_id}/"

    def type_id(self, object_name: str) -> int:
        """Give the number by which REST knows an object or a process of ours. Raises NotYet before it was made."""
        return ENTITY_TYPES.get(object_name) or self.process(object_name).entity_type_id

    def process(self, name: str) -> Place:
        """Give the numbers of a process. Raises NotYet before it was made."""
        if name not in self.processes:
            raise NotYet(f"The smart process {name} was not made yet.")
        return self.processes[name]

    def line(self, conversation_id: str) -> str:
        """Give the open line that a conversation goes over. Raises NotYet while there is none."""
        found = self.lines.get(conversation_id) or self.line_id
        if not found:
            raise NotYet("There is no open line yet.")
        return found


def refs_of(delivery: Delivery) -> set[str]:
    """Give the refs whose CRM items a message needs or makes."""
    refs = {getattr(delivery, "ref", "")}
    if isinstance(delivery, SaveItem):
        refs |= set(delivery.links.values())
    if isinstance(delivery, AddCalendarEvent):
        refs.add(delivery.owner)
    return refs - {""}


def read_surroundings(
    uow: UnitOfWork,
    portal: Portal,
    deliveries: Iterable[Delivery],
    *,
    manifest: Manifest,
    specs_of: Callable[[Places], Mapping[str, Mapping[str, FieldSpec]]],
    file_address: Callable[[str], str],
) -> Surroundings:
    """Read what these messages need. The catalogue of fields is left empty: it is the portal that tells it."""
    deliveries = list(deliveries)
    refs = {ref for delivery in deliveries for ref in refs_of(delivery)}
    cards = {delivery.card for delivery in deliveries if isinstance(delivery, ShowCard)}
    talks = _talks(uow, {delivery.conversation_id for delivery in deliveries if isinstance(delivery, OnTheLine)})
    made = _made(uow, portal.id)
    processes = places_in(made)
    links = _links(uow, refs)
    return Surroundings(
        manifest=manifest,
        specs=specs_of(processes),
        catalogue=FieldCatalogue(),
        language=portals.language_of(uow, portal),
        line_id=settings.get(uow, "line_id"),
        pipelines={key.removeprefix(PIPELINE): kept for key, kept in made.items() if key.startswith(PIPELINE)},
        processes=processes,
        links=links,
        saving=_saving(uow, refs - set(links)),
        portal_url="{0.scheme}://{0.netloc}".format(urlsplit(portal.client_endpoint)),
        cards=_cards(uow, cards),
        line_chats={str(row.id): (row.line_session_id, row.line_chat_id) for row in talks if row.line_chat_id},
        lines={str(row.id): row.line_id for row in talks if row.line_id},
        file_address=file_address,
    )


def entries_of(uow: UnitOfWork, ref: str) -> set[str]:
    """Give the ids of the entries that were written onto the timeline of a ref, as far as we remember."""
    number = OutboxRow.answer["log_id"].astext
    rows = select(number).where(
        OutboxRow.kind == AddLogMessage.__name__, OutboxRow.state == "done", number.is_not(None)
    )
    return set(uow.session.scalars(rows.where(OutboxRow.payload["ref"].astext == ref)))


def _made(uow: UnitOfWork, portal_id: int) -> dict[str, str]:
    """Give the numbers of what the installer has made and messages refer to."""
    wanted = [AppliedElement.element.startswith(key) for key in (KEY, PIPELINE)]
    rows = uow.session.execute(
        select(AppliedElement.element, AppliedElement.outside_id).where(
            AppliedElement.portal_id == portal_id, or_(*wanted)
        )
    )
    return {row.element: row.outside_id for row in rows}


def _links(uow: UnitOfWork, refs: set[str]) -> dict[str, Link]:
    rows = uow.session.scalars(select(CrmLink).where(CrmLink.ref.in_(refs))) if refs else ()
    return {row.ref: Link(row.entity_type_id, row.entity_id, row.snapshot) for row in rows}


def _saving(uow: UnitOfWork, refs: set[str]) -> set[str]:
    if not refs:
        return set()
    under_way = OutboxRow.state.in_(("todo", "doing", "proving"))
    rows = select(OutboxRow.payload["ref"].astext).where(OutboxRow.kind == SaveItem.__name__, under_way)
    return set(uow.session.scalars(rows.where(OutboxRow.payload["ref"].astext.in_(refs))))


def _cards(uow: UnitOfWork, names: set[str]) -> dict[str, str]:
    rows = uow.session.scalars(select(Card).where(Card.card.in_(names))) if names else ()
    return {row.card: row.activity_id for row in rows if row.activity_id}


def _talks(uow: UnitOfWork, ids: set[str]) -> Sequence[Conversation]:
    numbers = [int(name) for name in ids if name.isdigit()]
    return uow.session.scalars(select(Conversation).where(Conversation.id.in_(numbers))).all() if numbers else ()

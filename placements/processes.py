"""Where a page of a smart process lives on this portal: the portal numbers its processes by itself. Called by `routes`."""

from __future__ import annotations

from dataclasses import replace

from b24app.bitrix24.processes import places_of
from b24app.errors import NotFound
from b24app.services import portals
from placements.pages import Page
from storage.unit_of_work import UnitOfWork


def located(uow: UnitOfWork, page: Page) -> Page:
    """Give a page with its places and the number of its entity. NotFound while its process was not made."""
    if not page.process:
        return page
    portal = portals.current(uow)
    place = places_of(uow, portal.id).get(page.process) if portal else None
    if place is None:
        raise NotFound
    number = place.entity_type_id
    return replace(page, entity_type_id=number, placements=frozenset({f"CRM_DYNAMIC_{number}_DETAIL_TAB"}))

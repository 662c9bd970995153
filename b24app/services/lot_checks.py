"""What is looked for in a lot before factories see it, and whether a person has to look too.

Called by `lots`, by the moderation card, the robot `moderate_lot` and the page of settings. Sends nothing.
"""

from __future__ import annotations

from collections.abc import Iterable

from b24app.domain import coarse_words
from b24app.i18n import Texts
from b24app.services import settings
from b24app.services.industries import pack
from b24app.services.lot_views import hidden_names, public_view
from storage.models import Company, Lot
from storage.unit_of_work import UnitOfWork

UNMODERATED = "unmoderated_segments"


def unmoderated(uow: UnitOfWork) -> frozenset[str]:
    """Give the segments whose lots wait for nobody when nothing is found in them."""
    return frozenset(settings.get(uow, UNMODERATED).split()) & {choice.code for choice in pack().segments}


def keep_unmoderated(uow: UnitOfWork, segments: Iterable[str], actor: str) -> None:
    """Choose those segments; what the industry does not know is left out. Lots that wait already go on waiting."""
    wanted = set(segments)
    settings.put(uow, UNMODERATED, " ".join(one.code for one in pack().segments if one.code in wanted), actor)


def findings(uow: UnitOfWork, lot: Lot, t: Texts) -> list[str]:
    """Say what a person should look at: hidden contacts or names, abuse. Files are searched when they are copied, see `clean_copies`."""
    view = public_view(lot, t.language, hidden_names(uow, lot))
    found = [t("Contacts or names were found and hidden")] if view.masked else []
    if any(coarse_words.held(words) for _, _, words in view.rows):
        found.append(t("Words of abuse were found"))
    return found


def waits_for_nobody(uow: UnitOfWork, lot: Lot, company: Company, t: Texts) -> bool:
    """Tell whether a complete lot may be published at once: by its segment, of a buyer whom a person checked, nothing found."""
    return company.state == "accepted" and lot.segment in unmoderated(uow) and not findings(uow, lot, t)

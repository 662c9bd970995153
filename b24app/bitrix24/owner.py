"""Watching whether the employee in whose name we work still may: dismissed, or no administrator any more, everything comes to a stand.

Run every few minutes by one worker. Nobody but a person can help: another administrator opens the application, which then works in that
name. Documentation: profile; settings/oauth/simple-way.md.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import datetime

from b24app.bitrix24.client import Command
from b24app.bitrix24.rounds import Asking
from b24app.bitrix24.watch import PortalWatch
from b24app.errors import Rejected
from b24app.services import portals, reports
from storage.unit_of_work import UnitOfWork

log = logging.getLogger(__name__)


class OwnerWatch(PortalWatch[str]):
    """Asks one portal who we are to it; sees the trouble, empty when there is none."""

    name = "owner"

    def look(self, now: datetime) -> Asking[str]:
        """Ask for the profile of whoever owns the token."""
        try:
            (answer,) = yield [Command("profile", {})]
            profile = answer.value()
        except Rejected as error:
            return f"refused {error.code}".strip()
        is_admin = isinstance(profile, Mapping) and profile.get("ADMIN") in (True, "Y", "1", 1)
        return "" if is_admin else "no_admin"

    def keep(self, uow: UnitOfWork, seen: str) -> None:
        """Remember the trouble, so that administrators are told."""
        reports.write(uow, self.name, {"trouble": seen})
        portals.owner_is(uow, seen)
        if seen:
            log.error("The application cannot work in the name of its owner: %s", seen)

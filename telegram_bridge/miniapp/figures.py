"""The factory's statistics screen and the banners of the first screen."""

from __future__ import annotations

from flask import Response

from b24app.form_parts import Form, WholeNumber
from b24app.services import banners, statistics
from b24app.services.statistics import PERIOD_DAYS
from telegram_bridge.miniapp.door import Door, Visit, answer


class BannerForm(Form):
    """A press on a banner."""

    banner_id = WholeNumber(required=True)


def add_to(door: Door) -> None:
    """Offer the screen and the action."""

    @door.screen("/statistics", who="factory")
    def statistics_screen(visit: Visit) -> str:
        found = statistics.of_factory(visit.uow, visit.own_company)
        return visit.render("statistics", rows=statistics.rows_of(found, visit.t), figures=found, days=PERIOD_DAYS)

    @door.action("open_banner", BannerForm())
    def open_banner(visit: Visit, banner_id: int) -> Response:
        target = banners.click(visit.uow, banner_id, visit.person.active_role)
        return answer(go=target) if target.startswith("/") else answer(open=target)

"""The factory's statistics screen and the banners of the first screen."""

from __future__ import annotations

from flask import Response

from b24app.form_parts import Form, WholeNumber
from b24app.services import banners, showcase, statistics
from b24app.services.statistics import PERIOD_DAYS, Figure
from telegram_bridge.miniapp.door import Door, Visit, answer


class BannerForm(Form):
    """A press on a banner."""

    banner_id = WholeNumber(required=True)


def add_to(door: Door) -> None:
    """Offer the screen and the action."""

    @door.screen("/statistics", who="factory")
    def statistics_screen(visit: Visit) -> str:
        found = statistics.of_factory(visit.uow, visit.own_company)
        return visit.render("statistics", rows=_rows(visit, found), figures=found, days=PERIOD_DAYS)

    @door.action("open_banner", BannerForm())
    def open_banner(visit: Visit, banner_id: int) -> Response:
        target = banners.click(visit.uow, banner_id, visit.person.active_role)
        return answer(go=target) if target.startswith("/") else answer(open=target)


def _rows(visit: Visit, found: statistics.Figures) -> list[tuple[str, str, str, str]]:
    """Give label, own figure, median and whether the own one is better, worse or neither, in words for the page."""
    t = visit.t

    def plain(label: str, figure: Figure) -> tuple[str, str, str, str]:
        return label, t.number(figure.own or 0), _number(visit, figure.median), _tone(figure)

    minutes = found.answer_minutes
    swift = Figure(
        -minutes.own if minutes.own is not None else None, -minutes.median if minutes.median is not None else None
    )
    return [
        plain(t("Profile views"), found.views),
        plain(t("Lots received"), found.received),
        plain(t("Lots answered"), found.answered),
        plain(t("Orders won"), found.won),
        (
            t("Median answer time"),
            showcase.minutes_words(minutes.own, visit.language) or "—",
            showcase.minutes_words(minutes.median, visit.language) or "—",
            _tone(swift),
        ),
    ]


def _number(visit: Visit, value: int | None) -> str:
    return "—" if value is None else visit.t.number(value)


def _tone(figure: Figure) -> str:
    if figure.own is None or figure.median is None or figure.own == figure.median:
        return ""
    return "good" if figure.own > figure.median else "late"

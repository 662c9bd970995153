"""Turning pages and sections into HTML with the headers a framed page needs.

Called by `routes`. Knows how things look, not what they mean.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from babel.dates import format_timedelta
from flask import Response, make_response, render_template

from b24app.assets import Assets
from b24app.config import Settings
from b24app.i18n import babel_locale, texts
from b24app.services import file_links, staff, test_mode
from placements import rights
from placements.calls import Call
from placements.pages import Page, Section
from placements.subjects import Subject, subject_of
from storage.away import RETRY_AFTER_SECONDS
from storage.unit_of_work import UnitOfWork

FILE_LINK = timedelta(minutes=30)


def origin_of(address: str) -> str:
    """Give scheme and host of an address, or an empty text when it has none."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}" if parts.scheme in {"http", "https"} and parts.netloc else ""


def policy(frame_origin: str) -> str:
    """Give the Content-Security-Policy of a page that only the portal may frame."""
    return (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; "
        f"frame-ancestors {frame_origin or chr(39) + 'none' + chr(39)}"
    )


def guarded(response: Response, frame_origin: str) -> Response:
    """Add the headers every answer of ours carries."""
    response.headers["Content-Security-Policy"] = policy(frame_origin)
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "no-store"
    return response


class Renderer:
    """Renders for one deployment: it knows the bundles and the portal's address."""

    def __init__(self, assets: Assets, settings: Settings) -> None:
        self.assets = assets
        self.settings = settings
        self.configured_origin = origin_of(settings.bitrix_portal_url)

    def page(self, uow: UnitOfWork, call: Call, page: Page, *, token: str, portal: str) -> str:
        """Render a whole page; lazy sections come as placeholders that fetch themselves."""
        subject = subject_of(uow, call.entity)
        parts = [
            self._waiting(call, section) if section.lazy else self.section(uow, call, subject, section, portal=portal)
            for section in page.opening(subject)
        ]
        return render_template(
            "desk/page.html",
            **self._base(uow, call, portal),
            parts=parts,
            testing=test_mode.is_on(uow),
            token=token,
            call=call,
            quiet=page.quiet,
            seconds=self.settings.page_token_seconds,
        )

    def section(
        self, uow: UnitOfWork, call: Call, subject: Subject, section: Section, *, portal: str, **more: Any
    ) -> str:
        """Render one section; `more` may hold `notice` and `out_of_band`."""
        context = {
            **self._base(uow, call, portal),
            "call": call,
            "section": section,
            **section.build(uow, call, subject),
        }
        return render_template(section.template, **context, **more)

    def refused(self, language: str, status: int, title: str, text: str, *, frame_origin: str = "") -> Response:
        """Render the page of somebody who gets nothing, in words that help him."""
        t = texts(language)
        page = render_template("desk/refused.html", t=t, theme="light", title=title, text=text, css=self._css())
        return guarded(make_response(page, status), frame_origin)

    def away(self, language: str, action: str, fields: Iterable[tuple[str, str]]) -> Response:
        """Render the page of a launch that came while the database was away; its button posts the same `fields` to `action` again."""
        t = texts(language)
        title = t("Our records do not answer for a moment")
        text = t("Nothing was lost. Try again in a few seconds.")
        page = render_template(
            "desk/away.html", t=t, title=title, text=text, action=action, fields=fields, css=self._css()
        )
        answer = guarded(make_response(page, 503), self.configured_origin or "*")
        answer.headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
        return answer

    def _waiting(self, call: Call, section: Section) -> str:
        return render_template("desk/waiting.html", t=texts(call.language), section=section)

    def _base(self, uow: UnitOfWork, call: Call, portal: str) -> dict[str, Any]:
        keys = self.settings.secret_keys
        return {
            "file_url": lambda subject: f"/files/{file_links.issue(keys, subject, uow.now, FILE_LINK)}",
            "t": staff.voice(uow, call.language),
            "theme": call.theme,
            "portal": portal,
            "css": self._css(),
            "js": self.assets.url("placements.js"),
            "age": lambda now, since: format_timedelta(now - since, locale=babel_locale(call.language)),
            "token_elsewhere": bool(self.settings.telegram_bot_token),
            "may": lambda action: rights.may(call.role, action),
        }

    def _css(self) -> str:
        return self.assets.url("placements.css")

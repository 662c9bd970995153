"""Who looks at a page: the signed-in person, their language and rights. Every page and every action starts here."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from sandbox.portal.execute import Outcome, execute
from sandbox.portal.identity import person
from sandbox.portal.oauth import USER_COOKIE
from sandbox.portal.portal import PORTAL, Portal
from sandbox.portal.store import Row

LANGUAGES = {"ru": "Русский", "en": "English"}


class Refused(Exception):
    """A REST method refused what the page needs; `code` and `description` as the method answered."""

    def __init__(self, outcome: Outcome) -> None:
        self.code = str(outcome.body.get("error"))
        self.description = str(outcome.body.get("error_description") or self.code)
        self.status = outcome.status
        super().__init__(self.description)


@dataclass(frozen=True)
class Visit:
    """A person at a page."""

    request: web.Request
    portal: Portal
    user: Row

    @property
    def user_id(self) -> str:
        """The id of the signed-in person."""
        return str(self.user["ID"])

    @property
    def admin(self) -> bool:
        """Whether the person administers the portal."""
        return bool(self.user["ADMIN"])

    @property
    def language(self) -> str:
        """The language of the page: the person's if the pages speak it, else English."""
        chosen = str(self.user.get("LANGUAGE", "en"))
        return chosen if chosen in LANGUAGES else "en"

    @property
    def sees_crm(self) -> bool:
        """Whether the person has any right in CRM."""
        return self.admin or self.user.get("CRM_ACCESS", "none") != "none"

    @property
    def in_slider(self) -> bool:
        """Whether the page is shown in a side panel over another one, without the menu."""
        return self.request.query.get("IFRAME") == "Y"

    async def call(self, method: str, **params: Any) -> Any:
        """The result of a REST method run as this person. Raises Refused."""
        return (await self.answer(method, params))["result"]

    async def answer(self, method: str, params: dict[str, Any]) -> dict[str, Any]:
        """The whole answer of a REST method: result, total, next. Raises Refused."""
        outcome = await execute(self.portal, person(self.user_id), method.lower(), params, via="page")
        if outcome.error is not None:
            raise Refused(outcome)
        return outcome.body


def of(request: web.Request) -> Visit:
    """The visit behind a request; without a cookie the administrator looks."""
    portal = request.app[PORTAL]
    user = portal.users.get(request.cookies.get(USER_COOKIE, "1")) or portal.users["1"]
    return Visit(request, portal, user)


async def wanted(request: web.Request) -> dict[str, Any]:
    """The JSON object of an action. Other content types are refused: a foreign page could send them in a person's name."""
    if request.content_type != "application/json":
        raise mistake("send application/json", 415)
    try:
        read = await request.json()
    except ValueError as error:
        raise mistake("this is no JSON") from error
    if not isinstance(read, dict):
        raise mistake("send a JSON object")
    return read


def mistake(text: str, status: int = 400) -> web.HTTPException:
    """An answer to an action that cannot be done, to raise."""
    kinds: dict[int, type[web.HTTPException]] = {403: web.HTTPForbidden, 404: web.HTTPNotFound}
    kind = kinds.get(status, web.HTTPUnsupportedMediaType if status == 415 else web.HTTPBadRequest)
    return kind(text=json.dumps({"error": text}, ensure_ascii=False), content_type="application/json")

"""What a portal must offer before we can work on it, asked in one batch and said with what to do. Called by `running`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import requests

from b24app.bitrix24.client import Answer, Command
from b24app.bitrix24.connection import Connection
from b24app.manifest import Manifest

CLASSIC_CRM = 1
OFFLINE = "offline_events"
ALIVE = "/healthz"
TIMEOUT_SECONDS = 5
KEEPS_MISSED = Command("feature.get", {"CODE": "rest_offline_extended"})
"""Whether the portal keeps missed events until we confirm that we have them."""


@dataclass(frozen=True)
class Check:
    """One condition: `level` is ok, warning (we can live without it) or fault (we cannot work). `code` names its texts."""

    code: str
    level: str
    detail: str = ""


def check_portal(connection: Connection, manifest: Manifest, public_url: str) -> list[Check]:
    """Ask the portal and judge. Raises GatewayError when it gives no answer at all."""
    answers = connection.batch(
        [
            Command("app.info", {}),
            Command("scope", {}),
            Command("crm.settings.mode.get", {}),
            KEEPS_MISSED,
            Command("bizproc.robot.list", {}),
            Command("crm.type.list", {}),
        ]
    )
    info, scope, mode, offline, robots, types = answers
    return [
        _plan(info),
        _scopes(scope, manifest.scopes),
        _judged("leads", mode, lambda value: str(value) == str(CLASSIC_CRM), "fault"),
        _judged(OFFLINE, offline, lambda value: _map(value).get("value") == "Y", "warning"),
        Check("automation", "ok" if robots.error is None else "warning", str(robots.error or "")),
        # How many more the plan allows cannot be asked: the portal says so when one is made, and the page marks what it refused.
        Check("processes", "ok" if types.error is None else "warning", str(types.error or "")),
        Check("https", "ok" if urlsplit(public_url).scheme == "https" else "warning", public_url),
        reached(public_url),
    ]


def keeps_missed(connection: Connection) -> bool:
    """Ask whether missed events can be fetched and confirmed. Raises GatewayError when the portal gives no answer."""
    answer = connection.batch([KEEPS_MISSED])[0]
    return answer.error is None and _map(answer.result).get("value") == "Y"


def reached(public_url: str) -> Check:
    """Open our own public address as anybody would: name, certificate and proxy are set up when it answers."""
    try:
        found = requests.get(public_url + ALIVE, timeout=TIMEOUT_SECONDS, allow_redirects=False).status_code
    except requests.RequestException as error:
        return Check("reached", "warning", type(error).__name__)
    return Check("reached", "ok" if found == requests.codes.ok else "warning", str(found))


def _plan(answer: Answer) -> Check:
    info = _map(answer.result)
    expired = info.get("PAYMENT_EXPIRED") == "Y"
    return Check("plan", "fault" if answer.error or expired else "ok", str(info.get("LICENSE") or answer.error or ""))


def _scopes(answer: Answer, wanted: Sequence[str]) -> Check:
    if answer.error is not None:
        return Check("scopes", "fault", str(answer.error))
    missing = sorted(set(wanted) - {str(scope) for scope in answer.result or ()})
    return Check("scopes", "fault" if missing else "ok", ", ".join(missing))


def _judged(code: str, answer: Answer, good: Callable[[Any], bool], otherwise: str) -> Check:
    if answer.error is not None:
        return Check(code, otherwise, str(answer.error))
    return Check(code, "ok" if good(answer.result) else otherwise)


def _map(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}

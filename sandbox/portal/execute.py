"""Runs one method for one caller: existence, rights, limits, parameters, handler, record.

Used by the HTTP edge, by batch and by the portal's own pages.
"""

from __future__ import annotations

import inspect
import time
import traceback
from dataclasses import dataclass, field
from typing import Any, Literal

from sandbox.faults import Rule
from sandbox.portal import validation
from sandbox.portal.call import Answer, Call, Download
from sandbox.portal.errors import RestError
from sandbox.portal.identity import Identity
from sandbox.portal.portal import Portal
from sandbox.portal.registry import INTRANET_ONLY, METHODS, Method

APP_ONLY_CODES = ("WRONG_AUTH_TYPE", "ERROR_WRONG_CONTEXT", "ACCESS_DENIED", "AccessException", "NO_APPLICATION_ID")
ADMIN_TEXTS = {
    "AccessException": "Administrator authorization required",
    "crm": "Access denied! Admin permissions required",
}
ADMIN_CODES = ("200040300010", "ACCESS_DENIED", "AccessException", "ERROR_ACCESS_DENIED", "ACCESS_ERROR")


@dataclass(slots=True)
class Outcome:
    """What a call came to. `body` is the JSON object of the response without its `time`; `file` stands in its place."""

    status: int
    body: dict[str, Any]
    time: dict[str, Any] = field(default_factory=dict)
    file: Download | None = None

    @property
    def error(self) -> str | None:
        """The error code as text, None when the call succeeded."""
        return str(self.body["error"]) if "error" in self.body else None


def refusal(error: RestError, found: Method | None = None) -> Outcome:
    """An error as an outcome; methods that are documented to print their codes as numbers do so."""
    numeric = found is not None and found.facts.get("numeric_codes") and error.code.isdigit()
    code = int(error.code) if numeric else error.code
    return Outcome(error.status, {"error": code, "error_description": error.description, **error.extra})


async def execute(
    portal: Portal,
    identity: Identity,
    name: str,
    params: dict[str, Any],
    *,
    via: Literal["single", "batch", "page"] = "single",
    rule: Rule | None = None,
) -> Outcome:
    """Runs a method and records it (calls of the portal's own pages are not recorded)."""
    started, clock_started = time.perf_counter(), portal.clock.timestamp()
    found = METHODS.get(name)
    try:
        outcome = await _run(found, Call(portal, identity, name, params), rule)
    except RestError as error:
        outcome = refusal(error, found)
    except Exception as error:
        traceback.print_exception(error)
        outcome = refusal(RestError("INTERNAL_SERVER_ERROR", "Internal server error", 500))
    spent = time.perf_counter() - started
    outcome.time = time_block(portal, clock_started, spent)
    if found and name != "batch" and outcome.status not in {401, 429, 503}:
        total, reset_at = portal.limits.count_operating(identity.key, name, clock_started, spent)
        outcome.time["operating_reset_at"], outcome.time["operating"] = reset_at, round(total, 6)
    if via != "page":
        record_call(portal, found.name if found else name, params, via, outcome)
    return outcome


def record_call(
    portal: Portal, name: str, params: dict[str, Any], via: Literal["single", "batch"], outcome: Outcome
) -> None:
    """Remembers one finished call."""
    portal.recorder.add(
        at=portal.clock.now(), method=name, params=params, via=via, status=outcome.status, error=outcome.error
    )


async def _run(found: Method | None, call: Call, rule: Rule | None) -> Outcome:
    portal, identity = call.portal, call.identity
    if found is None:
        raise RestError("ERROR_METHOD_NOT_FOUND", "Method not found!", 404)
    check_rights(portal, identity, found)
    if rule and rule.action == "operating_limit":
        raise RestError("OPERATION_TIME_LIMIT", "Method is blocked due to operation time limit.", 429)
    if rule and rule.action == "error":
        raise RestError(rule.error, rule.description or rule.error, rule.status)
    portal.limits.check_operating(identity.key, call.method, portal.clock.timestamp())
    call.method, call.params = found.name, validation.respell(found.name, call.params)
    if found.validate:
        validation.check(found.facts, call.params)
    result = found.handler(call)
    if inspect.isawaitable(result):
        result = await result
    if isinstance(result, Download):
        return Outcome(200, {"result": None}, file=result)
    if isinstance(result, Answer):
        body = {"result": result.result}
        if result.next is not None:
            body["next"] = result.next
        if result.total is not None:
            body["total"] = result.total
        return Outcome(200, body)
    return Outcome(200, {"result": result})


def check_rights(portal: Portal, identity: Identity, found: Method) -> None:
    """Scope, application context, administrator. Raises RestError."""
    if found.scopes and identity.scopes is not None and not found.scopes & identity.scopes:
        kind = "access" if identity.in_app else "webhook"
        text = f"The request requires higher privileges than provided by the {kind} token"
        raise RestError("insufficient_scope", text, 403)
    if found.intranet_only and portal.users[identity.user_id].get("USER_TYPE") == "extranet":
        raise RestError(INTRANET_ONLY, "Action is allowed for intranet users only", 403)
    if found.app_only and not identity.in_app:
        code, status = validation.documented(found.facts, APP_ONLY_CODES, ("ACCESS_DENIED", 403))
        raise RestError(code, "Access denied! Application context required", status)
    if found.admin_only and not portal.users[identity.user_id].get("ADMIN"):
        code, status = validation.documented(found.facts, ADMIN_CODES, ("ACCESS_DENIED", 403))
        text = ADMIN_TEXTS.get(code) or ADMIN_TEXTS.get(found.name.partition(".")[0], "Access denied!")
        raise RestError(code, text, status)


def time_block(portal: Portal, started: float, spent: float) -> dict[str, Any]:
    """What every answer says of the time that it took; both moments are seconds, `started` of the portal's clock."""
    stamp = portal.stamp()
    return {
        "start": started,
        "finish": started + spent,
        "duration": spent,
        "processing": spent,
        "date_start": stamp,
        "date_finish": stamp,
        "operating_reset_at": int(started) + 600,
        "operating": 0,
    }

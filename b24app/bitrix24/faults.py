"""What an answer of the portal means when it is not a success: by the body first, by the status second.

The documentation knows errors with status 200, with an empty or a numeric code, and the same status for refusals that
differ in what may be done next. Pure; called by the transport and the gateway.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from b24app.errors import GatewayError, Rejected, Retryable, TokenExpired, Uncertain

CLOSED_GATES = {"QUERY_LIMIT_EXCEEDED": 1.0, "OVERLOAD_LIMIT": 60.0}
OPERATING_PAUSE_SECONDS = 60.0
RENAMED_PORTAL_PAUSE_SECONDS = 300.0
GAVE_UP_WAITING = {408, 499, 504, 524}
MOVED, UNREACHABLE = "MOVED", "UNREACHABLE"


def error_for(status: int, body: str) -> GatewayError | None:
    """Give the error that an answer stands for, or None when it holds a result.

    Something that is no JSON, or a server's failure without a code, leaves open whether the call took effect.
    """
    if 300 <= status < 400:
        return Retryable("The portal moved to another address.", code=MOVED, after_seconds=RENAMED_PORTAL_PAUSE_SECONDS)
    parsed = _parsed(body)
    if parsed is None:
        return _without_json(status, body)
    code, description = code_and_description(parsed)
    if "error" in parsed or status >= 400:
        return _by_code(status, code, description, body, parsed)
    return None


def command_error(error: Any) -> GatewayError:
    """Give the error for one entry of a batch's `result_error`."""
    parsed = error if isinstance(error, Mapping) else {"error": str(error)}
    code, description = code_and_description(parsed)
    return _by_code(400, code, description, json.dumps(error, ensure_ascii=False), parsed)


def code_and_description(parsed: Mapping[str, Any]) -> tuple[str, str]:
    """Read `error` and `error_description` of the second version and the nested error of the third."""
    error = parsed.get("error", "")
    if isinstance(error, Mapping):
        return str(error.get("code", "")), str(error.get("message", ""))
    return str(error), str(parsed.get("error_description", ""))


def _parsed(body: str) -> Mapping[str, Any] | None:
    try:
        parsed = json.loads(body)
    except ValueError:
        return None
    return parsed if isinstance(parsed, dict) else None


def _without_json(status: int, body: str) -> GatewayError:
    # A gateway that lost its patience says nothing about those behind it.
    impatient = status in GAVE_UP_WAITING
    if status == 429:
        said = "Something in front of the portal wants fewer calls."
        return Retryable(said, code=str(status), body=body, after_seconds=OPERATING_PAUSE_SECONDS)
    if 400 <= status < 500 and not impatient:
        return Rejected(f"The portal answered {status}.", code=str(status), body=body)
    return Uncertain(f"The portal answered {status} without a result.", code=str(status), body=body, running=impatient)


def _by_code(status: int, code: str, description: str, body: str, parsed: Mapping[str, Any]) -> GatewayError:
    said = description or code or f"status {status}"
    if code.upper() in CLOSED_GATES:
        return Retryable(said, code=code, body=body, after_seconds=CLOSED_GATES[code.upper()])
    if code.upper() == "OPERATION_TIME_LIMIT" or status == 429:
        return Retryable(said, code=code, body=body, after_seconds=OPERATING_PAUSE_SECONDS)
    if code.lower() == "expired_token":
        return TokenExpired(said, code=code, body=body)
    if status >= 500 or code.upper() in {"INTERNAL_SERVER_ERROR", "ERROR_UNEXPECTED_ANSWER"}:
        return Uncertain(said, code=code, body=body)
    return Rejected(said, code=code, body=body)

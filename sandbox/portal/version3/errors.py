"""Refusals of REST 3.0: a code with its prefix, a message, and what is wrong with which field.

Raised by operations and by the reading of requests, printed by the door.
"""

from __future__ import annotations

from typing import Any

PREFIX = "BITRIX_REST_V3_EXCEPTION_"
VALIDATION = "VALIDATION_REQUESTVALIDATION"


class RefusedError(Exception):
    """Answered as `{"error": {"code", "message"[, "validation"]}}` with the HTTP `status`."""

    def __init__(self, code: str, message: str, status: int = 400, field: str | None = None) -> None:
        super().__init__(f"{code}: {message}")
        self.code = f"{PREFIX}{code}EXCEPTION"
        self.message = message
        self.status = status
        self.field = field

    def printed(self) -> dict[str, Any]:
        """The error as answers hold it."""
        shown: dict[str, Any] = {"code": self.code, "message": self.message}
        if self.field is not None:
            shown["message"] = "Error validating request object"
            shown["validation"] = [{"message": self.message, "field": self.field}]
        return shown


def invalid(field: str, message: str) -> RefusedError:
    """A field of the request is missing or has a wrong value."""
    return RefusedError(VALIDATION, message, field=field)


def missing(field: str) -> RefusedError:
    """A required field of the request is not there."""
    return invalid(field, f"Required field `{field}` is not specified")


def wrong_type(field: str, kind: str) -> RefusedError:
    """A field has a value of another type than `kind`."""
    return invalid(field, f"The field `{field}` requires data type `{kind}` for such a request")


def denied() -> RefusedError:
    """The caller may not do that."""
    return RefusedError("ACCESSDENIED", "Access denied", 403)


def not_found(number: int) -> RefusedError:
    """There is no object with this number."""
    return RefusedError("ENTITYNOTFOUND", f"Record with ID = `{number}` not found")

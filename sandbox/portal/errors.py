"""How a method refuses: one exception that becomes the JSON error of REST."""

from __future__ import annotations

from typing import Any


class RestError(Exception):
    """Answered as `{"error": code, "error_description": description}` with the HTTP `status`.

    Status 200 with a code is possible: a few documented methods do that. `extra` joins the error object.
    """

    def __init__(self, code: str, description: str, status: int = 400, **extra: Any) -> None:
        super().__init__(f"{code}: {description}")
        self.code = code
        self.description = description
        self.status = status
        self.extra = extra


def access_denied(description: str = "Access denied.", status: int = 400) -> RestError:
    """The commonest refusal."""
    return RestError("ACCESS_DENIED", description, status)


def not_found(description: str = "Not found", code: str = "NOT_FOUND") -> RestError:
    """An object that does not exist."""
    return RestError(code, description)

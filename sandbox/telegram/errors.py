"""The refusals of the Bot API, in the words of the real service.

Raised by method handlers and by everything they call; turned into the JSON answer by ``server``.
Knows nothing of HTTP frameworks or of the state.
"""

from __future__ import annotations

from typing import Any


class ApiError(Exception):
    """A refused call: ``code`` is the HTTP status, ``description`` the whole text shown to the client."""

    def __init__(self, code: int, description: str, parameters: dict[str, Any] | None = None) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters

    def as_answer(self) -> dict[str, Any]:
        """The JSON body ``{ok: false, error_code, description[, parameters]}``."""
        answer: dict[str, Any] = {"ok": False, "error_code": self.code, "description": self.description}
        if self.parameters:
            answer["parameters"] = self.parameters
        return answer


def bad_request(text: str) -> ApiError:
    """400; the first letter is lowered unless the text is an upper-case code, as the real server words it."""
    if len(text) > 1 and not (text[1].isupper() or text[1] == "_"):
        text = text[0].lower() + text[1:]
    return ApiError(400, f"Bad Request: {text}")


def forbidden(text: str) -> ApiError:
    """403: the bot may not act there."""
    return ApiError(403, f"Forbidden: {text}")


def too_many_requests(retry_after_seconds: int) -> ApiError:
    """429 with the pause the client must keep."""
    return ApiError(429, f"Too Many Requests: retry after {retry_after_seconds}", {"retry_after": retry_after_seconds})


def not_simulated(method: str) -> ApiError:
    """501: documented by the Bot API, absent from this stand-in; loud so that nobody trusts what is not there."""
    return ApiError(501, f"Not Implemented: the sandbox does not simulate {method}")


class ControlError(ValueError):
    """A refused act of a person or of the control panel; ``status`` is the HTTP status."""

    def __init__(self, status: int, text: str) -> None:
        super().__init__(text)
        self.status = status
        self.text = text

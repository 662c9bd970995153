"""The failures that the program knows by name.

Raised by every layer, caught in three places only: the HTTP edge, inbox processing and the dispatchers.
A `DomainError` is shown politely and never retried; a `GatewayError` tells a dispatcher what may be done
next; anything else is a fault of ours, logged with its context. Knows nobody.
"""

from __future__ import annotations

from collections.abc import Mapping


class DomainError(Exception):
    """The rules say no. The class docstring is the default message; `code` names the text shown to people."""

    def __init__(self, message: str | None = None, *, code: str | None = None, **params: object) -> None:
        self.message = message or (self.__doc__ or type(self).__name__).strip()
        self.code = code or type(self).__name__
        self.params: Mapping[str, object] = params
        super().__init__(self.message)


class NotFound(DomainError):
    """There is no such thing, or it is not yours to see."""


class NotAllowed(DomainError):
    """You are not allowed to do this."""


class InvalidState(DomainError):
    """This cannot be done in the present state."""


class InvalidInput(DomainError):
    """Something in the form needs correction.

    `fields` maps a field's name to the list of what is wrong with it, in the reader's language.
    """

    def __init__(
        self,
        message: str | None = None,
        *,
        fields: Mapping[str, list[str]] | None = None,
        code: str | None = None,
        **params: object,
    ) -> None:
        super().__init__(message or "Something in the form needs correction.", code=code, **params)
        self.fields: Mapping[str, list[str]] = fields or {}


class LimitExceeded(DomainError):
    """A limit has been reached."""


class GatewayError(Exception):
    """The other side did not do what was asked. `code` is the other side's own code, `body` its raw answer."""

    def __init__(self, message: str, *, code: str = "", body: str = "") -> None:
        self.code = code
        self.body = body
        super().__init__(message)


class Retryable(GatewayError):
    """It certainly did not happen and may be tried again, not before `after_seconds`."""

    def __init__(self, message: str, *, code: str = "", body: str = "", after_seconds: float | None = None) -> None:
        super().__init__(message, code=code, body=body)
        self.after_seconds = after_seconds


class Uncertain(GatewayError):
    """It may have happened: the answer was lost. `running`: the other side may still be at it, long after it was asked."""

    def __init__(self, message: str, *, code: str = "", body: str = "", running: bool = False) -> None:
        super().__init__(message, code=code, body=body)
        self.running = running


class Rejected(GatewayError):
    """The other side refused for good; sending the same again would be refused again."""


class TokenExpired(GatewayError):
    """It did not happen because the access token ran out; refresh and send again."""


class NotYet(GatewayError):
    """It cannot be sent before something else was delivered, such as the entity it belongs to."""

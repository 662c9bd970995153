"""Who is calling: a user through a webhook, through an application, or on a page of the portal itself."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Identity:
    """`scopes` None means everything (a person on the portal's own pages). `key` tells callers apart for limits."""

    user_id: str
    key: str
    scopes: frozenset[str] | None = None
    app_id: str | None = None
    token: str | None = None

    @property
    def in_app(self) -> bool:
        """Whether the call is made in the context of an application."""
        return self.app_id is not None


@dataclass(frozen=True, slots=True)
class Actor:
    """Whose doing a change is. Events caused by automation carry no tokens."""

    user_id: str
    app_id: str | None = None
    automation: bool = False
    auth_connector: str | None = None


def person(user_id: str) -> Identity:
    """A user acting on the portal's own pages."""
    return Identity(user_id=user_id, key=f"session:{user_id}")

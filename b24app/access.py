"""How every inbound route declares its way of authentication, so that a test can walk them all."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

View = TypeVar("View", bound=Callable[..., Any])


def authenticated_by(kind: str) -> Callable[[View], View]:
    """Mark a view with the way it authenticates, in words (`telegram secret`, `init data`, `page token`, `nobody: …`)."""

    def mark(view: View) -> View:
        vars(view)["authenticated_by"] = kind
        return view

    return mark

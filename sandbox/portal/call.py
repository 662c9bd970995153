"""What a method handler gets: one call with its caller, parameters and portal."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sandbox.portal.errors import RestError
from sandbox.portal.identity import Actor, Identity
from sandbox.portal.store import Row

if TYPE_CHECKING:
    from sandbox.portal.portal import Portal

PAGE = 50


@dataclass(slots=True)
class Answer:
    """A result with paging: `total` and `next` stand beside `result` in the response."""

    result: Any
    total: int | None = None
    next: int | None = None


@dataclass(slots=True)
class Download:
    """A file in place of a JSON answer."""

    name: str
    content: bytes


@dataclass(slots=True)
class Call:
    """One method call. Top-level `params` carry the documented spelling of their names."""

    portal: Portal
    identity: Identity
    method: str
    params: dict[str, Any] = field(default_factory=dict)

    def get(self, name: str, default: Any = None) -> Any:
        """A top-level parameter by name, in any case; None and absent give the default."""
        if (value := self.params.get(name)) is not None:
            return value
        wanted = name.lower()
        for key, value in self.params.items():
            if key.lower() == wanted and value is not None:
                return value
        return default

    def integer(self, name: str, default: int = 0) -> int:
        """A parameter as a whole number, the way the portal casts: junk is 0."""
        return to_int(self.get(name), default)

    def text(self, name: str, default: str = "") -> str:
        """A parameter as text."""
        value = self.get(name)
        return default if value is None or isinstance(value, dict | list) else str(value)

    def mapping(self, name: str) -> dict[str, Any]:
        """A parameter as a map; an empty list or nothing is an empty map, a list is keyed by position."""
        return to_map(self.get(name))

    @property
    def user(self) -> Row:
        """The row of the calling user."""
        return self.portal.users[self.identity.user_id]

    @property
    def user_id(self) -> str:
        """The id of the calling user."""
        return self.identity.user_id

    @property
    def admin(self) -> bool:
        """Whether the caller administers the portal."""
        return bool(self.user.get("ADMIN"))

    @property
    def app(self) -> Row:
        """The calling application. Refuses calls outside of one."""
        if self.identity.app_id is None:
            raise RestError("ACCESS_DENIED", "Access denied! Application context required", 403)
        return self.portal.apps[self.identity.app_id]

    @property
    def actor(self) -> Actor:
        """The caller as the cause of events."""
        connector = self.get("auth_connector")
        return Actor(self.identity.user_id, self.identity.app_id, auth_connector=str(connector) if connector else None)

    def start(self) -> int:
        """Where the wanted page begins: `start` names a page of 50, not a row. Negative: nothing is to be counted."""
        start = self.integer("start")
        return start - start % PAGE if start > 0 else start

    def page(self, items: list[Any], *, result_key: str | None = None) -> Answer:
        """One page of 50 of `items` by the `start` parameter; `start=-1` counts nothing."""
        start = self.start()
        chosen = items[max(start, 0) : max(start, 0) + PAGE]
        result = {result_key: chosen} if result_key else chosen
        if start < 0:
            return Answer(result)
        following = start + PAGE if start + PAGE < len(items) else None
        return Answer(result, total=len(items), next=following)


def to_int(value: Any, default: int = 0) -> int:
    """Casts like the portal: numbers and numeric text count, junk is the default."""
    if isinstance(value, bool):
        return int(value)
    try:
        return int(value)
    except (TypeError, ValueError):
        return default


def to_map(value: Any) -> dict[str, Any]:
    """A map out of what may have arrived as a list."""
    if isinstance(value, dict):
        return value
    if isinstance(value, list):
        return {str(index): item for index, item in enumerate(value)}
    return {}


def is_yes(value: Any) -> bool:
    """Whether a flag is set: Y, 1, true."""
    return value is True or str(value).lower() in {"y", "1", "true"}

"""One call of a bot, and the table of methods.

Method modules register themselves with ``@method``; the server looks them up here.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from sandbox.contract import method_facts
from sandbox.telegram.access import Access, find_chat
from sandbox.telegram.model import Bot, Chat
from sandbox.telegram.world import World
from sandbox.wire import Upload

ATTACHED = "attach://"


@dataclass
class Call:
    """A validated call: who asks, what, with which values. ``raw`` keeps the uploads of a multipart form."""

    world: World
    bot: Bot
    method: str
    params: dict[str, Any]
    raw: dict[str, Any]
    note: str = ""
    result: Any = None

    def get(self, name: str, default: Any = None) -> Any:
        """A parameter or its default."""
        return self.params.get(name, default)

    def chat(self, access: Access = Access.WRITE, name: str = "chat_id") -> Chat:
        """The chat named by a parameter, checked."""
        return find_chat(self.world, self.bot, self.params.get(name), access, self.method)

    def upload(self, name: str) -> Upload | None:
        """A part of the multipart form, which may be named by `attach://`."""
        part = self.raw.get(name)
        if isinstance(part, str) and part.startswith(ATTACHED):
            part = self.raw.get(part.removeprefix(ATTACHED))
        return part if isinstance(part, Upload) else None


Handler = Callable[[Call], Any | Awaitable[Any]]


@dataclass(frozen=True)
class Method:
    """A simulated method; ``gaps`` says in words what of its documented behaviour is not there."""

    name: str
    handler: Handler
    ignored: tuple[str, ...] = ()
    gaps: str = ""
    facts: dict[str, Any] = field(default_factory=dict)


METHODS: dict[str, Method] = {}


def method(name: str, *, ignored: tuple[str, ...] = (), gaps: str = "") -> Callable[[Handler], Handler]:
    """Registers a handler; ``ignored`` parameters are validated and have no effect here."""

    def register(handler: Handler) -> Handler:
        facts = method_facts("telegram", name)
        honest = tuple(parameter for parameter in ignored if parameter in facts["params"])
        METHODS[name.lower()] = Method(name, handler, honest, gaps, facts)
        return handler

    return register

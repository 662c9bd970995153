"""Loose ends between families: a family listens by name and is called without the caller knowing it.

Names and arguments (all functions are plain, not async; keep them quick):

- `seed(portal)`                  a fresh world is being filled; add your default rows
- `crm_change(portal, change)`    an element of CRM was added, updated or deleted (`sandbox.portal.crm.changes.Change`)
- `app_removed(portal, app, clean)`  an application is going; drop what Bitrix24 drops with it
- `app_installed(portal, app)`    installation was finished
- `tick(portal)`                  about five times a second and after each jump of the clock; run what is due
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from typing import Any

Listener = Callable[..., None]
_listeners: dict[str, list[Listener]] = defaultdict(list)
NAMES = frozenset({"seed", "crm_change", "app_removed", "app_installed", "tick"})


def listen(name: str) -> Callable[[Listener], Listener]:
    """Decorator: calls the function on every `name`."""
    if name not in NAMES:
        raise ValueError(f"unknown hook {name!r}")

    def register(listener: Listener) -> Listener:
        _listeners[name].append(listener)
        return listener

    return register


def call(name: str, *arguments: Any) -> None:
    """Calls every listener of `name` in order of registration."""
    for listener in _listeners[name]:
        listener(*arguments)

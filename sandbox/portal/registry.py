"""The list of simulated methods; each module registers its own with a decorator.

A registration also says, for the generated coverage table, which documented parameters have no effect and which
documented behaviour is not simulated.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sandbox.contract import method_facts
from sandbox.portal.call import Call

Handler = Callable[[Call], Any]
INTRANET_ONLY = "allowed_only_intranet_user"
ADMIN_WHO = frozenset({"admin", "admin +app"})


@dataclass(frozen=True, slots=True)
class Method:
    """One simulated method. `scopes`: any one of them is enough; empty means basic."""

    name: str
    handler: Handler
    scopes: frozenset[str]
    app_only: bool
    admin_only: bool
    validate: bool
    ignores: tuple[str, ...]
    missing: str
    facts: dict[str, Any]
    intranet_only: bool = False


METHODS: dict[str, Method] = {}


def method(
    *names: str,
    scopes: tuple[str, ...] | None = None,
    app_only: bool | None = None,
    admin_only: bool | None = None,
    validate: bool = True,
    ignores: tuple[str, ...] = (),
    missing: str = "",
) -> Callable[[Handler], Handler]:
    """Registers a handler under one or more method names.

    What is not given is taken from the contract. `validate=False`: the handler checks its parameters alone (for
    methods whose refusals have a form of their own). `ignores`: documented parameters that have no effect here.
    `missing`: one sentence on documented behaviour that is not simulated.
    """

    def register(handler: Handler) -> Handler:
        for name in names:
            facts = method_facts("bitrix24", name)
            METHODS[name.lower()] = Method(
                name=name,
                handler=handler,
                scopes=frozenset(scopes if scopes is not None else _plain_scopes(facts)),
                app_only=bool(facts.get("app_only")) if app_only is None else app_only,
                admin_only=facts.get("who") in ADMIN_WHO if admin_only is None else admin_only,
                validate=validate,
                ignores=ignores,
                missing=missing,
                facts=facts,
                intranet_only=any(error["code"] == INTRANET_ONLY for error in facts.get("errors", ())),
            )
        return handler

    return register


def _plain_scopes(facts: dict[str, Any]) -> list[str]:
    listed = [scope for scope in facts.get("scope", []) if "*" not in scope]
    return [] if "basic" in listed else listed

"""`app.option.*` and `user.option.*`: small stores that an application has on the portal."""

from __future__ import annotations

from typing import Any

from sandbox.portal.call import Call
from sandbox.portal.errors import RestError
from sandbox.portal.hooks import listen
from sandbox.portal.portal import Portal
from sandbox.portal.registry import method
from sandbox.portal.store import Row


def _read(call: Call, owner: str) -> Any:
    held = call.portal.store.table("options").get(owner, {})
    name = call.get("option")
    if name is None:
        return dict(held)
    return held.get(str(name))


def _write(call: Call, owner: str) -> bool:
    values = call.mapping("options")
    if not values:
        raise RestError("ArgumentNullException", "options is empty", 400)
    call.portal.store.table("options").setdefault(owner, {}).update(values)
    call.portal.store.touch()
    return True


@method("app.option.get", scopes=())
def app_get(call: Call) -> Any:
    """One option of the application, or all."""
    return _read(call, f"{call.app['ID']}:")


@method("app.option.set", scopes=(), validate=False)
def app_set(call: Call) -> bool:
    """Stores options of the application."""
    return _write(call, f"{call.app['ID']}:")


@method("user.option.get", scopes=())
def user_get(call: Call) -> Any:
    """One option of the caller in the application, or all."""
    return _read(call, f"{call.app['ID']}:{call.user_id}")


@method("user.option.set", scopes=(), validate=False)
def user_set(call: Call) -> bool:
    """Stores options of the caller in the application."""
    return _write(call, f"{call.app['ID']}:{call.user_id}")


@listen("app_removed")
def forget(portal: Portal, app: Row, _clean: bool) -> None:
    """The stores go with their application."""
    table = portal.store.table("options")
    for owner in [owner for owner in table if owner.startswith(f"{app['ID']}:")]:
        del table[owner]

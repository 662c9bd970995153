"""What single people put on a task for themselves: favourite, muted, pinned."""

from __future__ import annotations

from sandbox.portal.portal import Portal

TABLE = "task_marks"
FAVORITE, MUTED, PINNED = "FAVORITE", "IS_MUTED", "IS_PINNED"


def holds(portal: Portal, task_id: str, mark: str, user_id: str) -> bool:
    """Whether a person put this mark on the task."""
    return user_id in portal.store.table(TABLE).get(task_id, {}).get(mark, ())


def put(portal: Portal, task_id: str, mark: str, user_id: str, *, on: bool) -> None:
    """Sets or takes away a mark."""
    people: list[str] = portal.store.table(TABLE).setdefault(task_id, {}).setdefault(mark, [])
    if user_id in people:
        people.remove(user_id)
    if on:
        people.append(user_id)
    portal.store.touch()


def columns(portal: Portal, task_id: str, user_id: str) -> dict[str, str]:
    """The columns of a task that differ from person to person."""
    return {mark: "Y" if holds(portal, task_id, mark, user_id) else "N" for mark in (FAVORITE, MUTED, PINNED)}

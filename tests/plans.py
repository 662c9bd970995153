"""What reading costs: how many rows PostgreSQL looked at in vain for the statements of a piece of code."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event
from sqlalchemy.orm import Session


@contextmanager
def rows_in_vain(session: Session) -> Iterator[list[int]]:
    """Give the rows that each SELECT of the block read and left out or sorted away, filled when the block ends."""
    connection, asked = session.connection(), []
    in_vain: list[int] = []

    def remember(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        asked.append((statement, parameters))

    event.listen(connection, "before_cursor_execute", remember)
    try:
        yield in_vain
    finally:
        event.remove(connection, "before_cursor_execute", remember)
    for statement, parameters in asked:
        if statement.startswith("SELECT"):
            explained = connection.exec_driver_sql(f"EXPLAIN (ANALYZE, FORMAT JSON) {statement}", parameters)
            plan = explained.scalar_one()[0]["Plan"]
            in_vain.append(_read(plan) - plan["Actual Rows"])


def _read(node: dict[str, Any]) -> int:
    under = node.get("Plans", [])
    if under:
        return sum(_read(one) for one in under)
    seen = node["Actual Rows"] + node.get("Rows Removed by Filter", 0) + node.get("Rows Removed by Index Recheck", 0)
    return int(seen * node["Actual Loops"])

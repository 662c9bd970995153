"""What the portal offers to choose from before an installation: its open lines and its employees. Called by `running`.

Documentation: imopenlines.config.list.get, user.get. A list that the portal refuses is empty: the page then takes ids.
"""

from __future__ import annotations

from typing import Any

from b24app.bitrix24.client import Answer, Command
from b24app.bitrix24.connection import Connection

MOST_EMPLOYEES = 50


def offered(connection: Connection, connector_line: str) -> dict[str, list[list[str]]]:
    """Give `lines` and `employees` as [id, name] pairs; the line that carries conversations already comes first."""
    lines, employees = connection.batch(
        [
            Command("imopenlines.config.list.get", {"PARAMS": {"select": ["ID", "LINE_NAME"]}}),
            Command("user.get", {"FILTER": {"ACTIVE": True, "USER_TYPE": "employee"}, "sort": "ID", "order": "ASC"}),
        ]
    )
    found = [[str(row["ID"]), str(row.get("LINE_NAME", ""))] for row in _rows(lines)]
    found.sort(key=lambda line: line[0] != connector_line)
    people = [[str(row["ID"]), _name(row)] for row in _rows(employees)[:MOST_EMPLOYEES]]
    return {"lines": found, "employees": people}


def _rows(answer: Answer) -> list[dict[str, Any]]:
    if answer.error is not None:
        return []
    return list(answer.result.values() if isinstance(answer.result, dict) else answer.result or ())


def _name(row: dict[str, Any]) -> str:
    full = " ".join(str(row.get(part) or "").strip() for part in ("NAME", "LAST_NAME")).strip()
    return full or f"#{row['ID']}"

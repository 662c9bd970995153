"""Outside people who write through connectors: one row per connector and outside id, numbered like employees."""

from __future__ import annotations

import re
from typing import Any

from sandbox.portal.portal import Portal
from sandbox.portal.readings import declare
from sandbox.portal.store import Row

TABLE = "connector_users"
LONGEST_NAME = 25
NAME = re.compile(r"[^\W\d_]+(?:[ '’ʻʼ`\-]*[^\W\d_]*)*")
WRONG_NAMES = declare(
    "connector_wrong_names",
    "refused",
    "cleaned",
    about="A name with digits or signs, or over 25 characters: the text forbids it, what happens then is not said. "
    "Refused: the message fails with its own ERRORS; cleaned: the forbidden part is dropped.",
)


class WrongPersonError(ValueError):
    """The block `user` of a message breaks a documented rule."""


def known(portal: Portal, connector_id: str, block: dict[str, Any]) -> Row:
    """The person of a message block, made or brought up to date. Raises WrongPersonError."""
    outside = str(block.get("id") or "")
    if not outside:
        raise WrongPersonError("Parameter user.id is required")
    index: dict[str, str] = portal.store.values.setdefault("connector_people", {})
    key = f"{connector_id}|{outside}"
    values = _values(portal, block)
    row = portal.store.table(TABLE).get(index.get(key, ""))
    if row is None:
        row = {"ID": portal.store.next_id("users"), "external": outside, "NAME": "", "LAST_NAME": "", "ACTIVE": True}
        portal.store.table(TABLE)[row["ID"]] = row
        index[key] = row["ID"]
    row.update(values)
    portal.store.touch()
    return row


def _values(portal: Portal, block: dict[str, Any]) -> Row:
    row: Row = {}
    for name, column in (("name", "NAME"), ("last_name", "LAST_NAME")):
        if block.get(name):
            row[column] = _name(portal, name, str(block[name]))
    picture = block.get("picture")
    if isinstance(picture, dict) and picture.get("url"):
        row["AVATAR"] = str(picture["url"])
    if str(block.get("gender", "")).lower() in {"male", "female"}:
        row["PERSONAL_GENDER"] = "M" if str(block["gender"]).lower() == "male" else "F"
    for name, column in (("email", "EMAIL"), ("phone", "PHONE"), ("url", "URL")):
        if block.get(name):
            row[column] = str(block[name])
    return row


def _name(portal: Portal, field: str, value: str) -> str:
    text = value.strip()
    if len(text) <= LONGEST_NAME and NAME.fullmatch(text):
        return text
    if portal.readings[WRONG_NAMES] == "refused":
        raise WrongPersonError(f"Parameter user.{field} contains invalid characters or is too long")
    kept = "".join(letter for letter in text if letter.isalpha() or letter in " -'’ʻʼ`")
    return kept.strip()[:LONGEST_NAME]

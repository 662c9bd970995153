"""Puts given entities in order: bounds, trimming, overlaps, and merging with what is detected by itself."""

from __future__ import annotations

from typing import Any

from sandbox.telegram.entities.units import splits_pair, utf16_length, utf16_slice
from sandbox.telegram.errors import bad_request

# Order of entities that begin and end together, outer first.
_RANK = {
    "expandable_blockquote": 0,
    "blockquote": 0,
    "pre": 2,
    "text_link": 3,
    "text_mention": 3,
    "bold": 5,
    "italic": 6,
    "underline": 7,
    "strikethrough": 8,
    "spoiler": 9,
    "code": 10,
    "custom_emoji": 11,
}
_KEPT_ALONE = {"pre", "code"}
_SPLITTABLE = {"bold", "italic", "underline", "strikethrough", "spoiler"}
_SENDABLE = frozenset(_RANK) | {"date_time"}
_IGNORED = {"mention", "hashtag", "cashtag", "bot_command", "url", "email", "phone_number"}


def _key(entity: dict[str, Any]) -> tuple[int, int, int]:
    return entity["offset"], -entity["length"], _RANK.get(entity["type"], 4)


def read_given(raw: list[Any]) -> list[dict[str, Any]]:
    """Entities as a client sent them, with the fields of their kind; kinds that are detected are dropped."""
    given: list[dict[str, Any]] = []
    for item in raw:
        if not isinstance(item, dict):
            raise bad_request("can't parse MessageEntity: expected an Object")
        for name in ("offset", "length", "type"):
            if name not in item:
                raise bad_request(f"can't parse MessageEntity: Can't find field \"{name}\"")
        kind = item["type"]
        if kind in _IGNORED or int(item["length"]) <= 0:
            continue
        if kind not in _SENDABLE:
            raise bad_request("can't parse MessageEntity: unsupported type specified")
        entity = {"type": kind, "offset": int(item["offset"]), "length": int(item["length"])}
        for name in ("url", "language", "custom_emoji_id", "unix_time", "date_time_format"):
            if item.get(name):
                entity[name] = item[name]
        if kind == "text_mention":
            entity["user_id"] = int((item.get("user") or {}).get("id", 0))
        given.append(entity)
    return given


def check_bounds(text: str, entities: list[dict[str, Any]]) -> None:
    """Refuses entities outside the text or cutting a character in two."""
    size = utf16_length(text)
    for entity in entities:
        offset, length = entity["offset"], entity["length"]
        if offset < 0:
            raise bad_request(f"receive an entity with incorrect offset {offset}")
        if offset > size:
            raise bad_request(f"entity begins after the end of the text at UTF-16 offset {offset}")
        if offset + length > size:
            raise bad_request(
                f"entity beginning at UTF-16 offset {offset} ends after the end of the text at UTF-16 offset "
                f"{offset + length}"
            )
        if splits_pair(text, offset) or splits_pair(text, offset + length):
            raise bad_request(f"entity beginning at UTF-16 offset {offset} ends in a middle of a UTF-16 symbol")


def trim(text: str, entities: list[dict[str, Any]]) -> tuple[str, list[dict[str, Any]]]:
    """Cuts white space at both ends, but never leading space that an entity covers; entities shrink with it."""
    right = text.rstrip(" \n\t\r\u00a0")
    first = min((entity["offset"] for entity in entities), default=len(right))
    cut = 0
    while cut < min(first, len(right)) and right[cut] in " \n":
        cut += 1
    kept = right[cut:]
    size = utf16_length(kept)
    moved: list[dict[str, Any]] = []
    for entity in entities:
        offset = entity["offset"] - cut
        length = min(entity["length"], size - offset)
        if length > 0 and utf16_slice(kept, offset, length).strip():
            moved.append({**entity, "offset": offset, "length": length})
    return kept, moved


def settle(entities: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Sorted entities without crossings: code stands alone, a crossing style is split, the rest loses to the earlier."""
    merged = _merge_same(entities)
    placed: list[dict[str, Any]] = []
    for entity in sorted(merged, key=_key):
        pieces = [entity]
        for other in placed:
            pieces = [part for piece in pieces for part in _fit(piece, other)]
        placed.extend(pieces)
    return sorted(placed, key=_key)


def _merge_same(entities: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Joins touching or overlapping stretches of one style."""
    result: list[dict[str, Any]] = []
    for entity in sorted(entities, key=lambda item: (item["type"], item["offset"], -item["length"])):
        last = result[-1] if result else None
        if (
            last is not None
            and entity["type"] in _SPLITTABLE
            and last["type"] == entity["type"]
            and entity["offset"] <= last["offset"] + last["length"]
        ):
            end = max(last["offset"] + last["length"], entity["offset"] + entity["length"])
            last["length"] = end - last["offset"]
        else:
            result.append(dict(entity))
    return result


def _fit(entity: dict[str, Any], other: dict[str, Any]) -> list[dict[str, Any]]:
    begin, end = entity["offset"], entity["offset"] + entity["length"]
    other_begin, other_end = other["offset"], other["offset"] + other["length"]
    if end <= other_begin or begin >= other_end:
        return [entity]
    alone = other["type"] in _KEPT_ALONE or (entity["type"] in _KEPT_ALONE and other["type"] in _SPLITTABLE)
    inside = other_begin <= begin and end <= other_end
    if alone:
        rest = {**entity, "offset": other_end, "length": end - other_end}
        return [rest] if end > other_end and entity["type"] in _SPLITTABLE else []
    if inside:
        return [] if entity["type"] == other["type"] else [entity]
    if entity["type"] in _SPLITTABLE:
        return [
            {**entity, "length": other_end - begin},
            {**entity, "offset": other_end, "length": end - other_end},
        ]
    return []


def add_detected(entities: list[dict[str, Any]], detected: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Detected entities join where no link, code or crossing entity stands."""
    joined = list(entities)
    for entity in detected:
        begin, end = entity["offset"], entity["offset"] + entity["length"]
        if all(_lets_in(other, begin, end) for other in entities):
            joined.append(entity)
    return sorted(joined, key=_key)


def _lets_in(other: dict[str, Any], begin: int, end: int) -> bool:
    other_begin, other_end = other["offset"], other["offset"] + other["length"]
    if end <= other_begin or begin >= other_end:
        return True
    if other["type"] in {*_KEPT_ALONE, "text_link", "text_mention", "custom_emoji", "date_time"}:
        return False
    nested = other_begin <= begin and end <= other_end
    covered = begin <= other_begin and other_end <= end
    return bool(nested or covered)

"""Turning over long lists: where the next page begins is told by the address. Called by the screens with lists."""

from __future__ import annotations

from flask import request

PAGE = 20
DEEPEST = 1000


def read_before() -> int | None:
    """Give the id after which, downwards, the page begins; None for the first page or what is no id."""
    found = request.args.get("before", "")
    return int(found) if found.isascii() and found.isdigit() and len(found) < 19 else None


def read_skip() -> int:
    """Give how many entries come before the page, where a list is not ordered by ids."""
    found = request.args.get("skip", "")
    return min(int(found), DEEPEST) if found.isascii() and found.isdigit() and len(found) < 10 else 0

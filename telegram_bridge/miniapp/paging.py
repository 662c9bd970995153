"""Turning over long lists: where the next page begins is told by the address. Called by the screens with lists."""

from __future__ import annotations

from flask import request

from b24app.form_parts import read_id

PAGE = 20
DEEPEST = 1000


def read_before() -> int | None:
    """Give the id after which, downwards, the page begins; None for the first page or what is no id."""
    return read_id(request.args.get("before", ""))


def read_skip() -> int:
    """Give how many entries come before the page, where a list is not ordered by ids."""
    found = request.args.get("skip", "")
    return min(int(found), DEEPEST) if found.isascii() and found.isdigit() and len(found) < 10 else 0

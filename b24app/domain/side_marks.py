"""To whom an employee's text in the open line goes: both sides, unless it begins with a side mark. Pure.

Marks stand at the very start, after `#` or `@`, in any of the three languages: #buyer, #factory, #note (stays inside Bitrix24).
"""

from __future__ import annotations

import re

_MARKS = {
    "buyer": ("buyer", "покупатель", "покупателю", "xaridor", "xaridorga"),
    "factory": ("factory", "фабрика", "фабрике", "fabrika", "fabrikaga"),
    "note": ("note", "заметка", "izoh"),
}
_SIDES = {word: side for side, words in _MARKS.items() for word in words}
_MARK = re.compile(rf"\s*[#@](?P<word>{'|'.join(_SIDES)})(?!\w)[\s:,]*", re.IGNORECASE)


def addressed(text: str) -> tuple[str, str]:
    """Give (side, the text without its mark); side is both, buyer, factory or note."""
    found = _MARK.match(text)
    if found is None:
        return "both", text
    return _SIDES[found["word"].lower()], text[found.end() :]

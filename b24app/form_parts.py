"""What every form of ours is made of: how its texts are cleaned, which numbers it takes.

Called by the forms of the portal's pages and of the Mini App. Knows neither of them, and no field of theirs.
"""

from __future__ import annotations

from typing import Any

from marshmallow import EXCLUDE, Schema, fields, pre_load

BIGGEST = 2**63 - 1
"""The largest number, and so the largest id, that the database can hold."""


def plain(value: str) -> str:
    """Give a text without the spaces around it and without the one character that no database text may hold."""
    return value.replace("\0", "").strip()


def read_id(text: str) -> int | None:
    """Give the id that a text writes in plain digits, None when it is none that anything could have."""
    if not text.isascii() or not text.isdigit() or len(text) > len(str(BIGGEST)):
        return None
    return number if (number := int(text)) <= BIGGEST else None


class WholeNumber(fields.Integer):
    """A whole number of a size that the database can hold."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> int:
        found = super()._deserialize(value, attr, data, **kwargs)
        if abs(found) > BIGGEST:
            raise self.make_error("invalid", input=value)
        return found


class Form(Schema):
    """A form of ours: text is trimmed, what it does not know is left out."""

    class Meta:
        """Hidden fields of the browser's side may come along."""

        unknown = EXCLUDE

    @pre_load
    def trim(self, data: Any, **_: Any) -> dict[str, str]:
        """Give the plain text of every field without the spaces around it."""
        return {name: plain(value) if isinstance(value, str) else value for name, value in dict(data).items()}

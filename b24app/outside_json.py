"""Reads JSON that somebody outside wrote, so that whatever it is made of is a ValueError and never a fault of ours.

Called by every door that takes JSON and by whoever reads the answers of services. Knows no shape of any of them.
"""

from __future__ import annotations

import json
from typing import Any


def read_json(text: str | bytes) -> Any:
    """Parse JSON in UTF-8. Raises ValueError for what is none, is nested too deeply, or holds half a letter, of which no text is made."""
    written = text if isinstance(text, str) else text.decode()
    try:
        found = json.loads(written)
        if "\\ud" in written.lower():
            json.dumps(found, ensure_ascii=False).encode()
    except RecursionError as error:
        raise ValueError("nested too deeply") from error
    return found

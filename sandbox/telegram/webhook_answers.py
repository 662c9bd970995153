"""What a webhook may answer: one method with its parameters, as JSON, as a form or as a form with files.

Used by the courier, which executes it. Anything that is none of these is no answer, and no mistake either.
"""

from __future__ import annotations

import json
from typing import Any

import aiohttp

from sandbox.wire import UnreadableBodyError, decode_query, read_parts


async def read(answer: aiohttp.ClientResponse) -> dict[str, Any]:
    """The parameters of an answer, `method` among them; empty when it asks for nothing."""
    kind = answer.content_type
    try:
        if kind == "multipart/form-data":
            return await read_parts(aiohttp.MultipartReader.from_response(answer).stream)
        text = await answer.text(errors="replace")
        if kind == "application/x-www-form-urlencoded":
            return decode_query(text)
        found = json.loads(text) if kind == "application/json" and text.strip() else {}
    except (ValueError, RecursionError, UnreadableBodyError):
        return {}
    return found if isinstance(found, dict) else {}

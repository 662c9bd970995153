"""Fetches files of outside messages from the addresses given, as the cloud does: without login."""

from __future__ import annotations

from typing import Any

import aiohttp

from sandbox.portal.call import to_map
from sandbox.portal.disk import contents
from sandbox.portal.portal import Portal

SECONDS = 20.0
LARGEST = 100 * 1024 * 1024


async def fetch(portal: Portal, files: Any, author: str) -> tuple[list[str], list[str]]:
    """Stored file ids and the addresses that gave nothing. `files`: [{url, name?}] or one of them."""
    wanted = to_map(files)
    items = [wanted] if "url" in wanted else list(wanted.values())
    kept: list[str] = []
    lost: list[str] = []
    timeout = aiohttp.ClientTimeout(total=SECONDS)
    async with aiohttp.ClientSession(timeout=timeout) as session:
        for item in items:
            url = str(item.get("url") or "") if isinstance(item, dict) else ""
            content = await _content(session, url)
            if content is None:
                lost.append(url)
                continue
            name = str(item.get("name") or "") or url.partition("?")[0].rpartition("/")[2] or "file"
            kept.append(contents.keep(portal, name, content, author)["ID"])
    return kept, lost


async def _content(session: aiohttp.ClientSession, url: str) -> bytes | None:
    if not url.startswith(("http://", "https://")):
        return None
    try:
        async with session.get(url) as answer:
            if answer.status != 200:
                return None
            return await answer.content.read(LARGEST)
    except (aiohttp.ClientError, TimeoutError, ValueError):
        return None

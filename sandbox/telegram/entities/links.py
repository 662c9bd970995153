"""Which addresses may stand behind a text link, and which of them mention a user."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

_USER_LINK = re.compile(r"tg:(?://)?user/?\?(?P<query>[^#]*)", re.IGNORECASE)
_TG_LINK = re.compile(r"(?P<scheme>tg|ton|tonsite):(?://)?(?P<rest>[A-Za-z0-9_.-]+(?:[/?#].*)?)$", re.IGNORECASE)
_SCHEME = re.compile(r"(?P<scheme>[A-Za-z][A-Za-z0-9+.-]*)://")
_LOCAL_HOSTS = {"localhost"}


def mentioned_user(url: str) -> int | None:
    """User id of a ``tg://user?id=…`` link, None for every other address."""
    match = _USER_LINK.match(url)
    if match is None:
        return None
    values = parse_qs(match["query"]).get("id", [])
    return int(values[0]) if values and values[0].isdigit() and int(values[0]) > 0 else None


def checked_link(url: str) -> str:
    """The address as Telegram would store it, or an empty string when it is no usable link."""
    special = _TG_LINK.match(url)
    if special is not None:
        return f"{special['scheme'].lower()}://{special['rest']}"
    scheme = _SCHEME.match(url)
    if scheme is not None and scheme["scheme"].lower() not in {"http", "https"}:
        return ""
    if any(character.isspace() for character in url):
        return ""
    try:
        parts = urlsplit(url if scheme is not None else f"http://{url}")
        host = parts.hostname or ""
        port = parts.port
    except ValueError:
        return ""
    if "." not in host.strip(".") and ":" not in host and host not in _LOCAL_HOSTS:
        return ""
    where = f"[{host}]" if ":" in host else host
    netloc = f"{where}:{port}" if port is not None else where
    path = parts.path or "/"
    query = f"?{parts.query}" if parts.query else ""
    fragment = f"#{parts.fragment}" if parts.fragment else ""
    return f"{parts.scheme.lower()}://{netloc}{path}{query}{fragment}"

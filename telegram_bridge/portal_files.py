"""Fetching what the portal offers under an address: from the portal itself or from the open internet, never from our own network.

Called by the job that prepares files. An address comes from outside, and what lies behind it is passed on to people: it must not be a way
to read what only machines beside ours may see. Redirects are followed by hand, so that each is judged as the first was.
"""

from __future__ import annotations

import ipaddress
import socket
from urllib.parse import urljoin, urlsplit

import requests

from b24app.errors import Rejected
from telegram_bridge.miniapp.uploads import TooLarge

LARGEST_BYTES = 50 * 1024 * 1024
TIMEOUT_SECONDS = (5.0, 30.0)
MOST_REDIRECTS = 3
_CHUNK_BYTES = 1 << 16


def fetch(address: str, portal: str) -> bytes:
    """Give the bytes behind an address. `portal` is the portal's own host, with its port when it has one, wherever that may be.

    Raises Rejected when there is nothing to be had, TooLarge, or requests.RequestException when it may be asked again.
    """
    for _ in range(1 + MOST_REDIRECTS):
        if not _is_open(address, portal):
            raise Rejected("The portal gave no address of the file that may be asked.", code="no_address")
        with requests.get(address, timeout=TIMEOUT_SECONDS, stream=True, allow_redirects=False) as answer:
            if not answer.is_redirect:
                return _content(answer)
            address = urljoin(address, answer.headers["Location"])
    raise Rejected("The portal sends from one address to another without end.", code="redirects")


def _is_open(address: str, portal: str) -> bool:
    try:
        parts = urlsplit(address)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            return False
        return parts.netloc == portal or all(ipaddress.ip_address(one).is_global for one in _places(parts.hostname))
    except ValueError:
        # No address at all, or a host whose name cannot be written in letters that are asked for.
        return False


def _places(host: str) -> set[str]:
    try:
        return {str(found[4][0]) for found in socket.getaddrinfo(host, None)}
    except OSError as error:
        raise requests.ConnectionError(f"the host of a file is not known: {type(error).__name__}") from error


def _content(answer: requests.Response) -> bytes:
    if answer.status_code in {408, 429} or answer.status_code >= 500:
        raise requests.ConnectionError(f"the portal answered {answer.status_code}")
    if answer.status_code != 200:
        raise Rejected("The portal did not give the file.", code=str(answer.status_code))
    content = bytearray()
    for chunk in answer.iter_content(_CHUNK_BYTES):
        content += chunk
        if len(content) > LARGEST_BYTES:
            raise TooLarge
    if not content:
        raise Rejected("The file is empty.", code="empty")
    return bytes(content)

"""Which addresses outside may stand behind a button of ours: whoever presses must land where the address says. Pure."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

LONGEST = 1000
_PRINTABLE = re.compile(r"https://[!-~]+")
# Browsers and messengers disagree about these, so that one address could lead to two places.
_AMBIGUOUS = frozenset('\\"<>^`{|}')
_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
# The last part begins with a letter: no bare numbers, which hide whose machine it is.
_HOST = re.compile(rf"(?:{_LABEL}\.)+[a-z](?:[a-z0-9-]{{0,61}}[a-z0-9])?")


def is_safe(address: str) -> bool:
    """Tell whether an address is https to a named host, without credentials, in signs that read the same everywhere.

    Blanks, control and direction signs, letters that look like others and bare numbers in the place of a name are refused.
    """
    if len(address) > LONGEST or not _PRINTABLE.fullmatch(address) or _AMBIGUOUS & set(address):
        return False
    try:
        parts = urlsplit(address)
        known = (parts.port != 0 and parts.hostname) or ""
    except ValueError:
        return False
    return "@" not in parts.netloc and len(known) <= 253 and _HOST.fullmatch(known) is not None

"""The process in which `apart` lets a document be cleaned: an order and the document come in, a refusal or the document goes out.

Protocol: a line of JSON, then bytes, both ways. Ends by itself at the limits it sets before it reads a byte of the document.
"""

from __future__ import annotations

import json
import resource
import sys
from collections.abc import Collection

from telegram_bridge.cleaning import pdf
from telegram_bridge.cleaning.refusals import NotCleanable

MOST_MEMORY = 1 << 30


def answer(content: bytes, names: Collection[str]) -> bytes:
    """Clean a document; give what goes out."""
    try:
        return b"{}\n" + pdf.clean(content, names)
    except NotCleanable as refusal:
        return _refused(refusal.reason, str(refusal))
    except MemoryError:
        return _refused("too_long", "the document takes too much memory to be searched")
    except Exception as error:
        return _refused("unreadable", f"the file cannot be read ({type(error).__name__})")


def _refused(reason: str, text: str) -> bytes:
    return json.dumps({"reason": reason, "text": text}).encode() + b"\n"


def main() -> None:
    """Do one order."""
    order = json.loads(sys.stdin.buffer.readline())
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (order["cpu_seconds"], order["cpu_seconds"]))
    sys.stdout.buffer.write(answer(sys.stdin.buffer.read(), order["names"]))


if __name__ == "__main__":
    main()

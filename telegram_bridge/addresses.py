"""The addresses that Telegram calls and the secret it shows there.

Both are derived from the deployment's keys, so nothing has to be stored and every process knows them; after a key rotation
the older key's values stay good until the webhook is set again. Used by the webhook door and the set-up.
"""

from __future__ import annotations

import hashlib
import hmac

from b24app.config import Settings


def webhook_path(settings: Settings) -> str:
    """Give the path that Telegram is told to call."""
    return f"/telegram/{_derived(settings.secret_keys[0], 'path')[:32]}/webhook"


def webhook_secret(settings: Settings) -> str:
    """Give the value that Telegram repeats in the header of each call."""
    return _derived(settings.secret_keys[0], "header")


def is_telegram(settings: Settings, path_secret: str, header: str) -> bool:
    """Tell whether both secrets of a call are ours, without giving away by time how much of them was right."""
    good = False
    for key in settings.secret_keys:
        path_good = hmac.compare_digest(path_secret.encode(), _derived(key, "path")[:32].encode())
        header_good = hmac.compare_digest(header.encode(), _derived(key, "header").encode())
        good |= path_good and header_good
    return good


def _derived(key: str, purpose: str) -> str:
    return hmac.new(key.encode(), f"telegram webhook {purpose}".encode(), hashlib.sha256).hexdigest()

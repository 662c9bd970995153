"""Where in the Mini App a bot button leads. The paths are the addresses of the Mini App's screens."""

from __future__ import annotations

HOME = "/app/"
CORRECTIONS = "/app/corrections"
NEW_LOT = "/app/form/lot"
AUDIT = "/app/audit"
CATALOGUE = "/app/catalogue"
SETTINGS = "/app/settings"


def lot_path(lot_id: int) -> str:
    """Give the buyer's screen of a lot."""
    return f"/app/lots/{lot_id}"


def lot_edit_path(lot_id: int) -> str:
    """Give the screen on which the buyer changes a published lot."""
    return f"/app/lots/{lot_id}/edit"


def conversation_path(conversation_id: int) -> str:
    """Give the screen of a conversation."""
    return f"/app/chats/{conversation_id}"


def opening(text: str, path: str) -> dict[str, str]:
    """Give a button that opens a screen of the Mini App."""
    return {"text": text, "web_app": path}


def correction_path(lot_id: int) -> str:
    """Give the screen on which a returned lot is corrected."""
    return f"/app/lots/{lot_id}/corrections"


def tender_path(lot_id: int) -> str:
    """Give the screen on which a factory reads a lot and answers it."""
    return f"/app/tenders/{lot_id}"


def order_path(order_id: int) -> str:
    """Give the screen on which an order's progress is reported and followed."""
    return f"/app/orders/{order_id}"


def factory_path(factory_id: int) -> str:
    """Give the screen of a factory's profile in the catalogue."""
    return f"/app/catalogue/{factory_id}"

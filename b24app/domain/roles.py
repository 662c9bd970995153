"""What employees of the portal are to the marketplace, and which waiting decisions each role may take on a card. Pure."""

from __future__ import annotations

from collections.abc import Collection

OBSERVER, MODERATOR, MANAGER, ADMIN = "observer", "moderator", "manager", "admin"
ROLES = (OBSERVER, MODERATOR, MANAGER, ADMIN)

EVERYONE = frozenset(ROLES)
MODERATORS = frozenset({MODERATOR, MANAGER, ADMIN})
DECIDERS = frozenset({MANAGER, ADMIN})
ADMINS = frozenset({ADMIN})

CARDS = {
    "company": MODERATORS,
    "lot": MODERATORS,
    "revision": MODERATORS,
    "profile": MODERATORS,
    "audit": MODERATORS,
    "review": MODERATORS,
    "reply": MODERATORS,
    "message": MODERATORS,
    "access": DECIDERS,
    "standing": DECIDERS,
    "offer": DECIDERS,
    "order": DECIDERS,
}
"""Who may press the buttons of a card, by the noun of what waits."""


def role_of(
    user_id: str,
    *,
    is_admin: bool,
    admins: Collection[str] = (),
    managers: Collection[str] = (),
    moderators: Collection[str] = (),
) -> str:
    """Give an employee's role: administrators of the portal may everything, then the highest role that names him counts."""
    if is_admin or (user_id and user_id in admins):
        return ADMIN
    if user_id and user_id in managers:
        return MANAGER
    return MODERATOR if user_id and user_id in moderators else OBSERVER

"""Who may do what on our pages: one table of roles and actions.

Called by `routes` before every action and by templates to show what can be pressed. Pure.
"""

from __future__ import annotations

OBSERVER, MANAGER, ADMIN = "observer", "manager", "admin"
ROLES = (OBSERVER, MANAGER, ADMIN)

_EVERYONE = frozenset(ROLES)
_DECIDERS = frozenset({MANAGER, ADMIN})
_ADMINS = frozenset({ADMIN})

ALLOWED: dict[str, frozenset[str]] = {
    "approve_company": _DECIDERS,
    "return_company": _DECIDERS,
    "approve_lot": _DECIDERS,
    "return_lot": _DECIDERS,
    "allow_offer": _DECIDERS,
    "decline_offer": _DECIDERS,
    "award_offer": _DECIDERS,
    "grant": _DECIDERS,
    "publish_company": _DECIDERS,
    "suspend_company": _DECIDERS,
    "request_audit": _DECIDERS,
    "withdraw_badge": _DECIDERS,
    "accept_document": _DECIDERS,
    "return_document": _DECIDERS,
    "record_visit": _DECIDERS,
    "save_scores": _DECIDERS,
    "decide_audit": _DECIDERS,
    "cancel_audit": _DECIDERS,
    "say": _DECIDERS,
    "release_message": _DECIDERS,
    "release_conversation": _DECIDERS,
    "set_conversation": _DECIDERS,
    "use_template": _DECIDERS,
    "save_rhythm": _ADMINS,
    "save_template": _DECIDERS,
    "remove_template": _DECIDERS,
    "retry_delivery": _DECIDERS,
    "confirm_delivery": _DECIDERS,
    "drop_delivery": _DECIDERS,
    "replay_fact": _ADMINS,
    "save_weights": _ADMINS,
    "restore_weights": _ADMINS,
    "choose_look": _EVERYONE,
    "save_bot": _ADMINS,
    "save_people": _ADMINS,
}


def role_of(user_id: str, is_admin: bool, responsible_ids: str) -> str:
    """Give a visitor's role; `responsible_ids` is the comma-separated list of employees whom an admin named."""
    if is_admin:
        return ADMIN
    named = {part.strip() for part in responsible_ids.split(",")}
    return MANAGER if user_id and user_id in named else OBSERVER


def may(role: str, action: str) -> bool:
    """Tell whether a role may do an action; what is not in the table nobody may."""
    return role in ALLOWED.get(action, frozenset())

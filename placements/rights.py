"""Who may do what on our pages: one table of roles and actions.

Called by `routes` before every action and by templates to show what can be pressed. Pure.
"""

from __future__ import annotations

from b24app.domain.roles import ADMINS, DECIDERS, EVERYONE, MODERATORS

ALLOWED: dict[str, frozenset[str]] = {
    "approve_company": MODERATORS,
    "return_company": MODERATORS,
    "approve_lot": MODERATORS,
    "return_lot": MODERATORS,
    "allow_offer": DECIDERS,
    "decline_offer": DECIDERS,
    "award_offer": DECIDERS,
    "decide_review": MODERATORS,
    "decide_reply": MODERATORS,
    "grant": DECIDERS,
    "publish_company": DECIDERS,
    "suspend_company": DECIDERS,
    "request_audit": DECIDERS,
    "withdraw_badge": DECIDERS,
    "accept_document": MODERATORS,
    "return_document": MODERATORS,
    "record_visit": MODERATORS,
    "save_scores": MODERATORS,
    "decide_audit": DECIDERS,
    "cancel_audit": DECIDERS,
    "say": DECIDERS,
    "begin_conversation": DECIDERS,
    "release_message": MODERATORS,
    "release_conversation": MODERATORS,
    "set_conversation": DECIDERS,
    "use_template": DECIDERS,
    "send_card": DECIDERS,
    "bring_colleague": DECIDERS,
    "translate": DECIDERS,
    "save_translation": ADMINS,
    "save_rhythm": ADMINS,
    "save_line": ADMINS,
    "mend_line": ADMINS,
    "move_line": DECIDERS,
    "save_template": DECIDERS,
    "remove_template": DECIDERS,
    "retry_delivery": DECIDERS,
    "confirm_delivery": DECIDERS,
    "drop_delivery": DECIDERS,
    "replay_fact": ADMINS,
    "compare_now": DECIDERS,
    "export_reports": DECIDERS,
    "choose_look": EVERYONE,
    "save_bot": ADMINS,
    "save_people": ADMINS,
    "save_rates": ADMINS,
    "switch_test_mode": ADMINS,
    "add_absence": ADMINS,
    "remove_absence": ADMINS,
    "take_over": ADMINS,
    "bring_up_to_date": ADMINS,
    "prepare_removal": ADMINS,
    "approve_many": MODERATORS,
    "decline_many": DECIDERS,
    "take_many": MODERATORS,
    "undo_decision": MODERATORS,
    "save_weights": ADMINS,
    "restore_weights": ADMINS,
    "preview_bot_text": ADMINS,
    "save_bot_text": ADMINS,
    "reset_bot_text": ADMINS,
    "forget_bot_texts": ADMINS,
    "switch_rule": ADMINS,
    "add_banner_picture": DECIDERS,
    "preview_banner": DECIDERS,
    "save_banner": DECIDERS,
    "move_banner": DECIDERS,
    "remove_banner": DECIDERS,
}


def may(role: str, action: str) -> bool:
    """Tell whether a role may do an action; what is not in the table nobody may."""
    return role in ALLOWED.get(action, frozenset())

"""The table of robots: the code a rule calls and the function that answers it. A test keeps it equal to app.yaml."""

from __future__ import annotations

from collections.abc import Callable

from robots import (
    announce_lot,
    award_lot,
    check_subscription,
    close_order,
    find_matches,
    moderate_lot,
    notify_factories,
    open_conversation,
    publish_lot,
    record_audit_verdict,
    request_audit,
    request_review,
    send_telegram,
    set_progress,
    suspend_factory,
    wait_for_reply,
)
from robots.contract import Answer

Run = Callable[..., Answer | None]
"""None stands for an answer that follows later, from a service."""

ROBOTS: dict[str, Run] = {
    "announce_lot": announce_lot.run,
    "award_lot": award_lot.run,
    "check_subscription": check_subscription.run,
    "close_order": close_order.run,
    "find_matches": find_matches.run,
    "moderate_lot": moderate_lot.run,
    "notify_factories": notify_factories.run,
    "open_conversation": open_conversation.run,
    "publish_lot": publish_lot.run,
    "record_audit_verdict": record_audit_verdict.run,
    "request_audit": request_audit.run,
    "request_review": request_review.run,
    "send_telegram": send_telegram.run,
    "set_progress": set_progress.run,
    "suspend_factory": suspend_factory.run,
    "wait_for_reply": wait_for_reply.run,
}

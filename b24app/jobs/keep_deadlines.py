"""What runs out by itself: lots without offers, lapsed subscriptions, late orders, badges and
conditions of audits, patience of automation rules, ready-made sets, meetings, catalogue rows.

Run every minute by one worker; repeating it changes nothing.
"""

from __future__ import annotations

from b24app.services import audit_verdicts, automation, catalogue_entries, companies, lots, meetings, orders, ready_sets
from storage.unit_of_work import Transactions

LOOKS = (
    lots.expire_due,
    companies.hide_lapsed,
    orders.watch,
    automation.time_out,
    ready_sets.follow_up,
    meetings.remind,
    audit_verdicts.remind,
    audit_verdicts.expire,
    catalogue_entries.refresh_stale,
)


def run(transactions: Transactions) -> None:
    """Look once, each kind in a transaction of its own: one that fails holds no other back."""
    for look in LOOKS:
        with transactions() as uow:
            look(uow)

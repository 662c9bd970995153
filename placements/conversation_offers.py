"""What a manager puts before a side of a conversation to be acted on outside of it: an invoice to be opened, a meeting.

Built for `actions`; each is one service call on a conversation of this very page.
"""

from __future__ import annotations

from typing import Any

from b24app.i18n import texts
from b24app.services import invoice_links, meetings
from b24app.services.meetings import Wish
from placements.calls import Call
from placements.conversation_pages import ours
from placements.subjects import Subject
from storage.unit_of_work import UnitOfWork


def send_invoice(uow: UnitOfWork, call: Call, subject: Subject, form: dict[str, Any]) -> str:
    """Send the link to an invoice as typed; a repeated press sends nothing twice."""
    talk = ours(uow, subject, form["conversation_id"])
    invoice_links.give(uow, talk, form, side=form["side"], user_id=call.user_id, key=_key(form), language=call.language)
    return texts(call.language)("The invoice is sent.")


def send_invoice_again(uow: UnitOfWork, call: Call, subject: Subject, form: dict[str, Any]) -> str:
    """Send an invoice of the deal once more, as it was."""
    talk = ours(uow, subject, form["conversation_id"])
    invoice_links.send_again(uow, talk, form["invoice_id"], side=form["side"], user_id=call.user_id, key=_key(form))
    return texts(call.language)("The invoice is sent.")


def propose_meeting(uow: UnitOfWork, call: Call, subject: Subject, form: dict[str, Any]) -> str:
    """Propose times to the chosen sides, in the place of an earlier meeting if one is named."""
    talk = ours(uow, subject, form["conversation_id"])
    names = ("subject", "link", "zone", "minutes", "locals", "side", "instead_of")
    wish = Wish(**{name: form[name] for name in names})
    meetings.propose(uow, talk, wish, user_id=call.user_id, key=_key(form), language=call.language)
    return texts(call.language)("The meeting is proposed.")


def withdraw_meeting(uow: UnitOfWork, call: Call, subject: Subject, form: dict[str, Any]) -> str:
    """Call a meeting of the conversation off."""
    talk = ours(uow, subject, form["conversation_id"])
    meetings.withdraw(uow, talk, form["meeting_id"], call.actor)
    return texts(call.language)("The meeting is withdrawn, and everybody is told.")


def _key(form: dict[str, Any]) -> str:
    # Made by the page when it is shown: a repeated press changes nothing.
    return f"desk:{form['key']}"

"""Calling a colleague into the dialogue of a conversation, or handing it over. Called by the desk.

Sends BringColleague and a notice to the colleague. Errors: NotFound, InvalidState while the operator has no dialogue yet.
"""

from __future__ import annotations

from b24app.domain.deliveries import BringColleague
from b24app.errors import InvalidState
from b24app.services import audit, conversations, portals, staff
from storage.unit_of_work import UnitOfWork


def bring(uow: UnitOfWork, conversation_id: int, user_id: str, *, instead: bool, actor: str) -> None:
    """Let an employee in, beside whoever leads the dialogue or instead of him; for the other parties nothing changes."""
    conversation = conversations.get(uow, conversation_id)
    if not conversation.line_chat_id:
        raise InvalidState("There is no dialogue on the open line yet.", code="no_dialogue")
    uow.send(BringColleague(conversation_id=str(conversation.id), user_id=user_id, instead=instead))
    t = portals.speech(uow)
    title = conversations.title(uow, conversation, t.language, for_employee=True)
    handed = t("A conversation was handed over to you: {title}.", title=title)
    called = t("You are called into a conversation: {title}.", title=title)
    ref, words = conversations.crm_ref(uow, conversation), handed if instead else called
    staff.notify(uow, user_id, words, tag=f"colleague/{conversation.id}", ref=ref)
    what = "conversation_handed_over" if instead else "colleague_called"
    audit.record(uow, actor, what, f"conversation/{conversation.id}", user=user_id)

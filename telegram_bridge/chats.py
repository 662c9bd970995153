"""Showing a person their conversations and letting them choose the current one.

Called by handlers. A title never names the other side: before a manager allows contact it would give them away, so it is the lot's
number and the other side's role.
"""

from __future__ import annotations

from collections.abc import Collection

from b24app.services import conversations
from b24app.services.screens import conversation_path
from storage.models import Conversation
from telegram_bridge.menus import back
from telegram_bridge.reply import Buttons, Reply

SHOWN = 20
HELP, ALL_CHATS = "menu:help", "/app/chats"


def show_chats(reply: Reply) -> tuple[str, Buttons]:
    """List the conversations with a button each; the current one is marked."""
    uow, person, t = reply.uow, reply.person, reply.t
    current = conversations.current(uow, person)
    rows: Buttons = []
    for conversation in conversations.of_person(uow, person)[:SHOWN]:
        if conversation.state != "open":
            continue
        mark = "✅ " if current is not None and conversation.id == current.id else ""
        title = conversations.title_for(uow, conversation, person.active_role, t)
        rows.append([{"text": f"{mark}{title}", "data": f"conv:{conversation.id}"}])
    help_row = [{"text": t("💬 Talk to a manager"), "data": HELP}]
    if not rows:
        return t("You have no conversations yet."), [help_row, back(t)]
    rows.append([{"text": t("🗂 History and files"), "web_app": ALL_CHATS}])
    return t("Choose the conversation that your next messages go to."), [*rows, help_row, back(t)]


def is_list(opened: Collection[str]) -> bool:
    """Tell by what its buttons open whether a message is the list of conversations."""
    return {HELP, ALL_CHATS} <= {one[one.find("/app/") :] if "/app/" in one else one for one in opened}


def announce(reply: Reply, conversation: Conversation) -> tuple[str, Buttons]:
    """Say where messages go from now on."""
    t = reply.t
    title = conversations.title_for(reply.uow, conversation, reply.person.active_role, t)
    text = t("Your messages now go here. To answer elsewhere, reply to a message of that conversation.")
    return f"💬 <b>{title}</b>\n{text}", [
        [{"text": t("🗂 History and files"), "web_app": conversation_path(conversation.id)}],
        [{"text": t("↔️ Another conversation"), "data": "menu:chats"}],
    ]

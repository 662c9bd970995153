"""setMessageReaction and the removal of others' reactions."""

from __future__ import annotations

from sandbox.telegram.access import Access, find_message, require_right
from sandbox.telegram.call import Call, method
from sandbox.telegram.errors import bad_request
from sandbox.telegram.posting import is_service
from sandbox.telegram.reacting import EMOJI, react


@method("setMessageReaction", ignored=("is_big",), gaps="custom emoji are taken without checking who may use them")
def set_message_reaction(call: Call) -> bool:
    """The bot's one reaction to a message."""
    chat = call.chat(Access.EDIT)
    message = find_message(chat, call.get("message_id"), "message to react")
    if is_service(message):
        raise bad_request("MESSAGE_ID_INVALID")
    reactions = call.get("reaction") or []
    if len(reactions) > 1:
        raise bad_request("REACTIONS_TOO_MANY")
    for reaction in reactions:
        if reaction.get("type") == "paid":
            raise bad_request("REACTION_INVALID")
        if reaction.get("type") not in {"emoji", "custom_emoji"}:
            raise bad_request("can't parse ReactionType: invalid reaction type specified")
        emoji = str(reaction.get("emoji", "")).replace("\ufe0f", "")
        if reaction["type"] == "emoji" and emoji not in EMOJI:
            raise bad_request("REACTION_INVALID")
    react(call.world, chat, message, call.bot.id, reactions)
    return True


@method("deleteMessageReaction", gaps="reactions made in the name of a chat do not exist here")
def delete_message_reaction(call: Call) -> bool:
    """Takes away somebody's reaction in a group."""
    chat = call.chat(Access.EDIT)
    require_right(chat, call.bot, "can_delete_messages", "not enough rights")
    message = find_message(chat, call.get("message_id"), "message to delete reactions")
    react(call.world, chat, message, int(call.get("user_id", 0)), [])
    return True

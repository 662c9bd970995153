"""Methods about things that never come to be here, each with the refusal of the real service.

Nobody connects a business account, asks a bot in another's chat, opens a Mini App to join, or makes bots with bots:
identifiers of such things are unknown whatever they are.
"""

from __future__ import annotations

from typing import Any

from sandbox.telegram.access import Access, find_chat, find_person
from sandbox.telegram.call import Call, Handler, method
from sandbox.telegram.errors import bad_request

_BUSINESS = (
    "convertGiftToStars",
    "deleteBusinessMessages",
    "deleteStory",
    "editMessageChecklist",
    "editStory",
    "getBusinessAccountGifts",
    "getBusinessAccountStarBalance",
    "getBusinessConnection",
    "postStory",
    "readBusinessMessage",
    "removeBusinessAccountProfilePhoto",
    "repostStory",
    "sendChecklist",
    "setBusinessAccountBio",
    "setBusinessAccountGiftSettings",
    "setBusinessAccountName",
    "setBusinessAccountProfilePhoto",
    "setBusinessAccountUsername",
    "transferBusinessAccountStars",
    "transferGift",
    "upgradeGift",
)
_TOO_OLD = "query is too old and response timeout expired or query ID is invalid"
_UNKNOWN = {
    "answerChatJoinRequestQuery": _TOO_OLD,
    "sendChatJoinRequestWebApp": _TOO_OLD,
    "answerGuestQuery": _TOO_OLD,
    "approveSuggestedPost": "message to approve not found",
    "declineSuggestedPost": "message to decline not found",
}
_OF_BOTS = (
    "getManagedBotAccessSettings",
    "getManagedBotToken",
    "replaceManagedBotToken",
    "setManagedBotAccessSettings",
)
_VERIFYING = ("verifyUser", "verifyChat", "removeUserVerification", "removeChatVerification")


def _register(name: str, refusal: str, gaps: str) -> None:
    def refuse(_call: Call) -> Any:
        raise bad_request(refusal)

    handler: Handler = refuse
    method(name, gaps=f"always refused: {gaps}")(handler)


for _name in _BUSINESS:
    _register(_name, "business connection not found", "there are no business connections")
for _name, _refusal in _UNKNOWN.items():
    _register(_name, _refusal, "nothing here gives rise to such a question or post")
for _name in _OF_BOTS:
    _register(_name, "BOT_INVALID", "no bot is managed by another")


def _register_verification(name: str) -> None:
    def refuse(call: Call) -> Any:
        if "chat_id" in call.params:
            find_chat(call.world, call.bot, call.get("chat_id"), Access.READ)
        else:
            find_person(call.world, call.get("user_id"))
        raise bad_request("BOT_VERIFIER_FORBIDDEN")

    handler: Handler = refuse
    method(name, gaps="always refused: no bot belongs to an organization that verifies")(handler)


for _name in _VERIFYING:
    _register_verification(_name)

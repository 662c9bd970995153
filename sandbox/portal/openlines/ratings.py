"""How a client rates a finished dialog: the line asks, the client answers 1 (good) or 0 (bad).

Called when an operator finishes and when a message comes in. What exactly outside channels answer with is not in the
documentation; a messenger's client types the digit that the line's own text asks for.
"""

from __future__ import annotations

from sandbox.portal.openlines import outgoing, sessions
from sandbox.portal.portal import Portal
from sandbox.portal.store import Row

WORDS = {"1": ("like", "VOTE_MESSAGE_2_LIKE"), "0": ("dislike", "VOTE_MESSAGE_2_DISLIKE")}


def taken(portal: Portal, chat: Row, line: Row, text: str) -> bool:
    """Whether the text was the rating of the last dialog, which then stays finished."""
    session = sessions.current(portal, chat)
    asked = session is not None and session["closed"] and session.get("vote_asked") and not session.get("vote")
    if session is None or not asked or text.strip() not in WORDS:
        return False
    session["vote"], answer = WORDS[text.strip()]
    outgoing.say_for_line(portal, chat, str(line.get(answer) or ""))
    portal.store.touch()
    return True

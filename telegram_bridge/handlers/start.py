"""The beginning: `/start`, with the payload of a deep link or without.

Payloads: `lot_<number>` opens a lot; `join_<secret>` invites into a company;
anything else (a campaign, who invited) is remembered with the person and needs no answer.
"""

from __future__ import annotations

import re

from b24app.services import colleagues, people
from telegram_bridge.reply import Reply
from telegram_bridge.steps import invitation, next_step

_LOT = re.compile(r"lot_(\d{1,12})")


def handle(reply: Reply, payload: str) -> None:
    """Greet and lead on; a person who is accepted and follows a lot's link is led to that lot."""
    t = reply.t
    if payload.startswith(colleagues.PREFIX) and reply.person.language:
        reply.say(*invitation(reply, payload))
        return
    stage = people.stage_of(reply.uow, reply.person)
    lot = _LOT.fullmatch(payload)
    if lot and stage == "accepted":
        reply.say(
            t("Lot No. {number}", number=lot[1]),
            [[{"text": t("👀 Open the lot"), "web_app": f"/app/numbers/{lot[1]}"}]],
        )
        return
    if lot and stage not in {"language", "accepted"}:
        reply.say(t("You can see the lot once your questionnaire is complete and checked."))
    reply.say(*next_step(reply))

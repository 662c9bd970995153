"""The beginning: `/start`, with the payload of a deep link or without.

Payloads: `lot_<number>` opens a lot; `factory_<id>` a factory of the catalogue; `join_<secret>` invites into a company;
anything else (a campaign, who invited) is remembered with the person and needs no answer.
"""

from __future__ import annotations

import re

from b24app.services import colleagues, people
from b24app.services.screens import factory_path
from telegram_bridge.reply import Reply
from telegram_bridge.steps import invitation, next_step

_LOT = re.compile(r"lot_(\d{1,12})")
_FACTORY = re.compile(r"factory_(\d{1,12})")


def handle(reply: Reply, payload: str) -> None:
    """Greet and lead on; an accepted person who follows the link of a lot or a factory is led there."""
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
    factory = _FACTORY.fullmatch(payload)
    if factory and stage == "accepted":
        path = factory_path(int(factory[1]))
        reply.say(t("The factory is one tap away."), [[{"text": t("🏭 Look at the factory"), "web_app": path}]])
        return
    if factory and stage not in {"language", "accepted"}:
        reply.say(t("You can see the factory once your questionnaire is complete and checked."))
    reply.say(*next_step(reply))

"""The beginning: `/start`, with the payload of a deep link or without.

Payloads: `lot_<number>` opens a lot; `factory_<id>` a factory of the catalogue; `join_<secret>` invites into a company;
anything else (a campaign, who invited) is remembered with the person and needs no answer.
"""

from __future__ import annotations

import re

from b24app.services import colleagues, lots, people
from b24app.services.screens import factory_path
from telegram_bridge.reply import Buttons, Reply
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
        opened = [{"text": t("👀 Open the lot"), "web_app": f"/app/numbers/{lot[1]}"}]
        reply.say(t("Lot No. {number}", number=lot[1]), [opened, *_here(reply, payload)])
        return
    if lot and stage not in {"language", "accepted"}:
        reply.say(t("You can see the lot once your questionnaire is complete and checked."))
    factory = _FACTORY.fullmatch(payload)
    if factory and stage == "accepted":
        path = factory_path(int(factory[1]))
        buttons: Buttons = [[{"text": t("🏭 Look at the factory"), "web_app": path}]]
        if reply.person.active_role == "buyer":
            buttons.append([{"text": t("💬 Read here in the chat"), "data": f"factory:{int(factory[1])}:show"}])
        reply.say(t("The factory is one tap away."), buttons)
        return
    if factory and stage not in {"language", "accepted"}:
        reply.say(t("You can see the factory once your questionnaire is complete and checked."))
    reply.say(*next_step(reply))


def _here(reply: Reply, payload: str) -> Buttons:
    """Give the way to a lot that stays in the chat: a factory reads it, its own buyer reads the offers for it."""
    lot, company = lots.get_for_channel(reply.uow, payload), people.company_of(reply.uow, reply.person)
    if lot is None or company is None or (company.kind == "buyer" and lot.company_id != company.id):
        return []
    if company.kind == "factory" and lot.state != "published":
        return []
    action = "read" if company.kind == "factory" else "offers"
    return [[{"text": reply.t("💬 Read here in the chat"), "data": f"lot:{lot.id}:{action}"}]]

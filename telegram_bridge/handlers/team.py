"""The company's people in the chat: who they are, an invitation by a one-time link, taking somebody out.

Called by the handlers of commands and of pressed buttons.
"""

from __future__ import annotations

from b24app.domain.people import MEMBER_ROLES, may
from b24app.errors import NotFound
from b24app.services import colleague_news, colleagues, people
from b24app.services.notices import escaped
from storage.models import Company
from telegram_bridge.menus import back
from telegram_bridge.reply import Buttons, Reply, out_of_date

Answer = tuple[str, Buttons]


def board(reply: Reply) -> Answer:
    """List who speaks for the company; an owner may invite and take out."""
    t, company = reply.t, _own(reply)
    members = colleagues.of_company(reply.uow, company.id)
    title = t("👥 Team")
    lines = [f"<b>{escaped(title)}</b>"]
    lines += [
        escaped(f"• {people.name_of(who)}: {colleague_news.role_name(member.role, t)}") for member, who in members
    ]
    if not may(people.member_role(reply.uow, reply.person, company.id), "own"):
        return "\n".join(lines), [back(t)]
    rows: Buttons = [
        [
            {
                "text": t("➕ Invite: {role}", role=colleague_news.role_name(role, t)),
                "data": f"team:{role}:0",
            }
        ]
        for role in MEMBER_ROLES
    ]
    rows += [
        [{"text": t("✖️ Take out: {name}", name=people.name_of(who)), "data": f"team:out:{who.id}"}]
        for _, who in members
        if who.id != reply.person.id
    ]
    return "\n".join(lines), [*rows, back(t)]


def act(reply: Reply, action: str, number: str) -> Answer | str:
    """Invite somebody in a role, or take a colleague out after asking once more. NotFound for a stranger."""
    t, company = reply.t, _own(reply)
    if not number.isascii() or not number.isdigit() or len(number) > 18:
        raise out_of_date()
    if action in MEMBER_ROLES:
        colleagues.invite(reply.uow, reply.person, company, action)
        return t("The invitation is in your chat with the bot: forward it.")
    if action == "out":
        question = t("Take this colleague out? Chats and lots stay with the company.")
        return escaped(question), [[{"text": t("Yes, take out"), "data": f"team:out_yes:{number}"}], back(t)]
    if action != "out_yes":
        raise out_of_date()
    colleagues.remove(reply.uow, reply.person, company.id, int(number))
    return t("Removed. Chats and lots stay with the company.")


def _own(reply: Reply) -> Company:
    company = people.company_of(reply.uow, reply.person)
    if company is None:
        raise NotFound
    return company

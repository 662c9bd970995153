"""Verification in the chat: what an unverified factory is told instead of the form of an offer, its price, and asking for it.

Called by the handlers of commands and of pressed buttons.
"""

from __future__ import annotations

from b24app.services import audits, companies, conversations, people, short_forms, verification
from b24app.services.notices import escaped
from telegram_bridge.chats import announce
from telegram_bridge.menus import back
from telegram_bridge.reply import Buttons, Reply, out_of_date

Answer = tuple[str, Buttons]


def is_needed(reply: Reply) -> bool:
    """Tell whether the person speaks for an accepted factory without the badge."""
    company = people.company_of(reply.uow, reply.person, "factory")
    return (
        company is not None and company.state == "accepted" and not companies.standing(company, reply.uow.now).verified
    )


def explained(reply: Reply) -> Answer:
    """Say what verification is and costs, with the button that asks for it."""
    t = reply.t
    terms = verification.terms(reply.uow, t)
    why = t("Only verified factories answer lots")
    head = f"<b>{escaped(why)}</b>"
    text = "\n".join(part for part in (head, escaped(terms.words), escaped(terms.price)) if part)
    first = {"text": t("✅ Ask for verification"), "data": "verify:ask"}
    company = people.company_of(reply.uow, reply.person, "factory")
    running = audits.running(reply.uow, company.id) if company else None
    if running is not None and short_forms.find(reply.uow, reply.person, short_forms.AUDIT, running.id) is not None:
        first = {"text": t("💬 Send the documents here"), "data": f"fill:audit:{running.id}"}
    return text, [
        [first],
        [{"text": t("💬 Talk to a manager"), "data": "menu:help"}],
        back(t),
    ]


def ask(reply: Reply, action: str) -> Answer:
    """Hand the request to a manager and lead into the conversation with him."""
    if action != "ask":
        raise out_of_date()
    conversation = verification.ask(reply.uow, reply.person)
    reply.uow.session.flush()
    conversations.switch(reply.uow, reply.person, conversation.id)
    said = escaped(reply.t("The manager has your request and will write to you here."))
    text, buttons = announce(reply, conversation)
    return f"{said}\n\n{text}", buttons

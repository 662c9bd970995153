"""Leading a person to what comes next, wherever they are on the way.

Called by handlers after anything that may have changed the stage.
"""

from __future__ import annotations

from b24app.services import colleague_news, colleagues, people
from b24app.services.industries import pack
from b24app.services.notices import escaped
from telegram_bridge import menus
from telegram_bridge.reply import Buttons, Reply

OPEN_TO_HELP = frozenset({"submitted", "changes_requested", "accepted"})


def next_step(reply: Reply) -> tuple[str, Buttons]:
    """Give the sentence and the buttons of the person's next step."""
    uow, person, t = reply.uow, reply.person, reply.t
    stage = people.stage_of(uow, person)
    if stage == "language":
        return menus.language_question()
    if stage == "role":
        invited = colleagues.invited_to(uow, person.start_payload)
        return invitation(reply, person.start_payload) if invited else menus.role_question(t)
    if stage == "questionnaire":
        return menus.questionnaire(t, person.active_role)
    if stage == "submitted":
        return menus.submitted(t)
    if stage == "changes_requested":
        return menus.corrections(t)
    company = people.company_of(uow, person)
    return menus.main_menu(t, person.active_role, company.name if company else "")


def invitation(reply: Reply, payload: str) -> tuple[str, Buttons]:
    """Ask a person whether to join the company that a link invites into, and for the consent that goes with it."""
    t = reply.t
    found = colleagues.invited_to(reply.uow, payload)
    if found is None:
        return t("This invitation was used or has run out. Please ask for a new one."), [menus.back(t)]
    link, company = found
    role = t("Role: {role}", role=colleague_news.role_name(link.role, t))
    invites = t("{company} invites you to its team.", company=company.name)
    versions = pack().consents["processing"]
    consent = versions[max(versions)][t.language]
    agree = t("By joining you agree:")
    text = f"<b>{escaped(invites)}</b>\n{escaped(role)}\n\n{escaped(agree)} {escaped(consent)}"
    return text, [[{"text": t("Join"), "data": f"join:{link.id}"}], menus.back(t)]


def is_registered(reply: Reply) -> bool:
    """Tell whether the questionnaire of the present role was handed in."""
    return people.stage_of(reply.uow, reply.person) in OPEN_TO_HELP

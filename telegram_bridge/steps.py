"""Leading a person to what comes next, wherever they are on the way.

Called by handlers after anything that may have changed the stage.
"""

from __future__ import annotations

from b24app.services import people
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
        return menus.role_question(t)
    if stage == "questionnaire":
        return menus.questionnaire(t, person.active_role)
    if stage == "submitted":
        return menus.submitted(t)
    if stage == "changes_requested":
        return menus.corrections(t)
    company = people.company_of(uow, person)
    return menus.main_menu(t, person.active_role, company.name if company else "")


def is_registered(reply: Reply) -> bool:
    """Tell whether the questionnaire of the present role was handed in."""
    return people.stage_of(reply.uow, reply.person) in OPEN_TO_HELP

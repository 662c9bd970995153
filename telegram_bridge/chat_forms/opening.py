"""Finding the form that somebody means, and whether it is theirs to fill now.

Called by the handlers of presses, messages and files. Says nothing to anybody.
"""

from __future__ import annotations

import re

from b24app.errors import NotFound
from b24app.services import drafts, lots, people, short_forms
from b24app.services.industries import pack
from storage.holding import HELD
from storage.models import Draft
from telegram_bridge.chat_forms.filling import MORE, Filling
from telegram_bridge.reply import Reply, out_of_date
from telegram_bridge.steps import OPEN_TO_HELP

ROLES = frozenset({"buyer", "factory"})
_PLACED = re.compile(rf"({'|'.join(short_forms.PLACED)})(\d{{1,3}})")


def name_of(reply: Reply, name: str, number: int) -> str:
    """Give the draft's name of a form that the person may fill now. NotFound."""
    placed = _PLACED.fullmatch(name)
    name, place = (placed[1], int(placed[2])) if placed else (name, 0)
    if name in short_forms.NAMES:
        returned = short_forms.find(reply.uow, reply.person, name, number, place)
        if returned is None:
            raise out_of_date()
        return returned.draft
    if not may_fill(reply, name, number):
        raise out_of_date()
    return f"offer:{number}" if name == "offer" else name


def may_fill(reply: Reply, name: str, number: int) -> bool:
    """Tell whether a form is the person's to fill now; `number` names the lot of an offer."""
    stage, role = people.stage_of(reply.uow, reply.person), reply.person.active_role
    if name in ROLES:
        return stage == "questionnaire" and name == role
    if name == "offer":
        return stage in OPEN_TO_HELP and role == "factory" and lots.published(reply.uow, number) is not None
    return name == "lot" and stage in OPEN_TO_HELP and role == "buyer"


def waiting(reply: Reply) -> Filling | None:
    """Give the form whose question waits for a message, or None."""
    draft = drafts.asked_in_chat(reply.uow, reply.person)
    if draft is None:
        return None
    try:
        return filling_of(reply, draft)
    except NotFound:
        # Mended elsewhere meanwhile, by a colleague or in the Mini App: what is written now is a message again.
        drafts.discard(reply.uow, reply.person, draft.form)
        return None


def own(reply: Reply, number: str) -> Filling:
    """Give the person's own form by the number of its draft. NotFound."""
    draft = reply.uow.session.get(Draft, int(number), with_for_update=HELD)
    if draft is None or draft.person_id != reply.person.id:
        raise out_of_date()
    name, _, about = draft.form.partition(":")
    if name not in short_forms.NAMES and not may_fill(reply, name, int(about or 0)):
        raise out_of_date()
    return filling_of(reply, draft)


def filling_of(reply: Reply, draft: Draft) -> Filling:
    """Give a form with its draft. NotFound for corrections of a round that is over."""
    more = draft.step.startswith(MORE)
    name, *about = draft.form.split(":")
    if name not in short_forms.NAMES:
        return Filling(draft, pack().form(name), more)
    returned = short_forms.find(reply.uow, reply.person, name, int(about[0]), int(about[-1]))
    if returned is None or returned.draft != draft.form:
        raise out_of_date()
    return Filling(draft, returned.form, False, returned)

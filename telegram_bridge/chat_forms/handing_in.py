"""Handing in a form that was filled in the chat, and saying what comes next. Called by the handler of presses."""

from __future__ import annotations

from b24app.errors import InvalidState
from b24app.services import companies, drafts, lot_news, lot_revisions, lots, offers, people, sent_files, short_forms
from b24app.services.notices import escaped
from storage.models import Lot, OrderUpdate, Review
from telegram_bridge.chat_forms.asking import Answer
from telegram_bridge.chat_forms.filling import Filling
from telegram_bridge.chat_forms.opening import ROLES
from telegram_bridge.menus import back
from telegram_bridge.reply import Reply
from telegram_bridge.steps import next_step


def send(reply: Reply, filling: Filling) -> Answer:
    """Hand a form in; InvalidInput names what it still lacks. InvalidState while files are on their way to it."""
    uow, person, draft = reply.uow, reply.person, filling.draft
    if sent_files.on_their_way(uow, draft):
        raise InvalidState("Your files are still on their way. Please send the form in a moment.", code="files_coming")
    name, _, about = draft.form.partition(":")
    answers = dict(draft.answers)
    if filling.returned:
        kept = filling.returned.hand_in(answers)
        drafts.discard(uow, person, draft.form)
        return _after_short(reply, name, kept)
    if name in ROLES:
        people.consent(uow, person, "processing", True)
        companies.submit(uow, person, name, answers)
        drafts.discard(uow, person, draft.form)
        return next_step(reply)
    if name == "offer":
        offers.submit(uow, person, int(about), answers)
        return reply.t("Your offer is sent for checking."), next_step(reply)[1]
    lot = lots.submit(uow, person, answers, f"chat:{draft.id}")
    return lot_news.handed_in(lot, reply.t), next_step(reply)[1]


def _after_short(reply: Reply, name: str, kept: object) -> Answer:
    """Say what came of a form of a few questions, and where to go on."""
    t = reply.t
    if isinstance(kept, Lot) and lot_revisions.waits(kept):
        said = t("The manager checks your change. Until then factories see the lot as it was.")
        return escaped(said), next_step(reply)[1]
    if isinstance(kept, OrderUpdate):
        here = {"text": t("🏭 My orders"), "data": "menu:orders"}
        return escaped(t("Saved. The buyer sees it now.")), [[here], back(t)]
    if isinstance(kept, Review):
        return escaped(t("Thank you! The manager looks at it before others do.")), next_step(reply)[1]
    if name == short_forms.WORDS:
        show = {"text": t("🔎 Show the factories"), "data": "menu:catalogue"}
        return escaped(t("Saved")), [[show], [{"text": t("🎛 Filters"), "data": "menu:filters"}], back(t)]
    return next_step(reply)

"""Handing in a form that was filled in the chat, and saying what comes next. Called by the handler of presses."""

from __future__ import annotations

from b24app.errors import InvalidState
from b24app.services import companies, drafts, lot_news, lots, offers, people, sent_files
from telegram_bridge.chat_forms.asking import Answer
from telegram_bridge.chat_forms.filling import Filling
from telegram_bridge.chat_forms.opening import ROLES
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
        filling.returned.hand_in(answers)
        drafts.discard(uow, person, draft.form)
        return next_step(reply)
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

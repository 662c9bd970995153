"""Answers that are written: typed words, locations, and edits of either.

Called with every message before it is taken for one of a conversation.
"""

from __future__ import annotations

from typing import Any

from b24app.domain.industries import Kind
from b24app.errors import InvalidInput, NotFound
from b24app.services import drafts, forms, typed_answers
from b24app.services.notices import escaped
from storage.holding import HELD
from storage.models import Draft, TypedAnswer
from telegram_bridge.chat_forms import asking, opening, questions
from telegram_bridge.chat_forms.filling import Filling, Spot
from telegram_bridge.reply import Reply


def take(reply: Reply, text: str, *, message_id: int = 0) -> bool:
    """Take a typed message as the answer to the question that waits; False when none does."""
    filling = opening.waiting(reply)
    spot = filling.spot() if filling else None
    if filling is None or spot is None or spot.question.kind in questions.PRESSED:
        return False
    if spot.question.kind in questions.SENT:
        reply.say(escaped(reply.t("A file is expected here. Please send one, or press a button under the question.")))
        return True
    if _try(reply, filling, spot, questions.typed(spot.question, text)):
        typed_answers.note(reply.uow, filling.draft, spot.path, message_id)
    return True


def take_point(reply: Reply, latitude: float, longitude: float, *, message_id: int = 0) -> bool:
    """Take a location as the answer to the question that waits for one; False when none does."""
    filling = opening.waiting(reply)
    spot = filling.spot() if filling else None
    if filling is None or spot is None or spot.question.kind is not Kind.POINT:
        return False
    if _try(reply, filling, spot, {"lat": f"{latitude:.6f}", "lon": f"{longitude:.6f}"}):
        typed_answers.note(reply.uow, filling.draft, spot.path, message_id)
    return True


def _try(reply: Reply, filling: Filling, spot: Spot, given: Any) -> bool:
    """Take an answer and ask on, or say what is wrong with it; tells which."""
    try:
        reply.say(*asking.answered(reply, filling, spot, given))
    except InvalidInput as error:
        reply.say(escaped("\n".join(line for lines in error.fields.values() for line in lines)))
        return False
    return True


def correct(reply: Reply, message_id: int, text: str) -> bool:
    """Let an edited message correct what it answered, or say that this stays as it is; False when it answered nothing.

    The question that waits goes on waiting. Only the latest answer to a question of its own, in a form that was not sent, is corrected.
    """
    known = typed_answers.of_message(reply.uow, reply.person, message_id)
    if known is None:
        return False
    found = _correctable(reply, known)
    if found is None or not text:
        said = reply.t("An edit of this message does not change the form any more: the answer stays as it was.")
        reply.say(escaped(said), reply_to=message_id)
        return True
    filling, spot = found
    try:
        answers = asking.judged(reply, filling, spot, questions.typed(spot.question, text))
    except InvalidInput as error:
        why = "\n".join(line for lines in error.fields.values() for line in lines)
        reply.say(escaped(f"{why}\n{reply.t('The answer stays as it was.')}"), reply_to=message_id)
        return True
    draft = drafts.save(reply.uow, reply.person, filling.draft.form, answers, filling.draft.step)
    if draft.step == "review":
        reply.say(*asking.review(reply, filling))
    else:
        words = forms.shown(filling.form, forms.readable(filling.form, answers), spot.path, reply.t.language)
        said = reply.t("Corrected. {question}: {answer}", question=spot.question.label(reply.t.language), answer=words)
        reply.say(escaped(said), reply_to=message_id)
    return True


def _correctable(reply: Reply, known: TypedAnswer) -> tuple[Filling, Spot] | None:
    """Give the form and the question that a message answered, None when the answer is not its own any more."""
    draft = reply.uow.session.get(Draft, known.draft_id, with_for_update=HELD) if known.draft_id else None
    if draft is None or not typed_answers.is_latest(reply.uow, known):
        return None
    try:
        filling = opening.filling_of(reply, draft)
    except NotFound:
        return None
    # Inside an entry the place tells only its number, and another entry may have taken that since.
    if not filling.form.asks(known.place) or questions.skipped(draft.answers, filling.form.question(known.place)):
        return None
    return filling, Spot(filling.form.question(known.place))

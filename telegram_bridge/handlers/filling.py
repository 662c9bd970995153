"""Forms in the chat by buttons: beginning one, answering by a press, deciding about the whole form.

Called for presses of `fill`, `pick` and `form`. What is written or sent as an answer is taken by `form_messages` and `form_files`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from b24app.domain.industries import Kind, Question
from b24app.errors import InvalidInput
from b24app.services import drafts, short_forms
from b24app.services.notices import escaped
from telegram_bridge.chat_forms import handing_in, questions
from telegram_bridge.chat_forms.asking import (
    Answer,
    answered,
    answers_to_change,
    ask,
    ask_at,
    ask_next,
    keep,
    review,
)
from telegram_bridge.chat_forms.filling import FIRST, Filling, Spot
from telegram_bridge.chat_forms.opening import filling_of, name_of, own
from telegram_bridge.handlers import verifying
from telegram_bridge.menus import back
from telegram_bridge.reply import Reply, out_of_date
from telegram_bridge.steps import next_step


def begin(reply: Reply, name: str, number: str) -> Answer:
    """Begin a form or go on with it: `buyer`, `factory`, `lot`, `offer` for the lot of that number, or one of `short_forms`.

    `change<place>` opens one question to be changed. NotFound when it is not theirs.
    """
    if not number.isdigit() or len(number) > 18:
        raise out_of_date()
    if name == "offer" and verifying.is_needed(reply):
        return verifying.explained(reply)
    form = name_of(reply, name, int(number))
    known = drafts.load(reply.uow, reply.person, form)
    draft = drafts.save(reply.uow, reply.person, form, dict(known.answers) if known else {}, f"{FIRST}:")
    return ask_next(reply, filling_of(reply, draft), "")


def choose_change(reply: Reply, number: str) -> Answer:
    """Ask which answer of a published lot, or for 0 of the company's profile, shall be changed."""
    t = reply.t
    asked = short_forms.changeable(reply.uow, reply.person, int(number))
    if not asked:
        raise out_of_date()
    rows = [
        [{"text": question.label(t.language), "data": f"fill:{short_forms.CHANGE}{place}:{number}"}]
        for place, question in enumerate(asked)
    ]
    note = (
        t("Factories that answered are told and confirm their offers.")
        if int(number)
        else t("Name and certificates are checked by a manager before they change.")
    )
    question = t("What do you want to change?")
    return f"<b>{escaped(question)}</b>\n{escaped(note)}", [*rows, back(t)]


def pick(reply: Reply, number: str, place: str, value: str) -> Answer:
    """Answer a question by a button: a code of its list, `true`, `false`; `-` for the next one, `+` and `x0` for entries."""
    filling = own(reply, number)
    asked, spot = filling.questions, filling.spot()
    question = asked[int(place)] if place.isdigit() and int(place) < len(asked) else None
    if question is None or spot is None or spot.top.code != question.code:
        raise out_of_date()
    if value == questions.ON:
        return _pass(reply, filling, spot)
    if value == questions.EMPTY:
        return _empty(reply, filling, spot)
    if question.kind is Kind.GROUP and spot.part is None:
        return _change_entries(reply, filling, question, value)
    if spot.question.kind is Kind.CHOICES:
        held = questions.toggled(filling.draft.answers.get(question.code), value)
        keep(reply, filling, {**filling.draft.answers, question.code: held}, question.code)
        return ask(reply, filling, spot)
    if spot.question.kind not in questions.PRESSED:
        raise out_of_date()
    return answered(reply, filling, spot, value)


def _pass(reply: Reply, filling: Filling, spot: Spot) -> Answer:
    """Go on without an answer. What came back and may be left out stays as it was. InvalidInput where one is required."""
    answers = filling.draft.answers
    if spot.part:
        if spot.part.required:
            raise out_of_date()
        return ask_at(reply, filling, spot.following)
    if questions.skipped(answers, spot.top):
        if spot.top.required:
            raise InvalidInput(fields={spot.top.code: [reply.t("Please fill this in.")]})
        earlier = filling.held(spot.top)
        keep(reply, filling, {**answers, spot.top.code: earlier} if earlier else answers, spot.top.code)
    return ask_next(reply, filling, spot.top.code)


def _empty(reply: Reply, filling: Filling, spot: Spot) -> Answer:
    """Take an answer out that may be left out. Of one that stands already it is kept that there is to be none."""
    if spot.top.required or spot.part:
        raise out_of_date()
    code = spot.top.code
    others = {name: value for name, value in filling.draft.answers.items() if name != code}
    keep(reply, filling, {**others, code: None} if filling.returned else others, code)
    return ask_next(reply, filling, code)


def _change_entries(reply: Reply, filling: Filling, group: Question, value: str) -> Answer:
    """Begin one more entry of a group, or take one out."""
    entries = list(filling.held(group) or ())
    if value == questions.ADD:
        return ask_at(reply, filling, Spot(group, len(entries), group.questions[0]))
    number = value.removeprefix(questions.TAKE_OUT)
    if not number.isdigit() or int(number) >= len(entries):
        raise out_of_date()
    del entries[int(number)]
    keep(reply, filling, {**filling.draft.answers, group.code: entries}, group.code)
    return ask(reply, filling, Spot(group))


def decide(reply: Reply, number: str, action: str) -> Answer:
    """Do something with the whole form: `send` it, ask what `more` there is, `change` an answer (`q3` asks that one once more),
    `review` all of them, begin it `anew`, or `pause`.
    """
    filling = own(reply, number)
    if action.startswith("q"):
        return _ask_once_more(reply, filling, action.removeprefix("q"))
    if action not in _DEEDS:
        raise out_of_date()
    return _DEEDS[action](reply, filling)


def _anew(reply: Reply, filling: Filling) -> Answer:
    keep(reply, filling, {}, "")
    return ask_next(reply, replace(filling, more=False), "")


def _pause(reply: Reply, filling: Filling) -> Answer:
    drafts.save(reply.uow, reply.person, filling.draft.form, filling.draft.answers)
    return next_step(reply)


_DEEDS: dict[str, Callable[[Reply, Filling], Answer]] = {
    "send": handing_in.send,
    "more": lambda reply, filling: ask_next(reply, replace(filling, more=filling.returned is None), ""),
    "change": lambda reply, filling: answers_to_change(filling, reply.t),
    "review": review,
    "anew": _anew,
    "pause": _pause,
}


def _ask_once_more(reply: Reply, filling: Filling, place: str) -> Answer:
    asked = list(filling.form.questions)
    if not (place.isascii() and place.isdigit() and int(place) < len(asked)):
        raise out_of_date()
    question = asked[int(place)]
    if filling.returned and question not in filling.questions:
        raise out_of_date()
    filling = replace(filling, more=False)
    keep(reply, filling, filling.draft.answers, question.code)
    return ask(reply, filling, Spot(question))

"""Going through a form: keeping an answer that passes its check, asking the next question, showing all answers at the end.

Called by the handlers of presses, messages and files. Gives what is to be said and says nothing itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from b24app.domain.industries import Kind, Question
from b24app.domain.shortening import shortened
from b24app.errors import InvalidInput
from b24app.i18n import Texts
from b24app.services import drafts, forms
from b24app.services.industries import pack
from b24app.services.notices import escaped
from b24app.services.short_forms import ShortForm
from telegram_bridge.chat_forms import questions
from telegram_bridge.chat_forms.filling import FIRST, MORE, Filling, Spot
from telegram_bridge.chat_forms.opening import ROLES
from telegram_bridge.reply import Buttons, Reply

Answer = tuple[str, Buttons]
SUMMARY_LENGTH = 3500
LINE = 60


def answered(reply: Reply, filling: Filling, spot: Spot, given: Any) -> Answer:
    """Keep an answer that passes its check together with those before it, and ask on. InvalidInput says what is wrong."""
    keep(reply, filling, judged(reply, filling, spot, given), spot.path)
    if spot.part:
        return ask_at(reply, filling, spot.following)
    return (
        ask(reply, filling, spot) if spot.question.kind in questions.GATHERED else ask_next(reply, filling, spot.path)
    )


def judged(reply: Reply, filling: Filling, spot: Spot, given: Any) -> dict[str, Any]:
    """Give all answers with one more that passes its check. InvalidInput says what is wrong with it."""
    answers = filling.placed(spot, given)
    there = [code for code in answers if not questions.skipped(answers, filling.form.question(code))]
    try:
        forms.checked(filling.form, answers, language=reply.t.language, now=reply.uow.now, only=there)
    except InvalidInput as error:
        # What an earlier answer lacks is said when the form is sent; here only what was typed now is judged.
        if spot.path in error.fields:
            raise InvalidInput(fields={spot.path: error.fields[spot.path]}) from error
    return answers


def keep(reply: Reply, filling: Filling, answers: Mapping[str, Any], code: str) -> None:
    """Keep all answers, and that the question at `code` waits."""
    stage = MORE if filling.more else FIRST
    drafts.save(reply.uow, reply.person, filling.draft.form, dict(answers), f"{stage}:{code}")


def ask_next(reply: Reply, filling: Filling, code: str) -> Answer:
    """Ask what comes after a question, or show all answers when nothing does."""
    question = filling.after(code)
    return review(reply, filling) if question is None else ask_at(reply, filling, Spot(question))


def ask_at(reply: Reply, filling: Filling, spot: Spot) -> Answer:
    """Ask a question from now on."""
    keep(reply, filling, filling.draft.answers, spot.path)
    return ask(reply, filling, spot)


def ask(reply: Reply, filling: Filling, spot: Spot) -> Answer:
    """Give a question with its buttons, and how far the form is."""
    t, asked, number, question = reply.t, filling.questions, filling.draft.id, spot.question
    place = [one.code for one in asked].index(spot.top.code)
    head = f"{filling.form.label(t.language)} · {place + 1}/{len(asked)}"
    if spot.part:
        head += f"\n{spot.top.label(t.language)} · {spot.entry + 1}"
    elif filling.returned:
        head += "\n" + "\n".join(_why(filling.returned, question, t))
    gathered = question.kind in questions.GATHERED
    chosen = filling.held(question) if question.kind is Kind.GROUP else filling.draft.answers.get(question.code)
    text, options = questions.shown(question, None if spot.part else chosen, head, t)
    rows = questions.rows_of([(words, f"pick:{number}:{place}:{value}") for words, value in options])
    if gathered or not question.required:
        rows.append([{"text": t("Next") if gathered else t("Skip"), "data": f"pick:{number}:{place}:{questions.ON}"}])
    if not question.required and not spot.part and filling.held(question) not in (None, "", [], {}):
        rows.append([{"text": t("🗑 Leave empty"), "data": f"pick:{number}:{place}:{questions.EMPTY}"}])
    return text, [*rows, [{"text": t("⏸ Go on later"), "data": f"form:{number}:pause"}]]


def _why(returned: ShortForm, question: Question, t: Texts) -> list[str]:
    """Say why an answer came back, and how it reads so far."""
    said = forms.shown(returned.form, returned.answers, question.code, t.language)
    reason = returned.reasons[question.code]
    return [
        *([t("The manager: {reason}", reason=reason)] if reason else []),
        *([t("Now: {answer}", answer=said)] if said else []),
    ]


def review(reply: Reply, filling: Filling) -> Answer:
    """Show everything that was answered, with what can be done now; typed messages are the conversations' again."""
    t, draft, form = reply.t, filling.draft, filling.form
    drafts.save(reply.uow, reply.person, draft.form, draft.answers, "review")
    lines = [f"<b>{escaped(form.label(t.language))}</b>"]
    stored = forms.readable(form, draft.answers)
    for question in form.questions:
        if words := forms.shown(form, stored, question.code, t.language):
            lines.append(f"{escaped(question.label(t.language))}: {escaped(words)}")
    text = "\n".join(lines)
    text = text if len(text) <= SUMMARY_LENGTH else f"{lines[0]}\n{escaped(t('All questions are answered.'))}"
    if draft.form in ROLES:
        versions = pack().consents["processing"]
        text += f"\n\n{escaped(t('By sending you agree:'))} {escaped(versions[max(versions)][t.language])}"
    return text, _last_words(filling, t)


def answers_to_change(filling: Filling, t: Texts) -> Answer:
    """List what was answered, each to be asked once more by a press."""
    number, form = filling.draft.id, filling.form
    stored = forms.readable(form, filling.draft.answers)
    rows = [
        [{"text": shortened(f"{question.label(t.language)}: {words}", LINE), "data": f"form:{number}:q{place}"}]
        for place, question in enumerate(form.questions)
        if (words := forms.shown(form, stored, question.code, t.language).replace("\n", " "))
    ]
    asked = t("Which answer do you want to change?")
    return f"<b>{escaped(asked)}</b>", [*rows, [{"text": t("↩️ Back"), "data": f"form:{number}:review"}]]


def _last_words(filling: Filling, t: Texts) -> Buttons:
    """Give what can be done with a form whose questions were asked."""
    number, returned = filling.draft.id, filling.returned
    send = t("✅ I agree, send") if filling.draft.form in ROLES else t("✅ Send")
    first = {"text": send, "data": f"form:{number}:send"}
    more = [] if returned else [[{"text": t("➕ Answer more questions"), "data": f"form:{number}:more"}]]
    more.append([{"text": t("✏️ Change an answer"), "data": f"form:{number}:change"}])
    return [
        [first],
        *more,
        [{"text": t("↩️ Begin anew"), "data": f"form:{number}:anew"}],
        [{"text": t("⏸ Go on later"), "data": f"form:{number}:pause"}],
    ]

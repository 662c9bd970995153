"""Filling a form question by question in the chat, for whoever cannot open the Mini App: questionnaires, a lot, an offer, corrections.

Called for presses of `fill`, `pick` and `form`, and with every typed message before it is taken for one of a conversation. What was
answered lies in the same draft that the Mini App keeps; its step says which question waits (`chat:<code>`; `more:<code>` among those
that may be left out). A correction round asks exactly what was returned. Files, points and certificates are for the Mini App.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from b24app.domain.industries import Kind, Question, Questionnaire
from b24app.errors import InvalidInput, NotFound
from b24app.i18n import Texts
from b24app.services import companies, corrections, drafts, forms, lots, offers, people
from b24app.services.industries import pack
from b24app.services.notices import escaped
from storage.models import Draft
from telegram_bridge import chat_questions as asking
from telegram_bridge.handlers.choices import out_of_date
from telegram_bridge.reply import Buttons, Reply
from telegram_bridge.steps import OPEN_TO_HELP, next_step

Answer = tuple[str, Buttons]
ROLES = frozenset({"buyer", "factory"})
FIRST, MORE = "chat", "more"
SUMMARY_LENGTH = 3500


@dataclass(frozen=True)
class _Filling:
    """A form under way: its draft, what it asks, whether the questions that may be left out are being asked, what was returned."""

    draft: Draft
    form: Questionnaire
    more: bool
    returned: corrections.Round | None = None

    @property
    def questions(self) -> list[Question]:
        """Give what is asked in this round."""
        if self.returned:
            return [q for q in self.returned.questions if q.kind not in asking.NOT_IN_CHAT]
        return [q for q in self.form.questions if q.kind not in asking.NOT_IN_CHAT and q.required != self.more]

    @property
    def elsewhere(self) -> list[Question]:
        """Give what was returned and cannot be answered by writing."""
        return [q for q in self.returned.questions if q.kind in asking.NOT_IN_CHAT] if self.returned else []

    def after(self, code: str) -> Question | None:
        """Give the question to ask next: the first unanswered one; among those that may be left out, only from `code` on."""
        asked = self.questions
        if (self.more or self.returned) and code:
            codes = [question.code for question in asked]
            asked = asked[codes.index(code) + 1 :] if code in codes else asked
        return next((question for question in asked if asking.skipped(self.draft.answers, question)), None)


def begin(reply: Reply, name: str, number: str) -> Answer:
    """Begin a form or go on with it: `buyer`, `factory`, `lot`, `offer` for the lot of that number, `mend` for what was returned of it.

    NotFound when it is not theirs.
    """
    if not number.isdigit() or len(number) > 18:
        raise out_of_date()
    form = _name_of(reply, name, int(number))
    known = drafts.load(reply.uow, reply.person, form)
    draft = drafts.save(reply.uow, reply.person, form, dict(known.answers) if known else {}, f"{FIRST}:")
    return _ask_next(reply, _filling(reply, draft, more=False), "")


def _name_of(reply: Reply, name: str, number: int) -> str:
    """Give the draft's name of a form that the person may fill now. NotFound."""
    if name == corrections.FORM:
        returned = corrections.find(reply.uow, reply.person, number)
        if returned is None:
            raise out_of_date()
        return returned.draft
    if not _may_fill(reply, name, number):
        raise out_of_date()
    return f"offer:{number}" if name == "offer" else name


def _may_fill(reply: Reply, name: str, number: int) -> bool:
    stage, role = people.stage_of(reply.uow, reply.person), reply.person.active_role
    if name in ROLES:
        return stage == "questionnaire" and name == role
    if name == "offer":
        return stage in OPEN_TO_HELP and role == "factory" and lots.published(reply.uow, number) is not None
    return name == "lot" and stage in OPEN_TO_HELP and role == "buyer"


def take(reply: Reply, text: str) -> bool:
    """Take a typed message as the answer to the question that waits; False when none does."""
    draft = drafts.asked_in_chat(reply.uow, reply.person)
    if draft is None:
        return False
    try:
        filling, code = _filling(reply, draft, more=draft.step.startswith(MORE)), draft.step.partition(":")[2]
    except NotFound:
        # Mended elsewhere meanwhile, by a colleague or in the Mini App: what is written now is a message again.
        drafts.discard(reply.uow, reply.person, draft.form)
        return False
    question = next((one for one in filling.questions if one.code == code), None)
    if question is None or question.kind in asking.PRESSED:
        return False
    try:
        reply.say(*_answered(reply, filling, question, asking.typed(question, text)))
    except InvalidInput as error:
        reply.say(escaped("\n".join(line for lines in error.fields.values() for line in lines)))
    return True


def pick(reply: Reply, number: str, place: str, value: str) -> Answer:
    """Answer a question by a button: a code of its list, `true`, `false`, or `-` for the next one."""
    filling = _own(reply, number)
    asked = filling.questions
    question = asked[int(place)] if place.isdigit() and int(place) < len(asked) else None
    if question is None or filling.draft.step.partition(":")[2] != question.code:
        raise out_of_date()
    if value == "-":
        if question.required and asking.skipped(filling.draft.answers, question):
            raise InvalidInput(fields={question.code: [reply.t("Please choose from the list.")]})
        return _ask_next(reply, filling, question.code)
    if question.kind is Kind.CHOICES:
        held = asking.toggled(filling.draft.answers.get(question.code), value)
        _keep(reply, filling, {**filling.draft.answers, question.code: held}, question.code)
        return _ask(reply, filling, question)
    return _answered(reply, filling, question, value)


def decide(reply: Reply, number: str, action: str) -> Answer:
    """Do something with the whole form: `send` it, ask what `more` there is, begin it `anew`, or `pause`."""
    filling = _own(reply, number)
    if action == "send":
        return _send(reply, filling)
    if action == "more":
        return _ask_next(reply, _filling(reply, filling.draft, more=True), "")
    if action == "anew":
        _keep(reply, filling, {}, "")
        return _ask_next(reply, _filling(reply, filling.draft, more=False), "")
    if action == "pause":
        drafts.save(reply.uow, reply.person, filling.draft.form, filling.draft.answers)
        return next_step(reply)
    raise out_of_date()


def _own(reply: Reply, number: str) -> _Filling:
    draft = reply.uow.session.get(Draft, int(number))
    if draft is None or draft.person_id != reply.person.id:
        raise out_of_date()
    name, _, about = draft.form.partition(":")
    if name != corrections.FORM and not _may_fill(reply, name, int(about or 0)):
        raise out_of_date()
    return _filling(reply, draft, more=draft.step.startswith(MORE))


def _filling(reply: Reply, draft: Draft, *, more: bool) -> _Filling:
    """Give a form with its draft. NotFound for corrections of a round that is over."""
    name, *about = draft.form.split(":")
    if name != corrections.FORM:
        return _Filling(draft, pack().form(name), more)
    returned = corrections.find(reply.uow, reply.person, int(about[0]))
    if returned is None or returned.draft != draft.form:
        raise out_of_date()
    return _Filling(draft, returned.form, False, returned)


def _keep(reply: Reply, filling: _Filling, answers: Mapping[str, Any], code: str) -> None:
    stage = MORE if filling.more else FIRST
    drafts.save(reply.uow, reply.person, filling.draft.form, dict(answers), f"{stage}:{code}")


def _answered(reply: Reply, filling: _Filling, question: Question, given: Any) -> Answer:
    """Keep an answer that passes its check together with those before it, and ask on. InvalidInput says what is wrong."""
    answers = {**filling.draft.answers, question.code: given}
    there = [code for code in answers if not asking.skipped(answers, filling.form.question(code))]
    try:
        forms.checked(filling.form, answers, language=reply.t.language, now=reply.uow.now, only=there)
    except InvalidInput as error:
        # What an earlier answer lacks is said when the form is sent; here only what was typed now is judged.
        if question.code in error.fields:
            raise InvalidInput(fields={question.code: error.fields[question.code]}) from error
    _keep(reply, filling, answers, question.code)
    return _ask_next(reply, filling, question.code)


def _ask_next(reply: Reply, filling: _Filling, code: str) -> Answer:
    question = filling.after(code)
    if question is None:
        return _review(reply, filling)
    _keep(reply, filling, filling.draft.answers, question.code)
    return _ask(reply, filling, question)


def _ask(reply: Reply, filling: _Filling, question: Question) -> Answer:
    t, asked, number = reply.t, filling.questions, filling.draft.id
    place = [one.code for one in asked].index(question.code)
    head = f"{filling.form.label(t.language)} · {place + 1}/{len(asked)}"
    if filling.returned:
        head += "\n" + "\n".join(_why(filling.returned, question, t))
    text, options = asking.shown(question, filling.draft.answers.get(question.code), head, t)
    rows = asking.rows_of([(words, f"pick:{number}:{place}:{value}") for words, value in options])
    on = t("Next") if question.kind is Kind.CHOICES else t("Skip")
    if question.kind is Kind.CHOICES or not question.required:
        rows.append([{"text": on, "data": f"pick:{number}:{place}:-"}])
    return text, [*rows, [{"text": t("⏸ Go on later"), "data": f"form:{number}:pause"}]]


def _why(returned: corrections.Round, question: Question, t: Texts) -> list[str]:
    """Say why an answer came back, and how it reads so far."""
    said = forms.shown(returned.form, returned.answers, question.code, t.language)
    return [
        t("The manager: {reason}", reason=returned.reasons[question.code]),
        *([t("Now: {answer}", answer=said)] if said else []),
    ]


def _review(reply: Reply, filling: _Filling) -> Answer:
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
    if filling.elsewhere:
        named = ", ".join(question.label(t.language) for question in filling.elsewhere)
        return f"{text}\n\n{escaped(t('Left for the Mini App: {fields}.', fields=named))}", _last_words(filling, t)
    if draft.form in ROLES:
        versions = pack().consents["processing"]
        text += f"\n\n{escaped(t('By sending you agree:'))} {escaped(versions[max(versions)][t.language])}"
    return text, _last_words(filling, t)


def _last_words(filling: _Filling, t: Texts) -> Buttons:
    """Give what can be done with a form whose questions were asked."""
    number, returned = filling.draft.id, filling.returned
    send = t("✅ I agree, send") if filling.draft.form in ROLES else t("✅ Send")
    first = {"text": send, "data": f"form:{number}:send"}
    if returned and filling.elsewhere:
        first = {"text": t("📝 Correct the answers"), "web_app": returned.path}
    more = [] if returned else [[{"text": t("➕ Answer more questions"), "data": f"form:{number}:more"}]]
    return [
        [first],
        *more,
        [{"text": t("↩️ Begin anew"), "data": f"form:{number}:anew"}],
        [{"text": t("⏸ Go on later"), "data": f"form:{number}:pause"}],
    ]


def _send(reply: Reply, filling: _Filling) -> Answer:
    """Hand a form in; InvalidInput names what it still lacks."""
    uow, person, draft = reply.uow, reply.person, filling.draft
    name, _, about = draft.form.partition(":")
    answers = dict(draft.answers)
    if filling.returned:
        corrections.hand_in(uow, person, filling.returned, answers)
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
    return reply.t("Lot No. {number} is sent for checking.", number=lot.number), next_step(reply)[1]

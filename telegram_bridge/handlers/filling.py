"""Filling a form question by question in the chat, for whoever cannot open the Mini App: questionnaires, a lot, an offer, corrections.

Called for presses of `fill`, `pick` and `form`, and with every typed message before it is taken for one of a conversation. What was
answered lies in the same draft that the Mini App keeps; its step says which question waits (`chat:<code>`; `more:<code>` among those
that may be left out; `chat:<group>.<entry>.<part>` inside an entry). A correction round asks exactly what was returned. A file is an
answer once the job of sent files has fetched it.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from b24app.domain.industries import Kind, Question
from b24app.domain.messages import LARGEST_FILE_BYTES
from b24app.errors import InvalidInput, NotFound
from b24app.i18n import Texts
from b24app.services import companies, corrections, drafts, forms, lots, offers, people, sent_files, typed_answers
from b24app.services.industries import pack
from b24app.services.notices import escaped
from storage.models import Draft, TypedAnswer
from telegram_bridge import chat_questions as asking
from telegram_bridge.chat_forms import FIRST, MORE, Filling, Spot
from telegram_bridge.content import Content
from telegram_bridge.handlers.choices import out_of_date
from telegram_bridge.reply import Buttons, Reply
from telegram_bridge.steps import OPEN_TO_HELP, next_step

Answer = tuple[str, Buttons]
ROLES = frozenset({"buyer", "factory"})
SUMMARY_LENGTH = 3500


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


def take(reply: Reply, text: str, *, message_id: int = 0) -> bool:
    """Take a typed message as the answer to the question that waits; False when none does."""
    filling = _waiting(reply)
    spot = filling.spot() if filling else None
    if filling is None or spot is None or spot.question.kind in asking.PRESSED:
        return False
    if spot.question.kind in asking.SENT:
        reply.say(escaped(reply.t("A file is expected here. Please send one, or press a button under the question.")))
        return True
    if _try(reply, filling, spot, asking.typed(spot.question, text)):
        typed_answers.note(reply.uow, filling.draft, spot.path, message_id)
    return True


def take_point(reply: Reply, latitude: float, longitude: float, *, message_id: int = 0) -> bool:
    """Take a location as the answer to the question that waits for one; False when none does."""
    filling = _waiting(reply)
    spot = filling.spot() if filling else None
    if filling is None or spot is None or spot.question.kind is not Kind.POINT:
        return False
    if _try(reply, filling, spot, {"lat": f"{latitude:.6f}", "lon": f"{longitude:.6f}"}):
        typed_answers.note(reply.uow, filling.draft, spot.path, message_id)
    return True


def take_file(reply: Reply, content: Content, *, message_id: int = 0) -> bool:
    """Have a file fetched as the answer to the question that waits for one; False when none does. LimitExceeded after too many."""
    filling = _waiting(reply) if content.telegram_file_id else None
    spot = filling.spot() if filling else None
    if filling is None or spot is None or spot.question.kind not in asking.SENT:
        return False
    if content.size > LARGEST_FILE_BYTES:
        reply.say(escaped(reply.t("The file is larger than 20 MB.")))
    else:
        name = content.file_name or f"{content.kind}.{_USUAL.get(content.kind, 'bin')}"
        file_id = content.telegram_file_id
        sent_files.expect(reply.uow, filling.draft, spot.path, file_id, name=name, update_id=reply.update_id)
        typed_answers.note(reply.uow, filling.draft, spot.path, message_id)
    return True


_USUAL = {"photo": "jpg", "video": "mp4", "animation": "mp4", "video_note": "mp4", "voice": "ogg", "audio": "mp3"}
"""How a file's name ends when its sender gave it none."""


def file_came(reply: Reply, draft: Draft, place: str, file_id: int, *, more_coming: bool) -> None:
    """Take a fetched file as the answer at a place of a form, and ask on if that place is still the one that waits."""
    try:
        filling = _filling(reply, draft, more=draft.step.startswith(MORE))
    except NotFound:
        return
    spot = filling.spot()
    if spot is None or spot.path != place:
        return
    if not more_coming:
        _try(reply, filling, spot, file_id)
        return
    # Of files sent together the last one is answered for all; what is wrong with an earlier one is wrong with the last, too.
    with suppress(InvalidInput):
        _answered(reply, filling, spot, file_id)


def _waiting(reply: Reply) -> Filling | None:
    """Give the form whose question waits for a message, or None."""
    draft = drafts.asked_in_chat(reply.uow, reply.person)
    if draft is None:
        return None
    try:
        return _filling(reply, draft, more=draft.step.startswith(MORE))
    except NotFound:
        # Mended elsewhere meanwhile, by a colleague or in the Mini App: what is written now is a message again.
        drafts.discard(reply.uow, reply.person, draft.form)
        return None


def _try(reply: Reply, filling: Filling, spot: Spot, given: Any) -> bool:
    """Take an answer and ask on, or say what is wrong with it; tells which."""
    try:
        reply.say(*_answered(reply, filling, spot, given))
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
        answers = _judged(reply, filling, spot, asking.typed(spot.question, text))
    except InvalidInput as error:
        why = "\n".join(line for lines in error.fields.values() for line in lines)
        reply.say(escaped(f"{why}\n{reply.t('The answer stays as it was.')}"), reply_to=message_id)
        return True
    draft = drafts.save(reply.uow, reply.person, filling.draft.form, answers, filling.draft.step)
    if draft.step == "review":
        reply.say(*_review(reply, filling))
    else:
        words = forms.shown(filling.form, forms.readable(filling.form, answers), spot.path, reply.t.language)
        said = reply.t("Corrected. {question}: {answer}", question=spot.question.label(reply.t.language), answer=words)
        reply.say(escaped(said), reply_to=message_id)
    return True


def _correctable(reply: Reply, known: TypedAnswer) -> tuple[Filling, Spot] | None:
    """Give the form and the question that a message answered, None when the answer is not its own any more."""
    draft = reply.uow.session.get(Draft, known.draft_id, with_for_update=True) if known.draft_id else None
    if draft is None or not typed_answers.is_latest(reply.uow, known):
        return None
    try:
        filling = _filling(reply, draft, more=draft.step.startswith(MORE))
    except NotFound:
        return None
    # Inside an entry the place tells only its number, and another entry may have taken that since.
    if not filling.form.asks(known.place) or asking.skipped(draft.answers, filling.form.question(known.place)):
        return None
    return filling, Spot(filling.form.question(known.place))


def pick(reply: Reply, number: str, place: str, value: str) -> Answer:
    """Answer a question by a button: a code of its list, `true`, `false`; `-` for the next one, `+` and `x0` for entries."""
    filling = _own(reply, number)
    asked, spot = filling.questions, filling.spot()
    question = asked[int(place)] if place.isdigit() and int(place) < len(asked) else None
    if question is None or spot is None or spot.top.code != question.code:
        raise out_of_date()
    if value == asking.ON:
        return _pass(reply, filling, spot)
    if question.kind is Kind.GROUP and spot.part is None:
        return _change_entries(reply, filling, question, value)
    if spot.question.kind is Kind.CHOICES:
        held = asking.toggled(filling.draft.answers.get(question.code), value)
        _keep(reply, filling, {**filling.draft.answers, question.code: held}, question.code)
        return _ask(reply, filling, spot)
    if spot.question.kind not in asking.PRESSED:
        raise out_of_date()
    return _answered(reply, filling, spot, value)


def _pass(reply: Reply, filling: Filling, spot: Spot) -> Answer:
    """Go on without an answer. What came back and may be left out stays as it was. InvalidInput where one is required."""
    answers = filling.draft.answers
    if spot.part:
        if spot.part.required:
            raise out_of_date()
        return _ask_at(reply, filling, spot.following)
    if asking.skipped(answers, spot.top):
        if spot.top.required:
            raise InvalidInput(fields={spot.top.code: [reply.t("Please fill this in.")]})
        earlier = filling.held(spot.top)
        _keep(reply, filling, {**answers, spot.top.code: earlier} if earlier else answers, spot.top.code)
    return _ask_next(reply, filling, spot.top.code)


def _change_entries(reply: Reply, filling: Filling, group: Question, value: str) -> Answer:
    """Begin one more entry of a group, or take one out."""
    entries = list(filling.held(group) or ())
    if value == asking.ADD:
        return _ask_at(reply, filling, Spot(group, len(entries), group.questions[0]))
    number = value.removeprefix(asking.TAKE_OUT)
    if not number.isdigit() or int(number) >= len(entries):
        raise out_of_date()
    del entries[int(number)]
    _keep(reply, filling, {**filling.draft.answers, group.code: entries}, group.code)
    return _ask(reply, filling, Spot(group))


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


def _own(reply: Reply, number: str) -> Filling:
    draft = reply.uow.session.get(Draft, int(number), with_for_update=True)
    if draft is None or draft.person_id != reply.person.id:
        raise out_of_date()
    name, _, about = draft.form.partition(":")
    if name != corrections.FORM and not _may_fill(reply, name, int(about or 0)):
        raise out_of_date()
    return _filling(reply, draft, more=draft.step.startswith(MORE))


def _filling(reply: Reply, draft: Draft, *, more: bool) -> Filling:
    """Give a form with its draft. NotFound for corrections of a round that is over."""
    name, *about = draft.form.split(":")
    if name != corrections.FORM:
        return Filling(draft, pack().form(name), more)
    returned = corrections.find(reply.uow, reply.person, int(about[0]))
    if returned is None or returned.draft != draft.form:
        raise out_of_date()
    return Filling(draft, returned.form, False, returned)


def _keep(reply: Reply, filling: Filling, answers: Mapping[str, Any], code: str) -> None:
    stage = MORE if filling.more else FIRST
    drafts.save(reply.uow, reply.person, filling.draft.form, dict(answers), f"{stage}:{code}")


def _answered(reply: Reply, filling: Filling, spot: Spot, given: Any) -> Answer:
    """Keep an answer that passes its check together with those before it, and ask on. InvalidInput says what is wrong."""
    _keep(reply, filling, _judged(reply, filling, spot, given), spot.path)
    if spot.part:
        return _ask_at(reply, filling, spot.following)
    return _ask(reply, filling, spot) if spot.question.kind in asking.GATHERED else _ask_next(reply, filling, spot.path)


def _judged(reply: Reply, filling: Filling, spot: Spot, given: Any) -> dict[str, Any]:
    """Give all answers with one more that passes its check. InvalidInput says what is wrong with it."""
    answers = filling.placed(spot, given)
    there = [code for code in answers if not asking.skipped(answers, filling.form.question(code))]
    try:
        forms.checked(filling.form, answers, language=reply.t.language, now=reply.uow.now, only=there)
    except InvalidInput as error:
        # What an earlier answer lacks is said when the form is sent; here only what was typed now is judged.
        if spot.path in error.fields:
            raise InvalidInput(fields={spot.path: error.fields[spot.path]}) from error
    return answers


def _ask_next(reply: Reply, filling: Filling, code: str) -> Answer:
    question = filling.after(code)
    return _review(reply, filling) if question is None else _ask_at(reply, filling, Spot(question))


def _ask_at(reply: Reply, filling: Filling, spot: Spot) -> Answer:
    """Ask a question from now on."""
    _keep(reply, filling, filling.draft.answers, spot.path)
    return _ask(reply, filling, spot)


def _ask(reply: Reply, filling: Filling, spot: Spot) -> Answer:
    t, asked, number, question = reply.t, filling.questions, filling.draft.id, spot.question
    place = [one.code for one in asked].index(spot.top.code)
    head = f"{filling.form.label(t.language)} · {place + 1}/{len(asked)}"
    if spot.part:
        head += f"\n{spot.top.label(t.language)} · {spot.entry + 1}"
    elif filling.returned:
        head += "\n" + "\n".join(_why(filling.returned, question, t))
    gathered = question.kind in asking.GATHERED
    chosen = filling.held(question) if question.kind is Kind.GROUP else filling.draft.answers.get(question.code)
    text, options = asking.shown(question, None if spot.part else chosen, head, t)
    rows = asking.rows_of([(words, f"pick:{number}:{place}:{value}") for words, value in options])
    if gathered or not question.required:
        rows.append([{"text": t("Next") if gathered else t("Skip"), "data": f"pick:{number}:{place}:{asking.ON}"}])
    return text, [*rows, [{"text": t("⏸ Go on later"), "data": f"form:{number}:pause"}]]


def _why(returned: corrections.Round, question: Question, t: Texts) -> list[str]:
    """Say why an answer came back, and how it reads so far."""
    said = forms.shown(returned.form, returned.answers, question.code, t.language)
    return [
        t("The manager: {reason}", reason=returned.reasons[question.code]),
        *([t("Now: {answer}", answer=said)] if said else []),
    ]


def _review(reply: Reply, filling: Filling) -> Answer:
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


def _last_words(filling: Filling, t: Texts) -> Buttons:
    """Give what can be done with a form whose questions were asked."""
    number, returned = filling.draft.id, filling.returned
    send = t("✅ I agree, send") if filling.draft.form in ROLES else t("✅ Send")
    first = {"text": send, "data": f"form:{number}:send"}
    more = [] if returned else [[{"text": t("➕ Answer more questions"), "data": f"form:{number}:more"}]]
    return [
        [first],
        *more,
        [{"text": t("↩️ Begin anew"), "data": f"form:{number}:anew"}],
        [{"text": t("⏸ Go on later"), "data": f"form:{number}:pause"}],
    ]


def _send(reply: Reply, filling: Filling) -> Answer:
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

"""Files sent in the chat as answers to a form: taken when they come, answers once the job of sent files has fetched them.

Of files that were sent together the sender is told in one message, that follows how far they are.
"""

from __future__ import annotations

from contextlib import suppress

from b24app.domain.industries import Kind
from b24app.domain.messages import LARGEST_FILE_BYTES, usual_name
from b24app.errors import InvalidInput, NotFound
from b24app.services import drafts, forms, progress_messages, sent_files, typed_answers
from b24app.services.notices import escaped
from storage.holding import HELD
from storage.models import Draft, SentFile
from telegram_bridge.chat_forms import asking, opening, questions
from telegram_bridge.chat_forms.filling import Filling, Spot
from telegram_bridge.content import Content
from telegram_bridge.reply import Reply


def take_file(reply: Reply, content: Content, *, message_id: int = 0) -> bool:
    """Have a file fetched as the answer to the question that waits for one; False when none does. LimitExceeded after too many."""
    asked = _asked(reply, content) if content.telegram_file_id else None
    if asked is None:
        return False
    filling, spot = asked
    first = sent_files.first_of_album(reply.uow, reply.person, content.album)
    if first is not None and spot.question.kind is Kind.FILE:
        said = reply.t("One file is asked for here, so only the first of those you sent was taken.")
        progress_messages.tell(reply.uow, reply.person, _key(first), escaped(said))
        return True
    too_large = reply.t("The file is larger than 20 MB.") if content.size > LARGEST_FILE_BYTES else ""
    if too_large and not content.album:
        reply.say(escaped(too_large))
        return True
    name = content.file_name or usual_name(content.kind)
    coming = sent_files.Coming(content.telegram_file_id, name, content.album, too_large)
    sent = sent_files.expect(reply.uow, filling.draft, spot.path, coming, update_id=reply.update_id)
    typed_answers.note(reply.uow, filling.draft, spot.path, message_id)
    if content.album and spot.question.kind is Kind.FILES:
        _tell_how_far(reply, filling, spot, sent)
    return True


def _asked(reply: Reply, content: Content) -> tuple[Filling, Spot] | None:
    """Give the form and the question that a file answers: for files sent together that of the first of them."""
    first = sent_files.first_of_album(reply.uow, reply.person, content.album)
    draft = reply.uow.session.get_one(Draft, first.draft_id, with_for_update=HELD) if first else None
    if first is None or draft is None:
        filling = opening.waiting(reply)
        spot = filling.spot() if filling else None
    else:
        filling, spot = _found(reply, draft, first.place) or (None, None)
    if filling is None or spot is None or spot.question.kind not in questions.SENT:
        return None
    return filling, spot


def _found(reply: Reply, draft: Draft, place: str) -> tuple[Filling, Spot] | None:
    try:
        filling = opening.filling_of(reply, draft)
    except NotFound:
        return None
    spot = filling.spot_at(place)
    return (filling, spot) if spot else None


def file_came(reply: Reply, draft: Draft, sent: SentFile, file_id: int) -> None:
    """Take a fetched file as the answer at its place of a form, and ask on if that place is still the one that waits."""
    found = _found(reply, draft, sent.place)
    if found is None:
        return
    filling, spot = found
    waits = filling.spot() == spot
    if sent.album and spot.question.kind is Kind.FILES:
        _piece_came(reply, filling, spot, sent, file_id)
    elif waits and sent_files.others_wait(reply.uow, sent):
        # Of files sent one right after another the last is answered for all; what is wrong with an earlier one is wrong with it, too.
        with suppress(InvalidInput):
            asking.answered(reply, filling, spot, file_id)
    elif waits:
        _answer(reply, filling, spot, file_id)
    elif spot.question.kind is Kind.FILES:
        _keep_late(reply, filling, spot, file_id)


def _answer(reply: Reply, filling: Filling, spot: Spot, file_id: int) -> None:
    try:
        reply.say(*asking.answered(reply, filling, spot, file_id))
    except InvalidInput as error:
        reply.say(escaped(_words(error)))


def _keep_late(reply: Reply, filling: Filling, spot: Spot, file_id: int) -> None:
    """Keep a file although its sender went on before it was here; the question that waits goes on waiting. Says what was kept."""
    try:
        answers = asking.judged(reply, filling, spot, file_id)
    except InvalidInput as error:
        reply.say(escaped(_words(error)))
        return
    drafts.save(reply.uow, reply.person, filling.draft.form, answers, filling.draft.step)
    words = forms.in_words(spot.question, answers[spot.top.code], reply.t)
    reply.say(escaped(f"{spot.question.label(reply.t.language)}: {words}"))


def _piece_came(reply: Reply, filling: Filling, spot: Spot, sent: SentFile, file_id: int) -> None:
    try:
        answers = asking.judged(reply, filling, spot, file_id)
        drafts.save(reply.uow, reply.person, filling.draft.form, answers, filling.draft.step)
    except InvalidInput as error:
        sent.refusal = _words(error)
    _tell_how_far(reply, filling, spot, sent)


def file_refused(reply: Reply, draft: Draft, sent: SentFile, why: str) -> None:
    """Tell the sender why a file is no answer; of files sent together in their one message."""
    found = _found(reply, draft, sent.place) if sent.album else None
    if found is None or found[1].question.kind is not Kind.FILES:
        reply.say(escaped(why))
        return
    sent.refusal = why
    _tell_how_far(reply, *found, sent)


def _tell_how_far(reply: Reply, filling: Filling, spot: Spot, sent: SentFile) -> None:
    """Show the question with what has come of the files sent together; once the person went on, only what is worth knowing."""
    t, album = reply.t, sent_files.album_of(reply.uow, sent)
    lines = [f"❌ {one.name}: {one.refusal}" for one in album if one.refusal]
    coming = sum(not one.settled for one in album)
    if coming:
        lines.append(t.tn("⏳ {count} file is on its way…", "⏳ {count} files are on their way…", coming))
    told = escaped("\n".join(lines))
    if filling.spot() == spot:
        text, buttons = asking.ask(reply, filling, spot)
        progress_messages.tell(reply.uow, reply.person, _key(sent), f"{text}\n\n{told}" if told else text, buttons)
    elif not coming:
        # The message that followed them shows another question now.
        words = forms.shown(filling.form, forms.readable(filling.form, filling.draft.answers), spot.path, t.language)
        reply.say("\n".join(part for part in (escaped(f"{spot.question.label(t.language)}: {words}"), told) if part))


def _key(sent: SentFile) -> str:
    return f"files/{sent.draft_id}:{sent.album}"


def _words(error: InvalidInput) -> str:
    return "\n".join(line for lines in error.fields.values() for line in lines)

"""Polls and quizzes."""

from __future__ import annotations

from typing import Any

from sandbox.telegram import deadlines
from sandbox.telegram.access import Access, find_message
from sandbox.telegram.call import Call, method
from sandbox.telegram.entities.text import parse_text
from sandbox.telegram.entities.units import utf16_length
from sandbox.telegram.errors import bad_request
from sandbox.telegram.keyboards import inline_only
from sandbox.telegram.methods.media import piece_content
from sandbox.telegram.methods.places import located, venue_of
from sandbox.telegram.outgoing import SENT_ONLY_NOTED, answer, send

Json = dict[str, Any]
_GAPS = "added options, country and membership limits and shuffling have no effect"
_ANY_MEDIA = {"animation", "audio", "document", "live_photo", "photo", "video", "location", "venue"}
_OPTION_MEDIA = {"animation", "link", "live_photo", "photo", "sticker", "video", "location", "venue"}


@method(
    "sendPoll",
    ignored=(
        *SENT_ONLY_NOTED,
        "country_codes",
        "members_only",
        "shuffle_options",
        "allow_adding_options",
        "allows_revoting",
        "hide_results_until_closes",
    ),
    gaps=_GAPS,
)
async def send_poll(call: Call) -> Json:
    """A poll; people vote through the control interface or the pages."""
    question, question_entities = _short(call.params, "question", 300, "poll question")
    options = [await _option(call, number, raw) for number, raw in enumerate(call.get("options"))]
    if not 1 <= len(options) <= 12:
        raise bad_request(
            "poll can't have more than 12 options" if options else "poll must have at least one answer option"
        )
    chat = call.chat(Access.WRITE)
    if chat.type == "channel" and call.get("is_anonymous") is False:
        raise bad_request("non-anonymous polls can't be sent to channel chats")
    poll: Json = {
        "id": call.world.number("poll", 19),
        "question": question,
        "options": options,
        "total_voter_count": 0,
        "is_closed": bool(call.get("is_closed", False)),
        "is_anonymous": call.get("is_anonymous", True),
        "type": call.get("type", "regular"),
        "allows_multiple_answers": bool(call.get("allows_multiple_answers", False)),
        "allows_revoting": bool(call.get("allows_revoting", call.get("type", "regular") == "regular")),
        "members_only": bool(call.get("members_only", False)),
    }
    if question_entities:
        poll["question_entities"] = question_entities
    poll.update(await _media(call, "media", call.get("media"), _ANY_MEDIA))
    await _add_quiz(call, poll)
    deadlines.set_end(call.world, poll, call.get("open_period", 0), call.get("close_date", 0))
    message = send(call, chat, {"poll": poll})
    deadlines.watch(call.world, chat, message)
    return answer(call, chat, message)


async def _add_quiz(call: Call, poll: Json) -> None:
    if poll["type"] not in {"regular", "quiz"}:
        raise bad_request("unsupported poll type specified")
    if poll["type"] == "regular":
        return
    correct = call.get("correct_option_ids") or []
    if not correct:
        raise bad_request("correct quiz option list must be non-empty")
    if any(not 0 <= int(number) < len(poll["options"]) for number in correct):
        raise bad_request("invalid correct option identifier specified")
    poll["correct_option_ids"] = [int(number) for number in correct]
    if call.get("explanation"):
        text, entities = _short(call.params, "explanation", 200, "quiz explanation")
        poll["explanation"] = text
        poll["explanation_entities"] = entities
    poll.update(await _media(call, "explanation_media", call.get("explanation_media"), _ANY_MEDIA))


async def _media(call: Call, name: str, given: Any, allowed: set[str]) -> Json:
    """``PollMedia`` under a name; {} when none is given."""
    if not given:
        return {}
    kind = str(given.get("type"))
    if kind not in allowed:
        raise bad_request(f'can\'t parse InputPollMedia: type "{kind}" is unsupported')
    if kind == "link":
        return {name: {"link": {"url": str(given.get("url"))}}}
    if kind == "location":
        return {name: {"location": located(given)}}
    if kind == "venue":
        return {name: {"venue": venue_of({**given, **located(given)})}}
    if not given.get("media"):
        raise bad_request("can't parse InputPollMedia: media not found")
    return {name: await piece_content(call, kind, given, given["media"])}


def _short(given: Json, name: str, limit: int, what: str) -> tuple[str, list[Json]]:
    """The text `name` of `given`, formatted by the neighbours `…_parse_mode` or `…_entities`."""
    text, entities = parse_text(
        str(given.get(name, "")), given.get(f"{name}_parse_mode"), given.get(f"{name}_entities")
    )
    if not text:
        raise bad_request(
            "text must be non-empty" if what == "poll question" else f"{what.rstrip('s')} must be non-empty"
        )
    if utf16_length(text) > limit:
        raise bad_request(f"{what} length must not exceed {limit}")
    return text, entities


async def _option(call: Call, number: int, raw: Any) -> Json:
    source = {"text": raw} if isinstance(raw, str) else raw
    text, entities = _short(source, "text", 100, "poll options")
    option: Json = {"persistent_id": str(number), "text": text, "voter_count": 0}
    option.update(await _media(call, "media", source.get("media"), _OPTION_MEDIA))
    return {**option, "text_entities": entities} if entities else option


@method("stopPoll")
def stop_poll(call: Call) -> Json:
    """Closes a poll of the bot."""
    chat = call.chat(Access.EDIT)
    message = find_message(chat, call.get("message_id"), "message with poll to stop")
    poll = message.content.get("poll")
    if poll is None or message.sender_id != call.bot.id:
        raise bad_request("message is not a poll" if poll is None else "poll can't be stopped")
    if poll["is_closed"]:
        raise bad_request("poll has already been closed")
    markup = inline_only(call.get("reply_markup"), chat)
    message.content.pop("reply_markup", None)
    if markup:
        message.content["reply_markup"] = markup
    message.effects["by"] = call.bot.id
    deadlines.close(call.world, chat, message)
    return dict(message.content["poll"])

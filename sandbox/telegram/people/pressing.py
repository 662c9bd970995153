"""A person presses a button under a message or on the bot's keyboard, or uses inline mode."""

from __future__ import annotations

import hashlib
from typing import Any

from sandbox.telegram.errors import ControlError
from sandbox.telegram.inline_results import content_of
from sandbox.telegram.model import Chat, Message, Person
from sandbox.telegram.people import attachments, paying, who
from sandbox.telegram.people.saying import check_may_write, send
from sandbox.telegram.people.waiting import DEFAULT_WAIT_SECONDS, ask, open_query
from sandbox.telegram.people.webapps import open_webapp
from sandbox.telegram.posting import lane_of, post
from sandbox.telegram.render import message_json, user_json
from sandbox.telegram.updates import enqueue
from sandbox.telegram.world import World

Json = dict[str, Any]


def find_button(message: Message, wanted: Json) -> Json:
    """The button with this ``callback_data`` or text."""
    rows: list[list[Json]] = message.content.get("reply_markup", {}).get("inline_keyboard", [])
    for button in (button for row in rows for button in row):
        if "callback_data" in wanted and button.get("callback_data") == wanted["callback_data"]:
            return button
        if "button" in wanted and button["text"] == wanted["button"]:
            return button
    if wanted.get("button") and message.effects.get("game_label") == wanted["button"]:
        return {"text": wanted["button"], "callback_game": {}}
    raise ControlError(404, "no such button")


async def press(world: World, someone: Person, wanted: Json) -> Json:
    """Presses a button; what comes of it depends on its kind."""
    chat = who.chat(world, someone, wanted)
    if not wanted.get("message_id"):
        return await _press_keyboard(world, chat, someone, wanted)
    message = who.message(chat, wanted["message_id"])
    button = find_button(message, wanted)
    if "callback_data" in button:
        return await _callback(world, chat, message, someone, {**wanted, "data": button["callback_data"]})
    if "callback_game" in button:
        return await _callback(world, chat, message, someone, {**wanted, "game": message.effects.get("game", "")})
    if "web_app" in button:
        return open_webapp(world, someone, {**wanted, "url": button["web_app"]["url"], "source": "inline_button"})
    if "pay" in button:
        return await paying.pay(world, someone, wanted)
    for kind in ("url", "copy_text", "switch_inline_query", "switch_inline_query_current_chat", "login_url"):
        if kind in button:
            return {"kind": kind, kind: button[kind]}
    raise ControlError(409, "nothing happens on this button")


async def _callback(world: World, chat: Chat, message: Message, someone: Person, wanted: Json) -> Json:
    about = {"game_short_name": wanted["game"]} if "game" in wanted else {"data": wanted["data"]}
    bot_id = message.via_bot_id or message.sender_id
    if bot_id not in world.state.bots:
        raise ControlError(409, "the button belongs to no bot")
    cache_key = f"{someone.id}:{chat.key}:{message.message_id}:{about}"
    cached = world.state.callback_cache.get(cache_key)
    if cached and cached["until"] >= world.now():
        return {"kind": "callback_data", "answered": True, "cached": True, **cached["answer"]}
    query = open_query(
        world,
        "callback",
        bot_id,
        someone.id,
        chat_key=chat.key,
        message_id=message.message_id,
        data={"cache_key": cache_key},
    )
    instance = int.from_bytes(hashlib.sha256(f"{world.state.seed}:{chat.key}".encode()).digest()[:7], "big")
    body: Json = {"id": query.id, "from": user_json(someone), "chat_instance": str(instance), **about}
    inline_id = _inline_id(world, chat, message) if message.via_bot_id else ""
    if inline_id:
        body["inline_message_id"] = inline_id
    else:
        body["message"] = message_json(world, chat, message)
    wait_seconds = float(wanted.get("wait_seconds", DEFAULT_WAIT_SECONDS))
    answer = await ask(world, query, "callback_query", body, wait_seconds, lane=lane_of(chat))
    return {"kind": "callback_data", "query_id": query.id, "answered": answer is not None, **(answer or {})}


def _inline_id(world: World, chat: Chat, message: Message) -> str:
    for inline_id, place in world.state.inline_messages.items():
        if place == [chat.key, message.message_id]:
            return inline_id
    return ""


async def _press_keyboard(world: World, chat: Chat, someone: Person, wanted: Json) -> Json:
    """A button of the keyboard below the input field."""
    rows = chat.reply_keyboard.get("keyboard", [])
    button = next((item for row in rows for item in row if item["text"] == wanted.get("button")), None)
    if button is None:
        raise ControlError(404, "no such button on the keyboard")
    if chat.reply_keyboard.get("one_time_keyboard"):
        chat.reply_keyboard = {**chat.reply_keyboard, "hidden": True}
    if "web_app" in button:
        facts = {**wanted, "url": button["web_app"]["url"], "source": "keyboard_button", "button_text": button["text"]}
        return open_webapp(world, someone, facts)
    said: Json = {"chat_id": wanted.get("chat_id"), "bot": wanted.get("bot")}
    if button.get("request_contact"):
        said["contact"] = attachments.contact_of(someone, True)
    elif button.get("request_location"):
        said["location"] = wanted.get("location") or {"latitude": 41.311081, "longitude": 69.240562}
    else:
        said["text"] = button["text"]
    posted = send(world, someone, said)
    return {"kind": "keyboard", "message_id": posted[0].message_id}


async def inline(world: World, someone: Person, wanted: Json) -> Json:
    """Types ``@bot query``; with ``choose`` (a result id) sends that result into the chat."""
    bot = who.bot(world, wanted.get("via"))
    if not bot.supports_inline_queries:
        raise ControlError(409, "the bot has inline mode off")
    chat = who.chat(world, someone, wanted)
    query = open_query(world, "inline", bot.id, someone.id, chat_key=chat.key)
    text = str(wanted.get("query", ""))
    chat_type = "sender" if chat.bot_id == bot.id else chat.type
    body = {"id": query.id, "from": user_json(someone), "query": text, "offset": "", "chat_type": chat_type}
    wait_seconds = float(wanted.get("wait_seconds", DEFAULT_WAIT_SECONDS))
    answer = await ask(world, query, "inline_query", body, wait_seconds)
    results = (answer or {}).get("results", [])
    shown: Json = {"answered": answer is not None, "results": results}
    if wanted.get("choose"):
        chosen = next((result for result in results if str(result["id"]) == str(wanted["choose"])), None)
        if chosen is None:
            raise ControlError(404, "no such result")
        shown["message_id"] = send_result(world, chat, someone, bot.id, chosen).message_id
        if "chosen_inline_result" in bot.allowed_updates:
            facts = {"result_id": str(chosen["id"]), "from": user_json(someone), "query": text}
            enqueue(world, bot, "chosen_inline_result", facts, f"inline:{someone.id}")
    return shown


def send_result(world: World, chat: Chat, someone: Person, bot_id: int, result: Json) -> Message:
    """Posts an inline result in a person's name, remembered by an inline message id when it has buttons."""
    check_may_write(chat, someone)
    content = content_of(world, result)
    if result.get("reply_markup"):
        content["reply_markup"] = result["reply_markup"]
    message = post(world, chat, Message(0, 0, someone.id, content, via_bot_id=bot_id))
    if result.get("reply_markup"):
        world.state.inline_messages[world.secret("inline", 27)] = [chat.key, message.message_id]
    return message

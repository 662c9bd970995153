"""Answers to what waits: pressed buttons, Mini App queries, inline queries, checkouts and shipping."""

from __future__ import annotations

from typing import Any

from sandbox.telegram.call import Call, method
from sandbox.telegram.entities.units import utf16_length
from sandbox.telegram.errors import bad_request
from sandbox.telegram.inline_results import content_of
from sandbox.telegram.keyboards import inline_only
from sandbox.telegram.model import Message, Query
from sandbox.telegram.posting import post

Json = dict[str, Any]
CALLBACK_SECONDS = 15 * 60
CHECKOUT_SECONDS = 10
WEB_APP_SECONDS = 24 * 3600
_TOO_OLD = "query is too old and response timeout expired or query ID is invalid"


def open_query(call: Call, query_id: str, kind: str, lifetime_seconds: int) -> Query:
    """The query that a call answers; an answered, foreign or old one is refused."""
    query = call.world.state.queries.get(query_id)
    if query is None or query.kind != kind or query.bot_id != call.bot.id or query.answer is not None:
        raise bad_request(_TOO_OLD)
    if call.world.now() - query.created_at > lifetime_seconds:
        raise bad_request(_TOO_OLD)
    return query


def settle(call: Call, query: Query, answer: Json) -> bool:
    """Stores the answer and wakes whoever waits for it."""
    query.answer = answer
    waiting = call.world.answer_events.get(query.id)
    if waiting is not None:
        waiting.set()
    call.world.tell("answer", query=query.id)
    return True


@method("answerCallbackQuery")
def answer_callback_query(call: Call) -> bool:
    """Ends the clock on a pressed button, with a toast, an alert or an address."""
    text = call.get("text", "")
    if utf16_length(text) > 200:
        raise bad_request("MESSAGE_TOO_LONG")
    query = open_query(call, call.get("callback_query_id"), "callback", CALLBACK_SECONDS)
    answer = {"text": text, "show_alert": bool(call.get("show_alert")), "url": call.get("url", "")}
    cache_seconds = int(call.get("cache_time", 0))
    if cache_seconds > 0 and query.data.get("cache_key"):
        until = call.world.now() + cache_seconds
        call.world.state.callback_cache[query.data["cache_key"]] = {"until": until, "answer": answer}
    return settle(call, query, answer)


@method("answerWebAppQuery")
def answer_web_app_query(call: Call) -> Json:
    """Sends a message on behalf of the person who has the Mini App open."""
    query = open_query(call, call.get("web_app_query_id"), "web_app", WEB_APP_SECONDS)
    result = call.get("result")
    chat = call.world.state.chats[query.chat_key]
    content = content_of(call.world, result)
    markup = inline_only(result.get("reply_markup"), chat)
    if markup:
        content["reply_markup"] = markup
    message = post(call.world, chat, Message(0, 0, query.user_id, content, via_bot_id=call.bot.id))
    settle(call, query, {"message_id": message.message_id})
    if not markup:
        return {}
    inline_id = call.world.secret("inline", 27)
    call.world.state.inline_messages[inline_id] = [chat.key, message.message_id]
    return {"inline_message_id": inline_id}


@method("answerInlineQuery", ignored=("cache_time", "is_personal", "next_offset", "button"))
def answer_inline_query(call: Call) -> bool:
    """Results for a person who types the bot's name in a chat."""
    results = call.get("results", [])
    if len(results) > 50:
        raise bad_request("RESULTS_TOO_MUCH")
    for result in results:
        content_of(call.world, result)
    query = open_query(call, call.get("inline_query_id"), "inline", CALLBACK_SECONDS)
    return settle(call, query, {"results": results})


@method("answerPreCheckoutQuery")
def answer_pre_checkout_query(call: Call) -> bool:
    """Lets a payment pass or stops it with a reason; ten seconds are given."""
    if not call.get("ok") and not call.get("error_message"):
        raise bad_request('parameter "error_message" is required')
    query = open_query(call, call.get("pre_checkout_query_id"), "pre_checkout", CHECKOUT_SECONDS)
    return settle(call, query, {"ok": bool(call.get("ok")), "error_message": call.get("error_message", "")})


@method("answerShippingQuery")
def answer_shipping_query(call: Call) -> bool:
    """Offers ways of delivery for an address, or refuses it."""
    if call.get("ok") and not call.get("shipping_options"):
        raise bad_request("there must be at least one shipping option")
    if not call.get("ok") and not call.get("error_message"):
        raise bad_request('parameter "error_message" is required')
    query = open_query(call, call.get("shipping_query_id"), "shipping", CHECKOUT_SECONDS)
    options = call.get("shipping_options", [])
    answer = {"ok": bool(call.get("ok")), "options": options, "error_message": call.get("error_message", "")}
    return settle(call, query, answer)


@method(
    "savePreparedInlineMessage",
    gaps="the kinds of chats are kept and not enforced when the person chooses where to send",
)
def save_prepared_inline_message(call: Call) -> Json:
    """A message that a Mini App may offer the person to share."""
    content_of(call.world, call.get("result"))
    prepared_id = call.world.secret("prepared", 22)
    expires_at = call.world.now() + 3600
    call.world.state.prepared[prepared_id] = {
        "bot_id": call.bot.id,
        "user_id": call.get("user_id"),
        "result": call.get("result"),
        "expires_at": expires_at,
    }
    return {"id": prepared_id, "expiration_date": expires_at}

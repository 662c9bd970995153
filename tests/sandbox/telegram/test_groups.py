"""Groups: ends of bans, what a plain member may send, titles."""

from __future__ import annotations

import time

from sandbox.visitors import until
from tests.sandbox.telegram.client import ABC, GULNORA, IVAN, OLGA, Telegram


def test_bans_and_restrictions_end_when_their_time_is_over(started: Telegram) -> None:
    """After until_date a banned person may come back and a restricted one is a plain member; too near an end is none."""
    chat = started.control(
        "chats", type="supergroup", title="G", creator=ABC, admins=[700000001], members=[IVAN, GULNORA]
    )
    about = {"chat_id": chat["id"]}
    now = int(time.time())
    started.call("banChatMember", **about, user_id=IVAN, until_date=now + 100)
    started.call("restrictChatMember", **about, user_id=GULNORA, permissions={}, until_date=now + 100)
    started.call("banChatMember", **about, user_id=OLGA, until_date=now + 5)
    assert started.call("getChatMember", **about, user_id=OLGA)["until_date"] == 0
    started.control("clock", advance_seconds=200)
    until("the end of the ban", lambda: started.call("getChatMember", **about, user_id=IVAN)["status"] == "left")
    assert started.call("getChatMember", **about, user_id=GULNORA)["status"] == "member"
    assert started.call("getChatMember", **about, user_id=OLGA)["status"] == "kicked"


def test_a_muted_bot_is_told_what_it_may_not_send(started: Telegram) -> None:
    """In a group whose members may write and nothing else, texts pass and other kinds are refused by their names."""
    made = started.control("chats", type="supergroup", title="G", creator=ABC, admins=[700000001])
    group = {"chat_id": made["id"]}
    started.call("setChatPermissions", **group, permissions={"can_send_messages": True})
    started.control(f"chats/{made['id']}/members", account_id=700000001, status="member")
    started.call("sendMessage", **group, text="x")
    assert started.refused("sendDice", **group) == "Bad Request: not enough rights to send dice to the chat"
    poll = {"question": "q", "options": ["a", "b"]}
    assert started.refused("sendPoll", **group, **poll) == "Bad Request: not enough rights to send polls to the chat"
    assert started.refused("setChatTitle", **group, title="T") == "Bad Request: not enough rights to change chat title"


def test_titles_must_say_something(started: Telegram) -> None:
    """An empty title or topic name is refused in the service's words; the title that a chat has already is no mistake."""
    made = started.control("chats", type="supergroup", title="G", is_forum=True, creator=ABC, admins=[700000001])
    group = {"chat_id": made["id"]}
    for given in ({}, {"title": " "}):
        assert started.refused("setChatTitle", **group, **given) == "Bad Request: title must be non-empty"
    assert started.refused("createForumTopic", **group) == "Bad Request: name must be non-empty"
    assert started.call("setChatTitle", **group, title="G") is True
    assert started.refused("setChatTitle", chat_id=IVAN, title="T") == "Bad Request: can't change private chat title"

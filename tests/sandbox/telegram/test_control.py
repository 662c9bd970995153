"""The control interface: limits, faults, recording, snapshots, state on disk, seeds."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest
import requests

from tests.sandbox.telegram.client import CHANNEL, IVAN, Refused, Telegram, running


def test_limits_answer_retry_after(started: Telegram) -> None:
    """Over the rate of one chat the service asks to wait, and afterwards it works again."""
    started.control("limits", mode="real", chat_burst=2, chat_per_second=2)
    started.call("sendMessage", chat_id=IVAN, text="1")
    started.call("sendMessage", chat_id=IVAN, text="2")
    with pytest.raises(Refused) as refusal:
        started.call("sendMessage", chat_id=IVAN, text="3")
    assert refusal.value.body["error_code"] == 429
    wait = refusal.value.body["parameters"]["retry_after"]
    assert refusal.value.text == f"Too Many Requests: retry after {wait}"
    started.call("getMe")
    time.sleep(wait)
    started.call("sendMessage", chat_id=IVAN, text="3")


def test_groups_have_a_limit_per_minute(started: Telegram) -> None:
    """Twenty messages pass in a minute, the next one waits."""
    started.control("limits", mode="real", chat_burst=100, chat_per_second=100)
    for number in range(20):
        started.call("sendMessage", chat_id=CHANNEL, text=str(number))
    assert started.refused("sendMessage", chat_id=CHANNEL, text="x").startswith("Too Many Requests: retry after")


def test_faults(started: Telegram) -> None:
    """A lost answer, a server error and a flood wait strike as told, for as long as told."""
    rules = [
        {"match": {"method": "sendMessage"}, "action": "drop_after", "times": 1},
        {"match": {"method": "sendMessage"}, "action": "status", "status": 502, "times": 1},
        {"match": {"method": "send*"}, "action": "retry_after", "seconds": 7, "times": 1},
    ]
    started.control("faults", rules=rules)
    with pytest.raises(requests.ConnectionError):
        started.call("sendMessage", chat_id=IVAN, text="lost answer")
    assert started.seen(IVAN)[-1]["text"] == "lost answer"
    answer = started.session.post(
        f"{started.address}/bot{started.token}/sendMessage", json={"chat_id": IVAN, "text": "x"}, timeout=5
    )
    assert answer.status_code == 502
    assert started.refused("sendMessage", chat_id=IVAN, text="x") == "Too Many Requests: retry after 7"
    started.call("sendMessage", chat_id=IVAN, text="works")


def test_snapshot_and_restore(started: Telegram) -> None:
    """A restored world forgets what came after."""
    started.control("snapshot", name="before")
    started.call("sendMessage", chat_id=IVAN, text="later")
    started.control("restore", name="before")
    assert "later" not in [message.get("text") for message in started.seen(IVAN)]
    with pytest.raises(Refused):
        started.control("restore", name="unknown")


def test_calls_are_recorded_decoded(tmp_path: Path) -> None:
    """Each call leaves one line with documented name, decoded parameters, status and error."""
    file = tmp_path / "calls.jsonl"
    with running("--record", str(file)) as telegram:
        telegram.start(IVAN)
        markup = json.dumps({"inline_keyboard": [[{"text": "a", "callback_data": "b"}]]})
        telegram.call("sendmessage", chat_id=IVAN, text="x", reply_markup=markup)
        telegram.refused("sendMessage", chat_id=1, text="x")
    lines = [json.loads(line) for line in file.read_text().splitlines()]
    good, bad = lines[-2:]
    assert (good["world"], good["method"], good["via"], good["status"], good["error"]) == (
        "telegram",
        "sendMessage",
        "single",
        200,
        None,
    )
    assert good["params"]["reply_markup"]["inline_keyboard"][0][0]["callback_data"] == "b"
    assert (bad["status"], bad["error"]) == (400, "Bad Request: chat not found")


def test_state_survives_on_disk(tmp_path: Path) -> None:
    """With --data a second run knows chats, files and waiting updates of the first."""
    with running("--data", str(tmp_path)) as telegram:
        telegram.start(IVAN)
        sent = telegram.call("sendDocument", {"document": ("a.txt", b"kept")}, chat_id=IVAN)
        telegram.person(IVAN, "send", text="waiting")
    with running("--data", str(tmp_path)) as telegram:
        assert telegram.updates()[-1]["message"]["text"] == "waiting"
        path = telegram.call("getFile", file_id=sent["document"]["file_id"])["file_path"]
        answer = telegram.session.get(f"{telegram.address}/file/bot{telegram.token}/{path}", timeout=5)
        assert answer.content == b"kept"
        assert telegram.call("sendMessage", chat_id=IVAN, text="x")["message_id"] > sent["message_id"]


def test_equal_seeds_make_equal_worlds() -> None:
    """Tokens and update numbers depend on the seed alone."""

    def trace(seed: str) -> tuple[str, int]:
        with running("--seed", seed) as telegram:
            token = telegram.control("bots", username="fresh_bot")["token"]
            return token, telegram.call("getUpdates")[0]["update_id"]

    assert trace("5") == trace("5")
    assert trace("5") != trace("6")


def test_wrong_acts_are_refused_not_500(started: Telegram) -> None:
    """Nonsense in the control interface is a 4xx with a reason."""
    for act, body in (
        ("send", {}),
        ("send", {"chat_id": "@nobody", "text": "x"}),
        ("edit", {"message_id": "abc", "text": "x"}),
        ("press", {"message_id": 9999, "button": "x"}),
        ("fly", {}),
        ("send", {"photo": {"base64": "***"}}),
    ):
        answer = started.session.post(f"{started.address}/sandbox/users/{IVAN}/{act}", json=body, timeout=5)
        assert 400 <= answer.status_code < 500, (act, answer.text)
        assert answer.json()["error"]

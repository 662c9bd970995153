"""Receiving: polling, webhooks, order, retries, conflicts."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from tests.sandbox.telegram.client import ABC, IVAN, Telegram


class Receiver:
    """A webhook: remembers what came and answers as told."""

    def __init__(self) -> None:
        self.received: list[tuple[dict[str, Any], dict[str, str]]] = []
        self.answers: list[tuple[int, dict[str, Any] | None]] = []
        self.raw: tuple[str, bytes] | None = None
        self.more_headers: dict[str, str] = {}
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                receiver.received.append((body, dict(self.headers)))
                status, answer = receiver.answers.pop(0) if receiver.answers else (200, None)
                payload = json.dumps(answer).encode() if answer else b""
                kind, payload = receiver.raw or ("application/json", payload)
                self.send_response(status)
                for name, value in {"Content-Type": kind, **receiver.more_headers}.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(payload)))
                self.end_headers()
                self.wfile.write(payload)

            def log_message(self, *_arguments: object) -> None:
                """Keeps the test output quiet."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_port}/hook"
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.05,))
        self.thread.start()

    def close(self) -> None:
        """Stops listening."""
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


@pytest.fixture
def hook() -> Iterator[Receiver]:
    """A webhook on a free port."""
    receiver = Receiver()
    yield receiver
    receiver.close()


def wait_for(condition: Callable[[], bool], seconds: float = 8) -> None:
    """Waits until something holds."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)


def test_polling_confirms_by_offset(started: Telegram) -> None:
    """Updates stay until a higher offset is asked for, numbers grow, a negative offset keeps the last."""
    for number in range(3):
        started.person(IVAN, "send", text=f"m{number}")
    first = started.call("getUpdates")
    assert [update["message"]["text"] for update in first] == ["m0", "m1", "m2"]
    assert first == started.call("getUpdates")
    ids = [update["update_id"] for update in first]
    assert ids == list(range(ids[0], ids[0] + 3))
    assert len(started.call("getUpdates", offset=ids[1], limit=1)) == 1
    assert [update["update_id"] for update in started.call("getUpdates", offset=-1)] == [ids[2]]
    assert started.call("getUpdates", offset=ids[2] + 1) == []


def test_long_polling_waits_for_news(started: Telegram) -> None:
    """A waiting call answers as soon as something comes."""
    timer = threading.Timer(0.3, lambda: started.person(IVAN, "send", text="late"))
    timer.start()
    begin = time.monotonic()
    found = started.call("getUpdates", timeout=10)
    timer.join()
    assert found[0]["message"]["text"] == "late"
    assert 0.2 < time.monotonic() - begin < 5


def test_webhook_carries_secret_and_order(started: Telegram, hook: Receiver) -> None:
    """Updates arrive with the secret header, those of one chat in order; polling is refused meanwhile."""
    started.call("setWebhook", url=hook.url, secret_token="s3cret")
    for number in range(5):
        started.person(IVAN, "send", text=f"m{number}")
    wait_for(lambda: len(hook.received) == 5)
    assert [body["message"]["text"] for body, _ in hook.received] == [f"m{number}" for number in range(5)]
    assert {headers["X-Telegram-Bot-Api-Secret-Token"] for _, headers in hook.received} == {"s3cret"}
    assert started.refused("getUpdates").startswith("Conflict: can't use getUpdates method while webhook is active")
    wait_for(lambda: started.call("getWebhookInfo")["pending_update_count"] == 0)
    started.call("deleteWebhook")
    assert started.call("getUpdates") == []


def test_webhook_tries_again(started: Telegram, hook: Receiver) -> None:
    """A failed delivery is repeated with the same number and shown in getWebhookInfo; other chats do not wait."""
    started.start(ABC)
    hook.answers = [(500, None), (502, None)]
    started.call("setWebhook", url=hook.url)
    started.person(IVAN, "send", text="hard")
    wait_for(lambda: len(hook.received) >= 2)
    info = started.call("getWebhookInfo")
    assert info["last_error_message"].startswith("Wrong response from the webhook: 50")
    started.person(ABC, "send", text="easy")
    wait_for(lambda: any(body["message"]["text"] == "easy" for body, _ in hook.received))
    wait_for(lambda: started.call("getWebhookInfo")["pending_update_count"] == 0)
    hard = [body["update_id"] for body, _ in hook.received if body["message"]["text"] == "hard"]
    assert len(hard) == 3
    assert len(set(hard)) == 1


FORM = b"method=sendMessage&chat_id=5100000101&text=from+the+form"
PARTS = b"".join(
    b'--line\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n' % part
    for part in ((b"method", b"sendMessage"), (b"chat_id", b"5100000101"), (b"text", b"from the form"))
)


@pytest.mark.parametrize(
    "raw",
    [
        ("application/x-www-form-urlencoded", FORM),
        ("multipart/form-data; boundary=line", PARTS + b"--line--\r\n"),
    ],
)
def test_webhook_answers_as_forms(started: Telegram, hook: Receiver, raw: tuple[str, bytes]) -> None:
    """A webhook may answer with a method in every encoding in which methods are called."""
    hook.raw = raw
    started.call("setWebhook", url=hook.url)
    started.person(IVAN, "send", text="hello")
    wait_for(lambda: started.seen(IVAN)[-1].get("text") == "from the form")
    assert [one.get("text") for one in started.seen(IVAN)].count("from the form") == 1


def test_webhook_names_its_pause(started: Telegram, hook: Receiver) -> None:
    """An update is sent again when the Retry-After of the webhook has passed, not sooner."""
    hook.answers, hook.more_headers = [(429, None)], {"Retry-After": "600"}
    started.call("setWebhook", url=hook.url)
    started.person(IVAN, "send", text="hello")
    wait_for(lambda: started.call("getWebhookInfo").get("last_error_message", "").endswith("429 Too Many Requests"))
    started.control("clock", advance_seconds=590)
    assert len(hook.received) == 1
    started.control("clock", advance_seconds=20)
    wait_for(lambda: len(hook.received) == 2)


def test_webhook_answer_is_executed(started: Telegram, hook: Receiver) -> None:
    """A method in the webhook's answer is called."""
    hook.answers = [(200, {"method": "sendMessage", "chat_id": IVAN, "text": "from the answer"})]
    started.call("setWebhook", url=hook.url)
    started.person(IVAN, "send", text="hi")
    wait_for(lambda: started.call("getWebhookInfo")["pending_update_count"] == 0)
    assert started.seen(IVAN)[-1]["text"] == "from the answer"


def test_allowed_updates(started: Telegram) -> None:
    """Reactions come only when asked for, and named kinds shut the others out."""
    sent = started.call("sendMessage", chat_id=IVAN, text="x")["message_id"]
    started.person(IVAN, "react", message_id=sent, emoji="👍")
    assert started.updates() == []
    started.call("getUpdates", allowed_updates=["message_reaction"])
    started.person(IVAN, "send", text="unwanted")
    started.person(IVAN, "react", message_id=sent, emoji="🔥")
    (update,) = started.updates()
    assert update["message_reaction"]["old_reaction"] == [{"type": "emoji", "emoji": "👍"}]
    assert update["message_reaction"]["new_reaction"] == [{"type": "emoji", "emoji": "🔥"}]


@pytest.mark.parametrize(
    ("params", "refusal"),
    [
        ({"url": "ftp://x.test"}, "Bad Request: invalid webhook URL specified"),
        ({"url": "https://[]"}, "Bad Request: invalid webhook URL specified"),
        ({"url": "https://x.test", "secret_token": "a b"}, "Bad Request: secret token contains unallowed characters"),
        ({"url": "https://x.test", "secret_token": "a" * 257}, "Bad Request: secret token is too long"),
    ],
)
def test_bad_webhooks_are_refused(started: Telegram, params: dict, refusal: str) -> None:
    """Unusable addresses and secrets fail with the real service's words."""
    assert started.refused("setWebhook", **params) == refusal


def test_updates_die_after_a_day(started: Telegram) -> None:
    """What nobody took for 24 hours is gone."""
    started.person(IVAN, "send", text="old")
    started.control("clock", advance_seconds=86_401)
    assert started.call("getUpdates") == []


def test_privacy_in_groups(started: Telegram) -> None:
    """A plain bot in a group sees commands, mentions and answers to it, nothing else."""
    group = started.control("chats", type="supergroup", title="G", creator=IVAN, members=[700000001])["id"]
    own = started.call("sendMessage", chat_id=group, text="hello")["message_id"]
    started.updates()
    started.person(IVAN, "send", chat_id=group, text="chatter")
    started.person(IVAN, "send", chat_id=group, text="/help")
    started.person(IVAN, "send", chat_id=group, text="/help@other_bot")
    started.person(IVAN, "send", chat_id=group, text="answer", reply_to=own)
    assert [update["message"]["text"] for update in started.updates()] == ["/help", "answer"]


def test_two_pollers_are_a_conflict(started: Telegram) -> None:
    """A second waiting getUpdates ends the first with 409."""
    refusals: list[str] = []
    first = threading.Thread(target=lambda: refusals.append(started.refused("getUpdates", timeout=10)))
    first.start()
    time.sleep(0.4)
    assert started.call("getUpdates") == []
    first.join()
    assert refusals[0].startswith("Conflict: terminated by other getUpdates request")


def test_a_fresh_world_lets_waiting_pollers_go(started: Telegram) -> None:
    """A reset answers whoever waits, instead of leaving them with the old world."""
    answers: list[list] = []
    waiting = threading.Thread(target=lambda: answers.append(started.call("getUpdates", timeout=30)))
    waiting.start()
    time.sleep(0.4)
    started.control("reset")
    waiting.join(5)
    assert answers == [[]]


def test_a_restored_world_goes_on_delivering(started: Telegram, hook: Receiver) -> None:
    """Webhook and undelivered updates of a snapshot work after restoring it."""
    started.call("setWebhook", url=hook.url)
    started.control("snapshot", name="hooked")
    started.control("reset")
    started.control("restore", name="hooked")
    started.person(IVAN, "send", text="again")
    wait_for(lambda: started.call("getWebhookInfo")["pending_update_count"] == 0)
    assert [body["message"]["text"] for body, _ in hook.received] == ["again"]


def test_moving_the_clock_ends_the_pauses_of_retries(started: Telegram, hook: Receiver) -> None:
    """After three failures the next try is many seconds away, unless the clock is moved."""
    hook.answers = [(500, None)] * 4
    started.call("setWebhook", url=hook.url)
    started.person(IVAN, "send", text="hard")
    wait_for(lambda: len(hook.received) == 3)
    for tries in (4, 5):
        time.sleep(0.3)
        started.control("clock", advance_seconds=120)
        wait_for(partial(lambda tries: len(hook.received) >= tries, tries), 2)
    assert len(hook.received) == 5


def test_webhook_faults(started: Telegram, hook: Receiver) -> None:
    """Deliveries can be lost for good, doubled, or refused once and then repeated."""
    started.call("setWebhook", url=hook.url)
    match = {"method": "message", "direction": "out"}
    rules = [{"match": match, "action": action, "times": 1} for action in ("lose", "duplicate", "drop_before")]
    started.control("faults", rules=rules)
    for text in ("lost", "twice", "late"):
        started.person(IVAN, "send", text=text)
    wait_for(lambda: started.call("getWebhookInfo")["pending_update_count"] == 0)
    assert [body["message"]["text"] for body, _ in hook.received] == ["twice", "twice", "late"]
    assert started.call("getWebhookInfo")["last_error_message"] == "Connection refused"


def test_an_update_is_overtaken_on_its_way(started: Telegram, hook: Receiver) -> None:
    """The documentation allows updates to get out of order: later ones of the chat arrive before the one that was held up."""
    started.call("setWebhook", url=hook.url)
    rule = {"match": {"method": "message", "direction": "out"}, "action": "overtaken", "seconds": 0.3, "times": 1}
    started.control("faults", rules=[rule])
    for text in ("first", "second", "third"):
        started.person(IVAN, "send", text=text)
    wait_for(lambda: len(hook.received) == 3)
    assert [body["message"]["text"] for body, _ in hook.received] == ["second", "third", "first"]
    wait_for(lambda: started.call("getWebhookInfo")["pending_update_count"] == 0)


def test_a_webhook_says_where_it_is_and_a_refused_one_changes_nothing(started: Telegram) -> None:
    """The IP address is told where it is known; another address or certificate sets anew, a refused call drops nothing."""
    started.person(IVAN, "send", bot=started.token, text="waiting")
    wrong = {"url": "https://a.example/x", "ip_address": "999.1.1.1", "drop_pending_updates": True}
    assert "bad webhook: Invalid IP address specified" in started.refused("setWebhook", **wrong)
    assert started.call("getWebhookInfo")["pending_update_count"] == 1
    url = "https://127.0.0.1:9/x"
    started.call("setWebhook", url=url)
    assert started.call("getWebhookInfo")["ip_address"] == "127.0.0.1"
    started.call("setWebhook", url=url, ip_address="127.0.0.2")
    assert started.call("getWebhookInfo")["ip_address"] == "127.0.0.2"
    started.call("setWebhook", {"certificate": ("c.pem", b"pem")}, url=url)
    assert started.call("getWebhookInfo")["has_custom_certificate"] is True
    started.call("deleteWebhook", drop_pending_updates=True)

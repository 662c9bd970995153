"""A plain HTTP client of the Telegram stand-in: the bot's side and the people's side. Knows no Bot API library."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import requests

TOKEN = "700000001:AAEsandboxsandboxsandboxsandbox12345"
IVAN = 5_100_000_101
ABC = 5_100_000_102
GULNORA = 5_100_000_103
OLGA = 5_100_000_104
CHANNEL = -1_002_100_000_001
Json = dict[str, Any]


class Refused(Exception):
    """A call that was not ok; ``text`` is the description, ``body`` the whole answer."""

    def __init__(self, body: Json) -> None:
        super().__init__(body.get("description") or body.get("error"))
        self.body = body
        self.text = str(body.get("description") or body.get("error"))


class Telegram:
    """One running stand-in as a test sees it."""

    def __init__(self, address: str, session: requests.Session, token: str = TOKEN) -> None:
        self.address = address
        self.session = session
        self.token = token

    def call(self, method: str, files: Any = None, **params: Any) -> Any:
        """A Bot API call; the result, or Refused."""
        url = f"{self.address}/bot{self.token}/{method}"
        answer = (
            self.session.post(url, data=params, files=files, timeout=30)
            if files
            else self.session.post(url, json=params, timeout=30)
        )
        body = answer.json()
        assert body["ok"] is (answer.status_code == 200)
        if not body["ok"]:
            assert body["error_code"] == answer.status_code
            raise Refused(body)
        return body["result"]

    def refused(self, method: str, files: Any = None, **params: Any) -> str:
        """The description of a call that must fail."""
        try:
            result = self.call(method, files, **params)
        except Refused as refusal:
            return refusal.text
        raise AssertionError(f"{method} was not refused: {result}")

    def control(self, path: str, **body: Any) -> Json:
        """A request to the control interface; Refused when it says no."""
        answer = self.session.post(f"{self.address}/sandbox/{path}", json=body, timeout=30)
        if not answer.ok:
            raise Refused(answer.json())
        return dict(answer.json())

    def look(self, path: str) -> Json:
        """What the control interface shows."""
        return dict(self.session.get(f"{self.address}/sandbox/{path}", timeout=30).json())

    def person(self, person_id: int, act: str, **body: Any) -> Json:
        """A person does something."""
        return self.control(f"users/{person_id}/{act}", **body)

    def start(self, *people: int) -> None:
        """People press Start; the updates of it are taken away."""
        for person_id in people:
            self.person(person_id, "start", bot=self.token)
        self.updates()

    def seen(self, person_id: int, chat_id: object = None) -> list[Json]:
        """Messages as a person sees them."""
        chat = chat_id or self.token.partition(":")[0]
        return list(self.look(f"users/{person_id}/chats/{chat}/messages")["messages"])

    def updates(self, **params: Any) -> list[Json]:
        """Waiting updates, which are confirmed at once."""
        found = self.call("getUpdates", **params)
        if found:
            self.call("getUpdates", offset=found[-1]["update_id"] + 1)
        return list(found)

    def last_update(self) -> Json:
        """The newest update without its number."""
        update = self.updates()[-1]
        update.pop("update_id")
        return dict(update)


@contextmanager
def running(*arguments: str, token: str = TOKEN) -> Iterator[Telegram]:
    """A stand-in in a process of its own on a free port, stopped at the end as an operator would."""
    command = [sys.executable, "-m", "sandbox", "telegram", "--port", "0", "--token", token, *arguments]
    root = Path(__file__).resolve().parents[3]
    with subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        address = process.stdout.readline().split()[-1]
        with requests.Session() as session:
            yield Telegram(address, session, token)
        process.terminate()
        assert process.wait(15) == 0

"""A stand-in Telegram in its own process and our webhook, inbox and gateway beside it, for tests that need both."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import requests
from flask import Flask
from sqlalchemy import select

from b24app.config import Settings
from b24app.domain.delivery import Network
from b24app.jobs import process_inbox
from b24app.jobs.sending import Pace, Sending
from sandbox.processes import free_port
from storage.models import InboxRow
from storage.unit_of_work import Transactions
from telegram_bridge import files_door, setup, updates, webhook
from telegram_bridge.current_bot import CurrentBot
from telegram_bridge.file_job import FileJob
from telegram_bridge.gateway import TelegramGateway
from telegram_bridge.sent_file_job import SentFileJob
from tests.contract.bitrix24.world import PROJECT
from tests.serving import serving

TOKEN = "123456789:AAAAtokenAAAAtokenAAAAtokenAAAA"
BOT = "market_bot"
PATIENCE_SECONDS = 15.0
Json = dict[str, Any]


class TelegramWorld:
    """The stand-in, through the eyes and hands of its people."""

    def __init__(self, url: str, record: Path) -> None:
        self.url = url
        self._record = record

    def control(self, path: str, body: Json) -> Json:
        """Post to the control interface."""
        answer = requests.post(f"{self.url}/sandbox/{path}", json=body, timeout=20)
        assert answer.ok, answer.text
        return dict(answer.json())

    def act(self, person: int, act: str, **body: Any) -> Json:
        """Let a person do something in their chat with the bot."""
        return self.control(f"users/{person}/{act}", {"bot": BOT, "chat_id": BOT, **body})

    def chat(self, person: int) -> list[Json]:
        """Give the messages of a person's chat with the bot, as that person sees them."""
        answer = requests.get(
            f"{self.url}/sandbox/users/{person}/chats/{BOT}/messages", params={"deleted": "0"}, timeout=20
        )
        assert answer.ok, answer.text
        return list(answer.json()["messages"])

    def seen(self, person: int, wanted: Callable[[Json], bool]) -> Json:
        """Wait until a person sees such a message; AssertionError with the chat when none comes."""
        until = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < until:
            for message in reversed(self.chat(person)):
                if wanted(message):
                    return message
            time.sleep(0.05)
        raise AssertionError(json.dumps(self.chat(person)[-5:], ensure_ascii=False, indent=1))

    def calls(self) -> list[Json]:
        """Give every recorded call of our bot."""
        return [json.loads(line) for line in self._record.read_text().splitlines()]


@contextmanager
def running_telegram(folder: Path, *, topics: bool = False) -> Iterator[TelegramWorld]:
    """Run the stand-in Telegram, with our bot in it, on a free port; with `topics` its private chats have them."""
    port, record = free_port(), folder / "telegram.jsonl"
    command = [sys.executable, "-m", "sandbox", "telegram", "--port", str(port), "--record", str(record)]
    with (folder / "telegram.log").open("w") as sink:
        process = subprocess.Popen(command, cwd=PROJECT, stdout=sink, stderr=sink)
        try:
            world = TelegramWorld(f"http://127.0.0.1:{port}", record)
            _wait(world.url, process)
            world.control("bots", {"token": TOKEN, "username": BOT, "topics": topics})
            yield world
        finally:
            process.terminate()
            process.wait(10)


def _wait(url: str, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until:
        try:
            if requests.get(f"{url}/sandbox/health", timeout=1).ok:
                return
        except requests.ConnectionError:
            assert process.poll() is None, "the stand-in Telegram did not start"
            time.sleep(0.05)
    raise AssertionError("the stand-in Telegram did not answer")


def bridged(settings: Settings, telegram: TelegramWorld) -> Settings:
    """Give the settings of a bridge that speaks with the stand-in and is reached on a free port."""
    return replace(
        settings,
        telegram_api_url=telegram.url,
        telegram_bot_token=TOKEN,
        public_url=f"http://127.0.0.1:{free_port()}",
        telegram_rate_per_second=30.0,
    )


@contextmanager
def running_bridge(settings: Settings, transactions: Transactions) -> Iterator[None]:
    """Run our side: the doors on their port, and what the worker does in a thread."""
    bot = CurrentBot(settings, transactions)
    app = Flask("bridge")
    app.register_blueprint(webhook.create_blueprint(settings=settings, transactions=transactions))
    app.register_blueprint(files_door.create_blueprint(settings=settings, transactions=transactions, bot=bot))
    gateway = TelegramGateway(settings=settings, transactions=transactions, bot=bot)
    stop = threading.Event()
    threads = [
        threading.Thread(target=_work, args=(transactions, gateway, stop)),
        threading.Thread(target=_run, args=(FileJob(settings, transactions, bot), stop)),
        threading.Thread(target=_run, args=(SentFileJob(settings, transactions, bot), stop)),
    ]
    for thread in threads:
        thread.start()
    try:
        with serving(app, int(settings.public_url.rpartition(":")[2])):
            setup.set_up(bot.client(), settings)
            yield
    finally:
        stop.set()
        for thread in threads:
            thread.join()
        gateway.close()


def _work(transactions: Transactions, gateway: TelegramGateway, stop: threading.Event) -> None:
    sending = Sending(
        Network.TELEGRAM,
        gateway,
        transactions,
        Pace(batch=16, per_lane=1, settle_seconds=3.0, longest_call_seconds=3.0),
    )
    while not stop.is_set():
        with transactions() as uow:
            lanes = list(uow.session.scalars(select(InboxRow.lane).where(InboxRow.state == "todo").distinct()))
        for lane in lanes:
            process_inbox.drain(lane, transactions, {"telegram": updates.handle})
        taken = sending.take().envelopes
        sending.carry(taken)
        if not sending.prove_some() and not taken and not lanes:
            stop.wait(0.02)


def _run(job: FileJob | SentFileJob, stop: threading.Event) -> None:
    while not stop.wait(0.1):
        job.run()

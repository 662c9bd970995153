"""Accepting a Telegram update against a bare route that does one INSERT and COMMIT, under the same gunicorn and database."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator
from statistics import median

from b24app.config import read_settings
from benchmarks.load import Request, per_second
from benchmarks.results import Figure
from sandbox.stack import Stack
from telegram_bridge.addresses import webhook_path, webhook_secret

ROUNDS = 7
IN_A_ROUND = 1500
CHATS = 200
_numbers = itertools.count(10_000_000)


def updates(stack: Stack, count: int) -> Iterator[Request]:
    """Give webhook calls as Telegram makes them, spread over many chats."""
    address, secret = webhook(stack)
    for _ in range(count):
        number = next(_numbers)
        chat = 900_000_000 + number % CHATS
        update = {
            "update_id": number,
            "message": {
                "message_id": number,
                "date": 1_760_000_000,
                "chat": {"id": chat, "type": "private", "first_name": "Load"},
                "from": {"id": chat, "is_bot": False, "first_name": "Load", "language_code": "ru"},
                "text": "Здравствуйте, сколько стоит партия в 20 000 футболок?",
            },
        }
        headers = {"Content-Type": "application/json", "X-Telegram-Bot-Api-Secret-Token": secret}
        yield Request(address, json.dumps(update).encode(), headers)


def webhook(stack: Stack) -> tuple[str, str]:
    """Give the webhook's address and secret, as they were told to Telegram."""
    settings = read_settings(stack.environment)
    return stack.app_url + webhook_path(settings), webhook_secret(settings)


def measure(stack: Stack) -> list[Figure]:
    """Interleave rounds of the three routes; the median of the ratios of each round."""
    rates: dict[str, list[float]] = {"accept": [], "insert": [], "nothing": []}
    for _ in range(ROUNDS):
        requests = list(updates(stack, IN_A_ROUND))
        rates["accept"].append(per_second(requests))
        for peer in ("insert", "nothing"):
            url = f"{stack.app_url}/bare/{peer}"
            rates[peer].append(per_second([request._replace(url=url) for request in requests]))
    ratio = median(a / b for a, b in zip(rates["accept"], rates["insert"], strict=True))
    bare = median(a / b for a, b in zip(rates["accept"], rates["nothing"], strict=True))
    how = f"median of {ROUNDS} interleaved rounds of {IN_A_ROUND} requests, 16 connections"
    return [
        Figure("accept.per_second", median(rates["accept"]), "1/s", how),
        Figure("accept.to_bare_insert", ratio, "ratio", how, at_least=0.8),
        Figure("accept.to_bare_answer", bare, "ratio", how),
    ]

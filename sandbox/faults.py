"""Fault switches: rules that make a world slow, silent, broken or forgetful.

Set through the control interface, consulted by both servers around a call and by event delivery.
It must not know any method; actions that only one world understands are handed back to it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass
from fnmatch import fnmatchcase
from typing import Any
from urllib.parse import unquote_plus

from aiohttp import web

from sandbox.chance import fraction

TRANSPORT_ACTIONS = frozenset({"slow", "drop_before", "drop_after", "status", "garbage", "truncate", "silence"})
WORLD_ACTIONS = frozenset(
    {
        *("expire_token", "queue_limit", "operating_limit", "error", "retry_after", "blocked"),
        *("lose", "duplicate", "overtaken"),
    }
)
_GARBAGE = "<html><head><title>Bad gateway</title></head><body>upstream</body>"


class RuleError(ValueError):
    """A rule that cannot be understood."""


@dataclass(slots=True)
class Rule:
    """One switch. `times` counts down to 0 (None: for ever); `probability` is drawn from the rule's own seed.

    With `words` it acts only on calls whose body holds them, as a filter in front of a server reads bodies.
    """

    action: str
    method: str = "*"
    direction: str = "in"
    words: str = ""
    seconds: float = 1.0
    status: int = 500
    error: str = "INTERNAL_SERVER_ERROR"
    description: str = ""
    times: int | None = None
    probability: float = 1.0
    seed: int = 0
    seen: int = 0
    hits: int = 0

    def strikes(self, method: str, direction: str, body: str) -> bool:
        """Whether this rule acts on this call now; counts it when so."""
        if self.direction != direction or self.times == 0 or not fnmatchcase(method.lower(), self.method.lower()):
            return False
        if self.words not in body:
            return False
        self.seen += 1
        if self.probability < 1 and fraction(self.seed, self.seen) >= self.probability:
            return False
        self.hits += 1
        if self.times is not None:
            self.times -= 1
        return True


class Faults:
    """The rules in force, first match wins."""

    def __init__(self) -> None:
        self.rules: list[Rule] = []

    def replace(self, raw_rules: list[dict[str, Any]]) -> None:
        """Puts new rules in force. Raises RuleError."""
        self.rules = [_read_rule(raw) for raw in raw_rules]

    def describe(self) -> list[dict[str, Any]]:
        """The rules with their counters."""
        return [asdict(rule) for rule in self.rules]

    def pick(self, method: str, direction: str = "in", body: str = "") -> Rule | None:
        """The rule that strikes this call, if any."""
        for rule in self.rules:
            if rule.strikes(method, direction, body):
                return rule
        return None

    async def pick_for(self, method: str, request: web.Request) -> Rule | None:
        """The rule that strikes this request, whose body is read only when some rule asks for words; of files nobody reads any."""
        if request.content_type == "multipart/form-data" or not any(rule.words for rule in self.rules):
            return self.pick(method)
        return self.pick(method, body=unquote_plus((await request.read()).decode("utf-8", "replace")))


def _read_rule(raw: dict[str, Any]) -> Rule:
    match = raw.get("match") or {}
    fields = {key: value for key, value in {**raw, **match}.items() if key != "match" and value is not None}
    for counter in ("seen", "hits"):
        fields.pop(counter, None)
    try:
        rule = Rule(**fields)
    except TypeError as error:
        raise RuleError(str(error)) from error
    if rule.action not in TRANSPORT_ACTIONS | WORLD_ACTIONS:
        raise RuleError(f"unknown action {rule.action!r}")
    return rule


async def act(
    rule: Rule | None, request: web.Request, answer: Callable[[], Awaitable[web.StreamResponse]]
) -> web.StreamResponse:
    """Answers `request` through `answer`, disturbed as `rule` says; world actions leave it undisturbed."""
    action = rule.action if rule else None
    if rule and action == "status":
        return web.Response(status=rule.status, text=_GARBAGE, content_type="text/html")
    if action == "drop_before":
        return _drop(request)
    if rule and action == "slow":
        await asyncio.sleep(rule.seconds)
    whole = await answer()
    if rule and action == "silence":
        await asyncio.sleep(rule.seconds)
    if action in {"drop_after", "silence"}:
        return _drop(request)
    if action == "garbage":
        return web.Response(text=_GARBAGE, content_type="text/html")
    return await _truncate(request, whole) if action == "truncate" else whole


def _drop(request: web.Request) -> web.Response:
    if request.transport:
        request.transport.abort()
    return web.Response(status=500)


async def _truncate(request: web.Request, whole: web.StreamResponse) -> web.StreamResponse:
    body = whole.body if isinstance(whole, web.Response) and isinstance(whole.body, bytes) else b"{}"
    cut = web.StreamResponse(status=whole.status, headers={"Content-Type": whole.content_type})
    cut.content_length = len(body)
    await cut.prepare(request)
    await cut.write(body[: len(body) // 2])
    if request.transport:
        request.transport.close()
    return cut

"""No call crashes the portal: whatever is sent is answered or refused."""

from __future__ import annotations

import asyncio
import random
from typing import Any

import pytest

from sandbox.options import Options
from sandbox.portal import apps, auth
from sandbox.portal.execute import Outcome, execute
from sandbox.portal.identity import Identity
from sandbox.portal.portal import PORTAL, Portal
from sandbox.portal.registry import METHODS
from sandbox.portal.server import create_app

JUNK: tuple[Any, ...] = (
    *(None, "", "abc", "2026-13-40", "Y", -1, 0, 1, 10**12, 1.5, True),
    *([], {}, ["x"], [[1]], [{"zzz": 1}], {"a": 1}, {"0": "x"}, {"ID": 1}),
)
ROUNDS = 6


@pytest.fixture(scope="module")
def portal() -> Portal:
    """A portal that only this module calls."""
    return create_app(Options(webhooks=("1/KEY",)))[PORTAL]


def _value(rule: dict[str, Any], chance: random.Random) -> Any:
    nested = {name: inner for name, inner in (rule.get("params") or {}).items() if isinstance(inner, dict)}
    if nested and chance.random() < 0.7:
        return {name: _value(inner, chance) for name, inner in nested.items() if chance.random() < 0.5}
    return chance.choice(JUNK)


def _run(portal: Portal, caller: Identity, name: str, sent: dict[str, Any]) -> Outcome:
    return asyncio.run(execute(portal, caller, name, sent))


@pytest.mark.parametrize("seed", range(ROUNDS))
def test_every_method_survives_junk(portal: Portal, seed: int) -> None:
    """With nothing, with junk and with junk inside documented maps no method answers 500."""
    chance = random.Random(seed)
    scopes = sorted({scope for one in METHODS.values() for scope in one.scopes})
    app = apps.add(portal, {"handler_url": "http://127.0.0.1:9/", "scopes": scopes})
    caller = auth.app_identity(app, "1")
    crashed = []
    for name, one in METHODS.items():
        rules = one.facts.get("params", {})
        sent = {key: _value(rule, chance) for key, rule in rules.items() if seed and chance.random() < 0.6}
        outcome = _run(portal, caller, name, sent)
        if outcome.status == 500:
            crashed.append((name, sent))
    assert crashed == []


def test_an_estimate_is_added(portal: Portal) -> None:
    """crm.quote.add makes an estimate with a record of its first stage, though estimates have no pipelines."""
    app = apps.add(portal, {"handler_url": "http://127.0.0.1:9/", "scopes": ["crm"]})
    caller = auth.app_identity(app, "1")
    made = _run(portal, caller, "crm.quote.add", {"fields": {"TITLE": "Sheets", "STATUS_ID": "DRAFT"}})
    got = _run(portal, caller, "crm.quote.get", {"id": made.body["result"]})
    assert (got.body["result"]["TITLE"], got.body["result"]["STATUS_ID"]) == ("Sheets", "DRAFT")

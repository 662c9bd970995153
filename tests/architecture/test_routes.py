"""Every address that the outside can call says how it knows its caller."""

from __future__ import annotations

from typing import Any

import pytest
from werkzeug.routing import Rule

from b24app.app import create_app
from b24app.config import Settings

SETTINGS = Settings(
    database_url="postgresql+psycopg://nobody@127.0.0.1:1/nothing",
    public_url="https://market.example.org",
    secret_keys=("0123456789abcdef0123456789abcdef",),
    bitrix_client_id="local.1",
    bitrix_client_secret="secret",
    telegram_bot_token="1:token",
)
APP = create_app(SETTINGS)
RULES = list(APP.url_map.iter_rules())
VIEWS: dict[str, Any] = dict(APP.view_functions)
OPEN = {"/healthz", "/readyz", "/assets/<name>", "/install/connector"}


@pytest.mark.parametrize("rule", RULES, ids=str)
def test_every_route_says_how_it_authenticates(rule: Rule) -> None:
    """A route that forgot to say how it knows its caller cannot be added unnoticed."""
    assert getattr(APP.view_functions[rule.endpoint], "authenticated_by", "")


def test_only_known_routes_are_open_to_anybody() -> None:
    """What needs no proof is a short list, each with a reason."""
    open_rules = {rule.rule for rule in RULES if VIEWS[rule.endpoint].authenticated_by.startswith("nobody")}
    assert open_rules <= OPEN

"""Settings are documented and reported whole."""

from __future__ import annotations

import re
from dataclasses import fields

import pytest

from b24app.config import ConfigurationError, Settings, read_settings
from tests.architecture.source import PROJECT

EXAMPLE = (PROJECT / ".env.example").read_text()


def test_every_setting_is_documented() -> None:
    """An operator finds each setting in .env.example, and nothing there that does not exist."""
    documented = set(re.findall(r"^([A-Z_]+)=", EXAMPLE, re.MULTILINE))
    assert documented == {field.name.upper() for field in fields(Settings)}


def test_all_gaps_are_reported_at_once() -> None:
    """A start with several things missing names every one of them."""
    with pytest.raises(ConfigurationError) as caught:
        read_settings({"PUBLIC_URL": "market", "SECRET_KEYS": "short", "WORKER_CONCURRENCY": "many"})
    text = str(caught.value)
    assert all(
        name in text for name in ("DATABASE_URL", "PUBLIC_URL", "SECRET_KEYS", "BITRIX_CLIENT_ID", "WORKER_CONCURRENCY")
    )


def test_the_example_is_a_deployment_that_would_start() -> None:
    """Whoever copies .env.example and fills it in has the right shape of every value."""
    lines = dict(line.split("=", 1) for line in EXAMPLE.splitlines() if "=" in line and not line.startswith("#"))
    assert read_settings(lines).bitrix_rate_burst == 50


def test_settings_never_show_their_values() -> None:
    """A settings object that ends up in a log shows no secret."""
    lines = dict(line.split("=", 1) for line in EXAMPLE.splitlines() if "=" in line and not line.startswith("#"))
    assert "password" not in repr(read_settings(lines))

"""A stand-in for Telegram that every test of this folder finds fresh."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.sandbox.telegram.client import IVAN, Telegram, running


@pytest.fixture(scope="session")
def server() -> Iterator[Telegram]:
    """The process that the tests of one worker share."""
    with running() as started:
        yield started


@pytest.fixture
def telegram(server: Telegram) -> Telegram:
    """The stand-in with its demo world, nobody having written yet."""
    server.control("reset")
    server.control("limits", mode="off")
    server.updates()
    return server


@pytest.fixture
def started(telegram: Telegram) -> Telegram:
    """The stand-in after Ivan pressed Start."""
    telegram.start(IVAN)
    return telegram

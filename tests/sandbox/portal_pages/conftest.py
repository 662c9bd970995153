"""The portal of one test, and windows of its people."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser

from tests.sandbox.portal_automation.world import World
from tests.sandbox.portal_pages.office import Desk, open_office, sit_down


@pytest.fixture
def world() -> Iterator[World]:
    """A fresh portal with an installed application."""
    with open_office() as world:
        yield world


@pytest.fixture
def desk(world: World, browser: Browser) -> Iterator[Callable[..., Desk]]:
    """Opens windows of people: `desk()`, `desk("2", width=320)`; no script of theirs may fail."""
    opened: list[Desk] = []

    def sit(user_id: str = "1", width: int = 1280) -> Desk:
        opened.append(sit_down(world, browser, user_id, width))
        return opened[-1]

    yield sit
    for one in opened:
        one.page.context.close()
    assert [fault for one in opened for fault in one.faults] == []

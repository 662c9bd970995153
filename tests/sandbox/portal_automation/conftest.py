"""The portal of one test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.sandbox.portal_automation.world import World, running


@pytest.fixture
def world() -> Iterator[World]:
    """A fresh portal with an installed application."""
    with running() as world:
        yield world

"""Whatever the bot says by itself exists in every language and fits where Telegram shows it."""

from __future__ import annotations

import pytest

from b24app import errors
from b24app.i18n import LANGUAGES, Texts, texts
from telegram_bridge import menus
from telegram_bridge.reply import out_of_date


@pytest.fixture(params=LANGUAGES)
def t(request: pytest.FixtureRequest) -> Texts:
    """Each language in turn."""
    return texts(request.param)


def test_texts_fit_into_the_profile(t: Texts) -> None:
    """Descriptions and commands keep Telegram's limits: 512, 120 and 256 characters."""
    assert len(menus.description(t)) <= 512
    assert len(menus.short_description(t)) <= 120
    said = menus.command_texts(t)
    assert set(said) == set(menus.COMMANDS)
    assert all(1 <= len(text) <= 256 for text in said.values())


def test_refusals_are_said_in_the_persons_language(t: Texts) -> None:
    """Every refusal that the program knows by name has words in the language."""
    known = [kind() for kind in errors.DomainError.__subclasses__()] + [out_of_date()]
    untranslated = [error.message for error in known if t.language != "en" and t(error.message) == error.message]
    assert untranslated == []

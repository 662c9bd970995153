"""Every text a person can see exists in Russian and in Uzbek."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po

from b24app.i18n import LOCALE_DIR, standing_bot_texts
from tests.architecture.source import OURS, PROJECT, files, tree

# What speaks to people on Telegram: the bot's own modules and the news that services bring.
SPOKEN = ("telegram_bridge/*.py", "telegram_bridge/handlers/*.py", "b24app/services/*_news.py")
NAMING = {"title_in", "title_for", "announcement"}
KEYWORDS = {"t": None, "tn": (1, 2)}


@cache
def wanted() -> set[str]:
    """Give every English text in code and pages, of those that count things the first form."""
    return {text if isinstance(text, str) else text[0] for text in _extracted()}


def _extracted() -> Iterator[str | tuple[str, ...]]:
    for path in files(*OURS):
        for _, message, _, _ in extract_from_file("python", path, keywords=KEYWORDS):
            yield message
        yield from inside_texts(path)
    for package in OURS:
        for path in (PROJECT / package).rglob("*.html"):
            for _, message, _, _ in extract_from_file("jinja2.ext:babel_extract", path, keywords=KEYWORDS):
                yield message


def inside_texts(path: Path) -> Iterator[str]:
    """Give the English texts asked for inside other texts, where the extraction does not look."""
    for joined in ast.walk(tree(path)):
        if isinstance(joined, ast.JoinedStr):
            yield from _texts_in(joined)


def translated(language: str) -> set[str]:
    """Give every English text that has a complete translation."""
    found = set()
    for path in sorted(LOCALE_DIR.glob(f"{language}/LC_MESSAGES/*.po")):
        with path.open("rb") as po:
            for message in read_po(po, locale=language):
                texts = message.string if isinstance(message.string, tuple | list) else (message.string,)
                if message.id and all(texts) and not message.fuzzy:
                    found.add(message.id[0] if isinstance(message.id, tuple | list) else message.id)
    return found


@pytest.mark.parametrize("language", ["ru", "uz"])
def test_every_text_is_translated(language: str) -> None:
    """Nobody who chose Russian or Uzbek meets an English sentence."""
    known = translated(language)
    assert sorted(text for text in wanted() if text and text not in known) == []


def said_by_services() -> Iterator[str]:
    """Give the texts of every function of a service that words a message: one that answers `Said`, or names what it is about."""
    for path in (PROJECT / "b24app" / "services").glob("*.py"):
        for function in ast.walk(tree(path)):
            if not isinstance(function, ast.FunctionDef):
                continue
            answers = ast.unparse(function.returns) if function.returns else ""
            if "Said" in answers or function.name in NAMING:
                yield from _texts_in(function)


def _texts_in(within: ast.AST) -> Iterator[str]:
    for call in ast.walk(within):
        named = isinstance(call, ast.Call) and ast.unparse(call.func).rpartition(".")[2]
        if isinstance(call, ast.Call) and named in KEYWORDS and isinstance(call.args[0], ast.Constant):
            yield str(call.args[0].value)


def test_every_text_of_the_bot_can_be_put_into_other_words() -> None:
    """What the bot's modules and the news say is in the catalogues that administrators may change, in every language."""
    spoken = {
        message if isinstance(message, str) else message[0]
        for pattern in SPOKEN
        for path in PROJECT.glob(pattern)
        for _, message, _, _ in extract_from_file("python", path, keywords=KEYWORDS)
    }
    spoken.update(said_by_services())
    for language in ("ru", "uz", "en"):
        assert sorted(spoken - standing_bot_texts(language).keys()) == []

"""Nothing that the product itself says is taken for a contact, but the examples of contacts that it gives."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import yaml
from babel.messages.pofile import read_po

from b24app.domain.masking import mask
from b24app.services.industries import INDUSTRIES_DIR

LOCALE = Path(__file__).parents[3] / "b24app" / "locale"
LANGUAGES = frozenset(("ru", "uz", "en"))
EXAMPLES = frozenset(
    ("ABC Textiles", "Ivan Petrov", "Northern Style LLC", "«Severniy stil» MChJ", "Иван Петров", "ООО «Северный стиль»")
)
_FIELD = re.compile(r"%\(\w+\)[sd]|\{[^{}]*\}")
_EXAMPLE = re.compile(r"@\w|https?://|\b\w+\.(?:com|ru|uz)\b|\+\d|\*\*\*")
"""Signs of an address, a user name or a number that is given as an example or is the product's own."""


def _said(value: object) -> Iterator[str]:
    """Give what is said in a language; codes are for machines."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from [inner] if key in LANGUAGES and isinstance(inner, str) else _said(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _said(inner)


def _translated() -> Iterator[str]:
    for path in sorted(LOCALE.glob("*/LC_MESSAGES/*.po")):
        with path.open("rb") as file:
            for message in read_po(file):
                for told in (message.id, message.string or ""):
                    yield from [told] if isinstance(told, str) else told


def _touched(texts: Iterator[str]) -> list[tuple[str, str]]:
    plain = {_FIELD.sub("7", text) for text in texts}
    return [
        (text, mask(text).text)
        for text in sorted(plain)
        if mask(text).hidden and text not in EXAMPLES and not _EXAMPLE.search(text)
    ]


def test_what_pages_and_bots_say_stays() -> None:
    """No text of a page, a bot or a message in any language is touched."""
    assert _touched(_translated()) == []


def test_what_an_industry_asks_and_offers_stays() -> None:
    """No question, answer or name of an industry's data is touched."""
    packs = [yaml.safe_load(path.read_text(encoding="utf-8")) for path in sorted(INDUSTRIES_DIR.glob("*.yaml"))]
    assert _touched(_said(packs)) == []

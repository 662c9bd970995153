"""Formatting and masking on one core, beside what others would use: the client library's own formatter, a plain pattern.

Texts are those of a conversation: mostly plain, some formatted. Needs no stack and no network.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Sequence
from statistics import median
from typing import Any

from telebot.formatting import apply_html_entities
from telebot.types import MessageEntity

from b24app.domain.masking import mask
from benchmarks.results import Figure
from telegram_bridge.formatting import bbcode_to_html, entities_to_bbcode, from_bbcode, to_entities

ROUNDS = 7
SECONDS = 0.4
WANTED = {"format.from_telegram": 20_000.0, "format.to_telegram": 20_000.0, "mask": 5_000.0}
Entities = list[dict[str, Any]]

PLAIN = (
    "Здравствуйте, сколько стоит партия в 20 000 футболок?",
    "Narxi 3.20 USD, muddati 45 kun, namunalar tayyor.",
    "We need 180 gsm cotton, sizes 42-44-46-48-50, delivery by 2026-04-15.",
)
FORMATTED: tuple[tuple[str, Entities], ...] = (
    (
        "Нужно 20 000 штук, срочно",
        [{"type": "bold", "offset": 6, "length": 6}, {"type": "italic", "offset": 19, "length": 6}],
    ),
    (
        "Каталог здесь, цены ниже. Жду ответа до пятницы.",
        [
            {"type": "text_link", "offset": 8, "length": 5, "url": "https://example.com/catalogue"},
            {"type": "underline", "offset": 15, "length": 4},
        ],
    ),
    ("😀 Uch xil rang [b] <i>", [{"type": "code", "offset": 3, "length": 3}]),
    (
        "Вы писали\nчетыре цвета\nпомещается ли это?",
        [{"type": "blockquote", "offset": 0, "length": 22}, {"type": "bold", "offset": 10, "length": 6}],
    ),
)
CONTACTS = (
    "Позвоните мне +998 90 123 45 67",
    "ivan собака mail точка ru",
    "toʻqson bir yuz yigirma uch qirq besh oltmish yetti",
)
_PLAIN_PATTERN = re.compile(r"\+?\d[\d\s().-]{7,}\d|[\w.+-]+@[\w-]+\.\w+|https?://\S+|@\w{4,}")


def _rate(work: Callable[[], object], count: int) -> float:
    done, started = 0, time.perf_counter()
    while time.perf_counter() - started < SECONDS:
        work()
        done += count
    return done / (time.perf_counter() - started)


def _to_codes() -> list[str]:
    return [*(entities_to_bbcode(text) for text in PLAIN), *(entities_to_bbcode(*one) for one in FORMATTED)]


def _to_entities(codes: Sequence[str]) -> list[Entities]:
    return [to_entities(from_bbcode(code)) for code in codes]


def _library(pairs: Sequence[tuple[str, list[MessageEntity] | None]]) -> list[str]:
    return [apply_html_entities(text, entities, None) for text, entities in pairs]


def _mask_all() -> list[object]:
    return [mask(text) for text in (*PLAIN, *CONTACTS)]


def _pattern_all() -> list[str]:
    return [_PLAIN_PATTERN.sub("•••", text) for text in (*PLAIN, *CONTACTS)]


def measure() -> list[Figure]:
    """Give the median rates of interleaved rounds, and the ratio to the library's formatter."""
    codes = _to_codes()
    pairs: list[tuple[str, list[MessageEntity] | None]] = [
        *((text, None) for text in PLAIN),
        *((text, [MessageEntity(**entity) for entity in entities]) for text, entities in FORMATTED),
    ]
    works: dict[str, tuple[Callable[[], object], int]] = {
        "format.from_telegram": (_to_codes, len(codes)),
        "format.to_telegram": (lambda: _to_entities(codes), len(codes)),
        "format.to_html": (lambda: [bbcode_to_html(code) for code in codes], len(codes)),
        "format.library_html": (lambda: _library(pairs), len(pairs)),
        "mask": (_mask_all, len(PLAIN) + len(CONTACTS)),
        "mask.plain_pattern": (_pattern_all, len(PLAIN) + len(CONTACTS)),
    }
    rates: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(ROUNDS):
        for name, (work, count) in works.items():
            rates[name].append(_rate(work, count))
    how = (
        f"median of {ROUNDS} interleaved rounds of {SECONDS} s, one core, 3 plain and 4 formatted messages, 3 contacts"
    )
    figures = [
        Figure(f"{name}.per_second", median(found), "1/s", how, at_least=WANTED.get(name))
        for name, found in rates.items()
    ]
    ratio = median(
        ours / theirs for ours, theirs in zip(rates["format.to_html"], rates["format.library_html"], strict=True)
    )
    return [*figures, Figure("format.to_html_to_library", ratio, "ratio", how)]

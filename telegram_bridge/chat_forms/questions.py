"""One question of a form as a message with buttons, and what was typed as its answer.

Gives answers as raw as the Mini App's fields do, so that a form begun
here can be finished there. Knows no particular form, and judges nothing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from b24app.domain.industries import Kind, Question, said
from b24app.domain.shortening import shortened
from b24app.i18n import Texts
from b24app.services import forms
from b24app.services.industries import pack
from b24app.services.notices import escaped
from telegram_bridge.reply import Buttons

PRESSED = frozenset({Kind.CHOICE, Kind.CHOICES, Kind.BOOL, Kind.GROUP})
SENT = frozenset({Kind.FILE, Kind.FILES})
GATHERED = frozenset({Kind.CHOICES, Kind.FILES, Kind.GROUP})
"""Kinds whose answer has several parts: the person says when it is complete."""
NAME_LENGTH = 40
LONG_LABEL = 16
ADD, TAKE_OUT, ON, EMPTY = "+", "x", "-", "0"
"""What a button carries besides answers: one more entry, an entry out, the next question, no answer at all."""
_DAY = re.compile(r"(\d{1,2})[./](\d{1,2})[./](\d{4})")
_MONEY = re.compile(r"([\d\s.,]+?)\s*([A-Za-z]{3})?")


def shown(question: Question, chosen: Any, head: str, t: Texts) -> tuple[str, list[tuple[str, str]]]:
    """Give the message that asks a question, and its answers to press: (words, value). `head` tells how far the form is."""
    lines = [escaped(head), f"<b>{escaped(question.label(t.language))}</b>"]
    lines += [escaped(text) for text in (said(question.help, t.language), _how(question, t)) if text]
    if example := said(question.example, t.language):
        lines.append(escaped(t("For example: {example}", example=example)))
    if question.kind in SENT and chosen:
        lines.append(escaped(forms.in_words(question, chosen, t)))
    return "\n".join(lines), _options(question, chosen, t)


def _how(question: Question, t: Texts) -> str:
    currencies = ", ".join(currency.code for currency in pack().currencies)
    hints = {
        Kind.MONEY: t("Write the amount and the currency ({currencies}).", currencies=currencies),
        Kind.DATE: t("Write the day as DD.MM.YYYY."),
        Kind.LIST: t("One entry a line."),
        Kind.CHOICES: t("Several can be chosen; then press “Next”."),
        Kind.FILE: t("Send the file here: a picture, PDF, document, table or archive of up to 20 MB."),
        Kind.FILES: t("Send the files here, one by one or together, each of up to 20 MB; then press “Next”."),
        Kind.POINT: t("Send a location (📎 → Location) or write the coordinates: 41.3111, 69.2797."),
        Kind.GROUP: t("Add entries one by one; then press “Next”."),
    }
    return hints.get(question.kind, "" if question.kind in PRESSED else t("Write the answer as a message."))


def _options(question: Question, chosen: Any, t: Texts) -> list[tuple[str, str]]:
    if question.kind is Kind.BOOL:
        return [(t("yes"), "true"), (t("no"), "false")]
    if question.kind is Kind.GROUP:
        named = [f"🗑 {number + 1}. {_entry_name(question, entry, t)}" for number, entry in enumerate(chosen or ())]
        return [(t("➕ Add"), ADD), *((words, f"{TAKE_OUT}{number}") for number, words in enumerate(named))]
    held = chosen if isinstance(chosen, list) else []
    return [
        (f"{'✅ ' if choice.code in held else ''}{choice.label(t.language)}", choice.code)
        for choice in question.options
    ]


def _entry_name(group: Question, entry: Mapping[str, Any], t: Texts) -> str:
    said_parts = (part.option_label(str(entry.get(part.code, "")), t.language) for part in group.questions[:2])
    return shortened(" · ".join(part for part in said_parts if part), NAME_LENGTH)


def rows_of(options: list[tuple[str, str]]) -> Buttons:
    """Lay answers out: two in a row while their words are short."""
    wide = any(len(words) > LONG_LABEL for words, _ in options)
    buttons = [{"text": words, "data": data} for words, data in options]
    step = 1 if wide else 2
    return [buttons[at : at + step] for at in range(0, len(buttons), step)]


def typed(question: Question, text: str) -> Any:
    """Give what was typed in the shape of a raw answer; what cannot be understood is left for the check to refuse."""
    text = text.strip()
    if question.kind is Kind.DATE and (found := _DAY.fullmatch(text)):
        day, month, year = found.groups()
        return f"{year}-{int(month):02d}-{int(day):02d}"
    if question.kind is Kind.MONEY and (found := _MONEY.fullmatch(text)):
        amount = "".join(found[1].split()).replace(",", ".")
        return {"amount": amount, "currency": (found[2] or "").upper()}
    if question.kind in {Kind.INTEGER, Kind.NUMBER}:
        return "".join(text.split())
    return text


def toggled(chosen: Any, code: str) -> list[str]:
    """Put a code among the chosen ones, or take it off."""
    held = list(chosen) if isinstance(chosen, list) else []
    return [one for one in held if one != code] if code in held else [*held, code]


def skipped(answers: Mapping[str, Any], question: Question) -> bool:
    """Tell whether a question has no answer yet."""
    return answers.get(question.code) in (None, "", [], {})

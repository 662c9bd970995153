"""One question of a form as a message with buttons, and what was typed as its answer.

Called by the handler of forms that are filled in the chat. Gives answers as raw as the Mini App's fields do, so that a form begun
here can be finished there. Knows no particular form, and judges nothing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from b24app.domain.industries import Kind, Question, said
from b24app.i18n import Texts
from b24app.services.industries import pack
from b24app.services.notices import escaped
from telegram_bridge.reply import Buttons

NOT_IN_CHAT = frozenset({Kind.FILE, Kind.FILES, Kind.POINT, Kind.GROUP})
PRESSED = frozenset({Kind.CHOICE, Kind.CHOICES, Kind.BOOL})
LONG_LABEL = 16
_DAY = re.compile(r"(\d{1,2})[./](\d{1,2})[./](\d{4})")
_MONEY = re.compile(r"([\d\s.,]+?)\s*([A-Za-z]{3})?")


def shown(question: Question, chosen: Any, head: str, t: Texts) -> tuple[str, list[tuple[str, str]]]:
    """Give the message that asks a question, and its answers to press: (words, value). `head` tells how far the form is."""
    lines = [escaped(head), f"<b>{escaped(question.label(t.language))}</b>"]
    lines += [escaped(text) for text in (said(question.help, t.language), _how(question, t)) if text]
    if example := said(question.example, t.language):
        lines.append(escaped(t("For example: {example}", example=example)))
    return "\n".join(lines), _options(question, chosen, t)


def _how(question: Question, t: Texts) -> str:
    match question.kind:
        case Kind.MONEY:
            currencies = ", ".join(currency.code for currency in pack().currencies)
            return t("Write the amount and the currency ({currencies}).", currencies=currencies)
        case Kind.DATE:
            return t("Write the day as DD.MM.YYYY.")
        case Kind.LIST:
            return t("One entry a line.")
        case Kind.CHOICES:
            return t("Several can be chosen; then press “Next”.")
        case kind:
            return "" if kind in PRESSED else t("Write the answer as a message.")


def _options(question: Question, chosen: Any, t: Texts) -> list[tuple[str, str]]:
    if question.kind is Kind.BOOL:
        return [(t("yes"), "true"), (t("no"), "false")]
    held = chosen if isinstance(chosen, list) else []
    return [
        (f"{'✅ ' if choice.code in held else ''}{choice.label(t.language)}", choice.code)
        for choice in question.options
    ]


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

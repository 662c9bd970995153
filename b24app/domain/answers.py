"""Reading what a person entered into a form: each answer brought to one shape, each fault named by a code.

Called by services, which put the faults into words. Shapes of stored answers: text → str; integer → int; number → a decimal
as str; choice → code; choices → codes in the form's order; bool → bool; date → `YYYY-MM-DD`; file → id; files → ids;
point → `{"lat", "lon"}`; list → strs; money → `{"amount_minor", "currency"}`; group → list of dicts. What was not answered is absent.
Pure: today is passed in.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

from b24app.domain.industries import Currency, Kind, Question, Questionnaire

TEXT_LIMIT = 4000
LIST_LIMIT = 100
MONEY_LIMIT_MINOR = 10**15
_EMAIL = re.compile(r"[^@\s<>(),;:\"\[\]]+@[^@\s.<>(),;:\"\[\]]+(\.[^@\s.<>(),;:\"\[\]]+)+")
_PHONE_MARKS = re.compile(r"[\s().\-‐-―]")
_DECIMAL = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)")
_THOUSANDS = re.compile(r"[+-]?[1-9][0-9]{0,2}(\.[0-9]{3})+")
_EITHER = re.compile(r"[+-]?[0-9]{1,3}[.,][0-9]{3}")
_INTEGER = re.compile(r"[+-]?\d{1,18}")
_HOST = re.compile(r"[^\s.]+(\.[^\s.]+)+")


@dataclass(frozen=True)
class Fault:
    """One thing wrong with an answer: a code and what the sentence about it needs."""

    code: str
    params: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Checked:
    """Answers in their stored shape, and the faults by question code (`certificates.0.number` inside a group)."""

    values: dict[str, Any]
    faults: dict[str, list[Fault]]


class _Wrong(Exception):
    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code)
        self.fault = Fault(code, params)


@dataclass(frozen=True)
class _Frame:
    today: date
    currencies: Mapping[str, int]
    faults: dict[str, list[Fault]]


def check(
    form: Questionnaire,
    answers: Mapping[str, Any],
    *,
    today: date,
    currencies: Collection[Currency] = (),
    only: Collection[str] | None = None,
) -> Checked:
    """Read the answers to a form, or only to the questions named by `only`; what the form does not ask is left out."""
    faults: dict[str, list[Fault]] = {}
    frame = _Frame(today, {currency.code: currency.digits for currency in currencies}, faults)
    values: dict[str, Any] = {}
    for question in form.questions:
        if only is None or question.code in only:
            _read_into(question, answers.get(question.code), frame, values, question.code)
    for first, second in form.ordered:
        if first in values and second in values and values[first] > values[second]:
            faults.setdefault(second, []).append(Fault("below_other", {"other": first}))
    return Checked(values, faults)


def _read_into(question: Question, given: Any, frame: _Frame, values: dict[str, Any], place: str) -> None:
    read = None
    if not _is_empty(given):
        try:
            if question.kind is Kind.GROUP:
                read = _read_group(question, given, frame, place)
            else:
                read = _READERS[question.kind](question, given, frame)
        except _Wrong as wrong:
            frame.faults[place] = [wrong.fault]
            return
    if not _is_empty(read):
        values[question.code] = read
    elif question.required:
        frame.faults[place] = [Fault("required")]


def _is_empty(given: Any) -> bool:
    if isinstance(given, str):
        return not given.strip()
    return given is None or (isinstance(given, list | tuple | dict) and not given)


def tidy(text: str, *, lines: bool) -> str:
    """Drop control and invisible direction marks, join runs of blanks; keep line ends only when `lines`."""
    kept = "".join(
        mark if mark == "\n" or unicodedata.category(mark) not in {"Cc", "Cf", "Cs"} or mark == "\u200d" else " "
        for mark in text.replace("\r\n", "\n").replace("\r", "\n")
    )
    rows = [" ".join(row.split()) for row in kept.split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(rows)).strip() if lines else " ".join(" ".join(rows).split())


def _text(question: Question, given: Any, frame: _Frame) -> str:
    if not isinstance(given, str | int | float) or isinstance(given, bool):
        raise _Wrong("not_text")
    text = tidy(str(given), lines=question.kind is Kind.LONG_TEXT)
    longest = question.max_length or TEXT_LIMIT
    if len(text) > longest:
        raise _Wrong("too_long", max=longest, count=len(text))
    if text and question.min_length and len(text) < question.min_length:
        raise _Wrong("too_short", min=question.min_length, count=len(text))
    return text


def _decimal(given: Any) -> Decimal:
    if isinstance(given, bool) or not isinstance(given, str | int | float):
        raise _Wrong("not_a_number")
    plain = "".join(unicodedata.normalize("NFKC", str(given)).split()).replace("'", "")
    # “0,125” is an eighth wherever people write commas; only what begins with another digit can mean thousands.
    if plain.count(",") == 1 and "." not in plain and not re.search(r"^[+-]?[1-9]\d{0,2},\d{3}$", plain):
        plain = plain.replace(",", ".")
    if re.fullmatch(r"[+-]?[1-9]\d{0,2}(,\d{3})+(\.\d+)?", plain):
        plain = plain.replace(",", "")
    if len(plain) > 40 or not _DECIMAL.fullmatch(plain):
        raise _Wrong("not_a_number")
    number = Decimal(plain)
    if abs(number.adjusted()) > 18:
        raise _Wrong("not_a_number")
    return number


def _bounded(question: Question, number: Decimal) -> Decimal:
    if question.min is not None and number < question.min:
        raise _Wrong("too_small", min=question.min)
    if question.max is not None and number > question.max:
        raise _Wrong("too_big", max=question.max)
    return number


def _number(question: Question, given: Any, frame: _Frame) -> str:
    return format(_bounded(question, _decimal(given)), "f")


def _integer(question: Question, given: Any, frame: _Frame) -> int:
    # Of a whole number a point can only part thousands.
    given = given.replace(".", "") if isinstance(given, str) and _THOUSANDS.fullmatch(given.strip()) else given
    number = _decimal(given)
    if number != number.to_integral_value():
        raise _Wrong("not_whole")
    return int(_bounded(question, number))


def _choice(question: Question, given: Any, frame: _Frame) -> str:
    if isinstance(given, str) and any(option.code == given.strip() for option in question.options):
        return given.strip()
    raise _Wrong("unknown_choice")


def _choices(question: Question, given: Any, frame: _Frame) -> list[str]:
    items = [given] if isinstance(given, str) else given
    if not isinstance(items, list | tuple):
        raise _Wrong("unknown_choice")
    known = [option.code for option in question.options]
    chosen = [item.strip() if isinstance(item, str) else item for item in items]
    if any(not isinstance(item, str) or item not in known for item in chosen):
        raise _Wrong("unknown_choice")
    return _few(question, [code for code in known if code in chosen])


def _few(question: Question, items: list[Any]) -> list[Any]:
    most = question.max_items or LIST_LIMIT
    if len(items) > most:
        raise _Wrong("too_many", max=most)
    return items


def _bool(question: Question, given: Any, frame: _Frame) -> bool:
    if isinstance(given, bool):
        return given
    word = str(given).strip().lower()
    if word in {"true", "1", "on", "yes", "y"}:
        return True
    if word in {"false", "0", "off", "no", "n"}:
        return False
    raise _Wrong("unknown_choice")


def _date(question: Question, given: Any, frame: _Frame) -> str:
    try:
        day = date.fromisoformat(str(given).strip()[:10])
    except ValueError as error:
        raise _Wrong("not_a_date") from error
    if question.future and day < frame.today:
        raise _Wrong("past_date")
    return day.isoformat()


def _file(question: Question, given: Any, frame: _Frame) -> int:
    if isinstance(given, bool) or not _INTEGER.fullmatch(str(given).strip()) or int(given) <= 0:
        raise _Wrong("not_a_file")
    return int(given)


def _files(question: Question, given: Any, frame: _Frame) -> list[int]:
    items = list(given) if isinstance(given, list | tuple) else [given]
    return _few(question, list(dict.fromkeys(_file(question, item, frame) for item in items)))


def _point(question: Question, given: Any, frame: _Frame) -> dict[str, float]:
    if isinstance(given, str):
        given = dict(zip(("lat", "lon"), given.split(","), strict=False))
    try:
        lat, lon = float(given["lat"]), float(given["lon"])
    except (KeyError, TypeError, ValueError, OverflowError) as error:
        raise _Wrong("not_a_point") from error
    if not (-90 <= lat <= 90 and -180 <= lon <= 180):
        raise _Wrong("not_a_point")
    return {"lat": round(lat, 6), "lon": round(lon, 6)}


def _list(question: Question, given: Any, frame: _Frame) -> list[str]:
    items = given.splitlines() if isinstance(given, str) else given
    if not isinstance(items, list | tuple):
        raise _Wrong("not_text")
    return _few(question, [text for item in items if not _is_empty(item) and (text := _text(question, item, frame))])


def _email(question: Question, given: Any, frame: _Frame) -> str:
    text = _text(question, given, frame)
    if len(text) > 254 or not _EMAIL.fullmatch(text):
        raise _Wrong("not_email")
    return text


def _phone(question: Question, given: Any, frame: _Frame) -> str:
    digits = _PHONE_MARKS.sub("", unicodedata.normalize("NFKC", _text(question, given, frame)))
    if not re.fullmatch(r"\+?[0-9]{7,15}", digits):
        raise _Wrong("not_phone")
    return digits if digits.startswith("+") else f"+{digits}"


def _url(question: Question, given: Any, frame: _Frame) -> str:
    text = _text(question, given, frame)
    address = text if "://" in text else f"https://{text}"
    try:
        parts = urlsplit(address)
        known = parts.scheme in {"http", "https"} and _HOST.fullmatch(parts.hostname or "")
    except ValueError:
        known = None
    if not known or " " in address or len(address) > 500:
        raise _Wrong("not_url")
    return address


def _money(question: Question, given: Any, frame: _Frame) -> dict[str, Any]:
    if not isinstance(given, Mapping):
        raise _Wrong("not_a_number")
    currency = str(given.get("currency", "")).strip().upper()
    amount = given.get("amount")
    minor = given.get("amount_minor")
    if _is_empty(amount) and _is_empty(minor):
        return {}
    if currency not in frame.currencies:
        raise _Wrong("unknown_currency")
    # “3,500” may be three and a half or thousands: of money nobody guesses.
    if isinstance(amount, str) and frame.currencies[currency] < 3 and _EITHER.fullmatch("".join(amount.split())):
        raise _Wrong("too_fine", digits=frame.currencies[currency])
    exact = _decimal(minor) if _is_empty(amount) else _decimal(amount).scaleb(frame.currencies[currency])
    if exact != exact.to_integral_value():
        raise _Wrong("too_fine", digits=frame.currencies[currency])
    if exact <= 0 or exact > MONEY_LIMIT_MINOR:
        raise _Wrong("not_positive")
    return {"amount_minor": int(exact), "currency": currency}


def _read_group(question: Question, given: Any, frame: _Frame, place: str) -> list[dict[str, Any]]:
    if not isinstance(given, list | tuple) or not all(isinstance(entry, Mapping) for entry in given):
        raise _Wrong("not_text")
    entries: list[dict[str, Any]] = []
    for entry in _few(question, [e for e in given if not all(_is_empty(part) for part in e.values())]):
        values: dict[str, Any] = {}
        for part in question.questions:
            _read_into(part, entry.get(part.code), frame, values, f"{place}.{len(entries)}.{part.code}")
        entries.append(values)
    return entries


_READERS: dict[Kind, Callable[[Question, Any, _Frame], Any]] = {
    Kind.TEXT: _text,
    Kind.LONG_TEXT: _text,
    Kind.NUMBER: _number,
    Kind.INTEGER: _integer,
    Kind.CHOICE: _choice,
    Kind.CHOICES: _choices,
    Kind.BOOL: _bool,
    Kind.DATE: _date,
    Kind.FILE: _file,
    Kind.FILES: _files,
    Kind.POINT: _point,
    Kind.LIST: _list,
    Kind.EMAIL: _email,
    Kind.PHONE: _phone,
    Kind.URL: _url,
    Kind.MONEY: _money,
}

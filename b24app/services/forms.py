"""Checking a filled form and saying in words what is wrong with it; showing stored answers in words.

Called by the services that take forms. Knows the pack and the texts, not what a form is for.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import date, datetime
from typing import Any

from b24app.domain.answers import Fault, check
from b24app.domain.industries import Kind, Question, Questionnaire
from b24app.errors import InvalidInput
from b24app.i18n import Texts, texts
from b24app.services.industries import pack


def checked(
    form: Questionnaire,
    answers: Mapping[str, Any],
    *,
    language: str,
    now: datetime,
    only: Collection[str] | None = None,
) -> dict[str, Any]:
    """Give the answers in their stored shape. InvalidInput tells every fault by question, in the reader's language."""
    result = check(form, answers, today=now.date(), currencies=pack().currencies, only=only)
    if result.faults:
        t = texts(language)
        raise InvalidInput(
            t("Please correct the marked fields."),
            fields={code: [sentence(fault, form, t) for fault in faults] for code, faults in result.faults.items()},
        )
    return result.values


def laid_over(stored: Mapping[str, Any], given: Mapping[str, Any], touched: Collection[str] | None) -> dict[str, Any]:
    """Give what is stored with those of the given answers that were touched; all that is given when that is not known.

    Somebody else may have changed the others while the form was open, and nobody is to undo that by not looking.
    """
    return (
        dict(given) if touched is None else {**stored, **{code: given.get(code) for code in touched if code in given}}
    )


def readable(form: Questionnaire, answers: Mapping[str, Any]) -> dict[str, Any]:
    """Give those of raw answers that can be read, in their stored shape, whatever the day; nothing is refused."""
    return check(form, answers, today=date(1970, 1, 1), currencies=pack().currencies).values


def sentence(fault: Fault, form: Questionnaire, t: Texts) -> str:
    """Say what is wrong with an answer."""
    params = dict(fault.params)
    if "other" in params:
        params["other"] = form.question(params["other"]).label(t.language)
    for name in ("min", "max"):
        if name in params:
            params[name] = t.number(params[name])
    said = {
        "required": t("Please fill this in."),
        "not_text": t("This is not readable as text."),
        "too_long": t("Too long: {max} characters at most."),
        "too_short": t("Too short: at least {min} characters."),
        "not_a_number": t("Please enter a number."),
        "not_whole": t("Please enter a whole number."),
        "too_small": t("At least {min}."),
        "too_big": t("At most {max}."),
        "unknown_choice": t("Please choose from the list."),
        "too_many": t("At most {max} entries."),
        "not_a_date": t("Please enter a date."),
        "past_date": t("This day is already past."),
        "not_a_file": t("The file was not found; please attach it again."),
        "not_a_point": t("Please mark a point on the map."),
        "not_email": t("This does not look like an e-mail address."),
        "not_phone": t("Please enter the number with the country code, for example +998 90 000 00 00."),
        "not_url": t("This does not look like a link."),
        "unknown_currency": t("Please choose a currency."),
        "too_fine": t("At most {digits} digits after the point."),
        "not_positive": t("Please enter an amount above zero."),
        "below_other": t("This may not be less or earlier than “{other}”."),
    }[fault.code]
    return said.format(**params)


def shown(form: Questionnaire, answers: Mapping[str, Any], code: str, language: str) -> str:
    """Say a stored answer in words; an empty text when there is none."""
    if answers.get(code) in (None, "", [], {}):
        return ""
    question = form.question(code)
    words = in_words(question, answers[code], texts(language))
    unit = answers.get(question.unit) if question.unit and form.asks(question.unit) else ""
    return f"{words} {form.question(question.unit).option_label(unit, language)}" if unit else words


def in_words(question: Question, value: Any, t: Texts) -> str:
    """Say one stored value in words of a language."""
    return _WORDERS.get(question.kind, _plainly)(question, value, t)


def _plainly(question: Question, value: Any, t: Texts) -> str:
    return str(value)


def _chosen(question: Question, value: Any, t: Texts) -> str:
    codes = [value] if isinstance(value, str) else value
    return ", ".join(question.option_label(code, t.language) for code in codes)


def _whole(question: Question, value: Any, t: Texts) -> str:
    # A year is a name, not an amount: no grouping.
    return str(value) if question.code.startswith("year_founded") else t.number(value)


def _attached(question: Question, value: Any, t: Texts) -> str:
    return t.tn("{count} file", "{count} files", len(value) if isinstance(value, list) else 1)


def _listed(question: Question, value: Any, t: Texts) -> str:
    return "\n".join(_entry(question, item, t) if isinstance(item, dict) else item for item in value)


def _entry(question: Question, entry: Mapping[str, Any], t: Texts) -> str:
    parts = [
        f"{part.label(t.language)}: {in_words(part, entry[part.code], t)}"
        for part in question.questions
        if part.code in entry
    ]
    return "; ".join(parts)


_WORDERS: dict[Kind, Callable[[Question, Any, Texts], str]] = {
    Kind.CHOICE: _chosen,
    Kind.CHOICES: _chosen,
    Kind.BOOL: lambda question, value, t: t("yes") if value else t("no"),
    Kind.INTEGER: _whole,
    Kind.DATE: lambda question, value, t: t.date(date.fromisoformat(value)),
    Kind.MONEY: lambda question, value, t: t.money(value["amount_minor"], value["currency"]),
    Kind.POINT: lambda question, value, t: f"{value['lat']}, {value['lon']}",
    Kind.FILE: _attached,
    Kind.FILES: _attached,
    Kind.LIST: _listed,
    Kind.GROUP: _listed,
}

"""Refusals and form faults in the reader's words. Called by `routes`. Pure."""

from __future__ import annotations

import re

from marshmallow import ValidationError

from b24app.errors import DomainError, InvalidInput
from b24app.i18n import Texts

_FAULTS = {
    "Missing data for required field.": "Fill this in.",
    "Field may not be null.": "Fill this in.",
    "Shorter than minimum length 1.": "Fill this in.",
    "Shorter than minimum length 3.": "Write at least a few words.",
    "Not a valid date.": "Choose a day.",
    "Not a valid integer.": "Write a whole number.",
    "Not a valid datetime.": "Choose day and time.",
    "Must be greater than or equal to 1.": "Write a number above zero.",
    "Not a valid number.": "Write a number.",
    "Special numeric values (nan or infinity) are not permitted.": "Write a number.",
    "Number too large.": "Write a smaller number.",
}
_MEASURED = {
    r"Longer than maximum length (?P<most>\d+)\.": "Write at most {most} characters.",
    r"Shorter than minimum length (?P<least>\d+)\.": "Write at least {least} characters.",
    r"Length must be between (?P<least>\d+) and (?P<most>\d+)\.": "Write between {least} and {most} characters.",
    r"Must be greater than or equal to (?P<least>\S+?)\.?": "Write a number not below {least}.",
    r"Must be less than or equal to (?P<most>\S+?)\.?": "Write a number not above {most}.",
    r"Must be greater than or equal to (?P<least>\S+) and less than or equal to (?P<most>\S+?)\.?": (
        "Write a number from {least} to {most}."
    ),
    r"Length must be (?P<exactly>\d+)\.": "Write exactly {exactly} characters.",
}
"""Faults that name a measure, as the library of forms says them."""
_OTHER = re.compile(r"(Must be one of|Not a valid|Invalid|String does not match|One or more of the choices)\b.*", re.S)


_DECIDED = frozenset({"company_state", "lot_state", "offer_state", "nothing_waits"})


def message_of(error: DomainError, t: Texts) -> str:
    """Say why the rules refused; the English sentence is the text's id."""
    if error.code in _DECIDED:
        return t("Somebody decided on this already; here is how it stands.")
    return t(error.message, **error.params)


def problems_of(error: ValidationError | InvalidInput, t: Texts) -> list[str]:
    """Say what is wrong with a form, one sentence for each fault, in the reader's language."""
    if isinstance(error, InvalidInput):
        found = [_sentence(message, t) for messages in error.fields.values() for message in messages]
        return list(dict.fromkeys(found)) or [message_of(error, t)]
    return list(dict.fromkeys(_sentence(message, t) for message in _flat(error.messages)))


def fields_of(error: DomainError | ValidationError) -> list[str]:
    """Name the fields of a form that are at fault; none for what is no fault of a form."""
    found = error.fields if isinstance(error, InvalidInput) else getattr(error, "messages", {})
    return sorted(map(str, found)) if isinstance(found, dict) else []


def _sentence(fault: str, t: Texts) -> str:
    if fault in _FAULTS:
        return t(_FAULTS[fault])
    for pattern, sentence in _MEASURED.items():
        if measured := re.fullmatch(pattern, fault):
            return t(sentence, **measured.groupdict())
    return t("This cannot stand here; choose or write something else.") if _OTHER.fullmatch(fault) else t(fault)


def _flat(messages: object) -> list[str]:
    if isinstance(messages, dict):
        return [found for value in messages.values() for found in _flat(value)]
    if isinstance(messages, list):
        return [found for value in messages for found in _flat(value)]
    return [str(messages)]


def form_faults(t: Texts) -> list[str]:
    """Give every sentence a form of ours can answer with: one place where their translations are asked for."""
    return [
        t("Fill this in."),
        t("Write at least a few words."),
        t("Choose a day."),
        t("Choose day and time."),
        t("Write a whole number."),
        t("Write a number above zero."),
        t("Write a number."),
        t("Write a smaller number."),
        t("Write at most {most} characters.", most=1),
        t("Write at least {least} characters.", least=1),
        t("Write between {least} and {most} characters.", least=1, most=2),
        t("Write a number not below {least}.", least=1),
        t("Write a number not above {most}.", most=1),
        t("Write a number from {least} to {most}.", least=1, most=2),
        t("Write exactly {exactly} characters.", exactly=3),
        t("Mark at least one answer and say what is wrong with it."),
        t("This is not a bot token."),
        t("A channel is @name or a number such as -1001234567890."),
        t("Write ids separated by commas."),
        t("Choose one employee."),
        t("Write one id."),
        t("The last day is before the first."),
        t("Nobody stands in for himself."),
        t("Write a number of hours between 0.1 and 720."),
        t("Write a number of minutes between 1 and 1440."),
        t("Write the text in at least one language."),
        t("There is no such field: {field}."),
        t("This template is not there any more."),
        t("There is no template “{name}”."),
        t("This line takes no messages either."),
    ]


def problems_by_field(error: ValidationError, t: Texts) -> dict[str, list[str]]:
    """Say what is wrong with each field of a form, in the reader's language."""
    found = error.messages if isinstance(error.messages, dict) else {"": error.messages}
    return {str(name): [_sentence(message, t) for message in _flat(messages)] for name, messages in found.items()}

"""Refusals and form faults in the reader's words. Called by `routes`. Pure."""

from __future__ import annotations

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
}


_DECIDED = frozenset({"company_state", "lot_state", "offer_state", "nothing_waits"})


def message_of(error: DomainError, t: Texts) -> str:
    """Say why the rules refused; the English sentence is the text's id."""
    if error.code in _DECIDED:
        return t("Somebody decided on this already; here is how it stands.")
    return t(error.message, **error.params)


def problems_of(error: ValidationError | InvalidInput, t: Texts) -> list[str]:
    """Say what is wrong with a form, one sentence for each fault, in the reader's language."""
    if isinstance(error, InvalidInput):
        found = [message for messages in error.fields.values() for message in messages]
        return found or [message_of(error, t)]
    return list(dict.fromkeys(_sentence(message, t) for message in _flat(error.messages)))


def _sentence(fault: str, t: Texts) -> str:
    return t(_FAULTS.get(fault, fault))


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

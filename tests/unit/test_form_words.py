"""What is said about a form that was filled in wrongly."""

from __future__ import annotations

import inspect
import re
from types import ModuleType

import pytest
from marshmallow import Schema, ValidationError, fields, validate

from b24app.errors import InvalidInput
from b24app.form_parts import Form
from b24app.i18n import texts
from placements import banner_forms, bridge_forms, forms, market_forms, questionnaire_forms
from placements.wording import problems_of

MODULES = (banner_forms, bridge_forms, forms, market_forms, questionnaire_forms)
RANGE = validate.Range(min=2, max=9)


class Every(Schema):
    """One field for each way in which the library of forms finds fault."""

    short = fields.String(validate=validate.Length(min=2))
    long = fields.String(validate=validate.Length(max=2))
    between = fields.String(validate=validate.Length(min=2, max=3))
    small = fields.Integer(validate=validate.Range(min=2))
    large = fields.Float(validate=validate.Range(max=2))
    off = fields.Integer(validate=RANGE)
    decimal = fields.Decimal(allow_nan=False)
    number = fields.Float()
    choice = fields.String(validate=validate.OneOf(["a"]))
    flag = fields.Boolean()
    day = fields.Date()
    entries = fields.List(fields.Raw())
    needed = fields.String(required=True)


def every_fault() -> ValidationError:
    """Give what is found wrong with all of them at once."""
    wrong = {
        "short": "x",
        "long": "xxx",
        "between": "xxxx",
        "small": "1",
        "large": "3",
        "off": "10",
        "decimal": "NaN",
        "number": "x",
        "choice": "b",
        "flag": "maybe",
        "day": "x",
        "entries": 1,
    }
    with pytest.raises(ValidationError) as found:
        Every().load(wrong)
    return found.value


@pytest.mark.parametrize("language", ["ru", "uz"])
def test_every_fault_is_said_in_the_readers_language(language: str) -> None:
    """No sentence of the library of forms reaches a person, whichever way it comes; measures are named."""
    error = every_fault()
    assert isinstance(error.messages, dict)
    said = problems_of(error, texts(language)) + problems_of(InvalidInput(fields=error.messages), texts(language))
    english = [one for one in said if re.search(r"\b(must|than|valid|length|for|field|write)\b", one, re.I)]
    assert english == []
    assert sum("2" in one for one in said) == 2 * 6


def _forms(module: ModuleType) -> list[type[Form]]:
    found = [kind for _, kind in inspect.getmembers(module, inspect.isclass) if issubclass(kind, Form)]
    return [kind for kind in found if kind.__module__ == module.__name__]


@pytest.mark.parametrize("module", MODULES, ids=lambda module: str(module.__name__))
def test_no_form_answers_in_english(module: ModuleType) -> None:
    """Every form of the desk, filled with what fits nowhere, finds fault in Russian."""
    english = {}
    for kind in _forms(module):
        for value in ("", "абв'\"<b>" * 300):
            fill = dict.fromkeys(kind._declared_fields, value)
            try:
                kind().load(fill)
            except ValidationError as error:
                said = [one for one in problems_of(error, texts("ru")) if not re.search("[а-я]", one)]
                if said:
                    english[kind.__name__] = said
    assert english == {}

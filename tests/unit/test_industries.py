"""The industry pack is complete, and a faulty data file is refused by name."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest
import yaml
from babel.numbers import get_currency_precision

from b24app.domain.industries import Kind
from b24app.domain.lots import PUBLIC_FIELDS
from b24app.services.industries import INDUSTRIES_DIR, PackError, build, pack


@pytest.fixture(scope="module")
def data() -> dict[str, Any]:
    """The content of the textile file."""
    loaded: dict[str, Any] = yaml.safe_load((INDUSTRIES_DIR / "textile.yaml").read_text(encoding="utf-8"))
    return loaded


def test_currencies_have_the_digits_they_are_written_with() -> None:
    """Amounts are stored with as many digits as they are shown with."""
    assert {c.code: c.digits for c in pack().currencies} == {
        c.code: get_currency_precision(c.code) for c in pack().currencies
    }


def test_public_fields_of_a_lot_exist_and_are_not_files() -> None:
    """The list of what a factory may see names real questions, and no file among them."""
    form = pack().forms["lot"]
    assert not [code for code in PUBLIC_FIELDS if form.question(code).kind in {Kind.FILE, Kind.FILES}]


def test_units_of_numbers_are_questions_or_known_words() -> None:
    """A number's unit is named by a question of its form, or is days."""
    forms = [*pack().questionnaires.values(), *pack().forms.values()]
    unknown = [q.code for f in forms for q in f.questions if q.unit and q.unit != "days" and not f.asks(q.unit)]
    assert unknown == []


@pytest.mark.parametrize(
    ("spoil", "place"),
    [
        (lambda d: d.update(extra=1), "extra"),
        (lambda d: d["matching"]["weights"].update(price=99), "matching.weights"),
        (lambda d: d["lists"].pop("units"), "units"),
        (lambda d: d["lists"]["units"][0]["labels"].pop("uz"), r"lists.units\[0\]"),
        (lambda d: d["lists"]["units"].append(d["lists"]["units"][0]), "lists.units"),
        (lambda d: d["forms"]["offer"]["sections"][0]["questions"][0].update(kind="colour"), "forms.offer.offer.price"),
        (lambda d: d["forms"]["offer"]["sections"][0]["questions"][0].update(requird=True), "requird"),
        (lambda d: d["forms"]["lot"]["ordered"].append(["nothing", "deliver_by"]), "nothing"),
    ],
)
def test_a_faulty_file_is_refused_by_name(data: dict[str, Any], spoil: Callable[[Any], Any], place: str) -> None:
    """A slip in the data file stops the start and names its place."""
    spoiled = copy.deepcopy(data)
    spoil(spoiled)
    with pytest.raises(PackError, match=place):
        build(spoiled)

"""Reading answers: one shape for each kind, a code for each fault, whatever is handed in."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from b24app.domain.answers import Checked, check
from b24app.domain.industries import Choice, Currency, Kind, Question, Questionnaire, Section
from b24app.services.industries import pack
from tests import factories

TODAY = date(2026, 3, 2)
USD = (Currency(code="USD", digits=2),)
WORDS = {"ru": "а", "uz": "a", "en": "a"}


def read(kind: Kind, given_answer: Any, **limits: Any) -> Checked:
    """Check one answer to a question of a kind."""
    options = tuple(Choice(code=code, labels=WORDS) for code in ("a", "b", "c")) if "choice" in kind else ()
    question = Question(code="q", kind=kind, labels=WORDS, options=options, **limits)
    section = Section(code="s", labels=WORDS, help={}, questions=(question,))
    form = Questionnaire(code="f", labels=WORDS, sections=(section,))
    return check(form, {"q": given_answer}, today=TODAY, currencies=USD)


@pytest.mark.parametrize(
    ("kind", "given_answer", "kept"),
    [
        (Kind.TEXT, "  two \u200b  words\n", "two words"),
        (Kind.LONG_TEXT, "a\r\n\r\n\r\n\r\nb ", "a\n\nb"),
        (Kind.INTEGER, "50 000", 50000),
        (Kind.INTEGER, "50,000", 50000),
        (Kind.INTEGER, "1\u00a0000", 1000),
        (Kind.INTEGER, "12.000", 12000),
        (Kind.INTEGER, "1.200.000", 1200000),
        (Kind.NUMBER, "0,125", "0.125"),
        (Kind.NUMBER, "2,5", "2.5"),
        (Kind.CHOICE, "b", "b"),
        (Kind.CHOICES, ["c", "a", "c"], ["a", "c"]),
        (Kind.BOOL, "on", True),
        (Kind.DATE, "2026-05-01", "2026-05-01"),
        (Kind.FILE, "12", 12),
        (Kind.FILES, ["3", 4, 3], [3, 4]),
        (Kind.POINT, "41.31,69.28", {"lat": 41.31, "lon": 69.28}),
        (Kind.LIST, "one\n\n two ", ["one", "two"]),
        (Kind.EMAIL, "ivan@mail.ru", "ivan@mail.ru"),
        (Kind.PHONE, "+998 (90) 123-45-67", "+998901234567"),
        (Kind.URL, "abc.uz/shop", "https://abc.uz/shop"),
        (Kind.MONEY, {"amount": "3,20", "currency": "usd"}, {"amount_minor": 320, "currency": "USD"}),
    ],
)
def test_an_answer_gets_one_shape(kind: Kind, given_answer: Any, kept: Any) -> None:
    """However a person writes an answer, it is stored one way."""
    assert read(kind, given_answer).values == {"q": kept}


@pytest.mark.parametrize(
    ("kind", "given_answer", "limits", "code"),
    [
        (Kind.TEXT, " ", {"required": True}, "required"),
        (Kind.CHOICES, [], {"required": True}, "required"),
        (Kind.TEXT, "abc", {"max_length": 2}, "too_long"),
        (Kind.TEXT, "abc", {"min_length": 4}, "too_short"),
        (Kind.INTEGER, "many", {}, "not_a_number"),
        (Kind.INTEGER, "1.5", {}, "not_whole"),
        (Kind.INTEGER, "0", {"min": 1}, "too_small"),
        (Kind.INTEGER, 9, {"max": 8}, "too_big"),
        (Kind.INTEGER, "1e999999", {}, "not_a_number"),
        (Kind.INTEGER, "1e9", {}, "not_a_number"),
        (Kind.CHOICE, "z", {}, "unknown_choice"),
        (Kind.CHOICES, ["a", "z"], {}, "unknown_choice"),
        (Kind.CHOICES, ["a", "b"], {"max_items": 1}, "too_many"),
        (Kind.DATE, "31.02.2026", {}, "not_a_date"),
        (Kind.DATE, "2026-03-01", {"future": True}, "past_date"),
        (Kind.FILE, "../etc", {}, "not_a_file"),
        (Kind.POINT, {"lat": 99, "lon": 0}, {}, "not_a_point"),
        (Kind.EMAIL, "ivan@", {}, "not_email"),
        (Kind.PHONE, "12", {}, "not_phone"),
        (Kind.URL, "javascript:alert(1)", {}, "not_url"),
        (Kind.MONEY, {"amount": "1", "currency": "BTC"}, {}, "unknown_currency"),
        (Kind.MONEY, {"amount": "1.005", "currency": "USD"}, {}, "too_fine"),
        (Kind.MONEY, {"amount": "0,125", "currency": "USD"}, {}, "too_fine"),
        (Kind.MONEY, {"amount": "3,500", "currency": "USD"}, {}, "too_fine"),
        (Kind.MONEY, {"amount": "1e5", "currency": "USD"}, {}, "not_a_number"),
        (Kind.MONEY, {"amount": "-1", "currency": "USD"}, {}, "not_positive"),
    ],
)
def test_a_fault_is_named(kind: Kind, given_answer: Any, limits: dict[str, Any], code: str) -> None:
    """Each way an answer can be wrong has its own code, and the answer is not kept."""
    found = read(kind, given_answer, **limits)
    assert ([fault.code for fault in found.faults["q"]], found.values) == ([code], {})


def test_what_is_left_empty_and_optional_is_absent() -> None:
    """An optional question left empty leaves neither a value nor a fault."""
    assert read(Kind.MONEY, {"amount": "", "currency": "USD"}) == Checked({}, {})


def test_parts_of_a_group_are_named_by_their_place() -> None:
    """A fault inside a group says in which entry and part it is; empty entries do not count."""
    form = pack().questionnaires["factory"]
    answers = {**factories.FACTORY_ANSWERS, "certificates": [{}, {"certificate": "gots", "expires_on": "2027-01-01"}]}
    found = check(form, answers, today=TODAY, currencies=pack().currencies)
    assert list(found.faults) == ["certificates.0.number"]


def test_pairs_must_be_in_order() -> None:
    """The larger capacity may not be below the smaller."""
    form = pack().questionnaires["factory"]
    found = check(form, {**factories.FACTORY_ANSWERS, "capacity_max": 5}, today=TODAY)
    assert [fault.code for fault in found.faults["capacity_max"]] == ["below_other"]


def test_only_the_asked_questions_are_read() -> None:
    """In a correction round other questions are neither read nor missed."""
    form = pack().questionnaires["buyer"]
    found = check(form, {"phone": "x", "company": "Other"}, today=TODAY, only={"phone"})
    assert (set(found.faults), found.values) == ({"phone"}, {})


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=8,
)


@given(st.sampled_from([kind for kind in Kind if kind is not Kind.GROUP]), anything)
def test_nothing_breaks_the_reading(kind: Kind, given_answer: Any) -> None:
    """Whatever is handed in is either kept or named as a fault, never an error; what is kept reads as itself again."""
    found = read(kind, given_answer)
    if found.values:
        assert read(kind, found.values["q"]) == found


@given(anything)
def test_nothing_breaks_a_group(given_answer: Any) -> None:
    """A group takes whatever is handed in without an error."""
    form = pack().questionnaires["factory"]
    checked = check(form, {"certificates": given_answer}, today=TODAY, only={"certificates"})
    places = [*checked.faults, *checked.values]
    assert all(place.partition(".")[0] == "certificates" for place in places)

"""Contacts disappear, the trade's numbers stay."""

from __future__ import annotations

import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from b24app.domain.masking import MARK, mask
from tests.unit.masking.corpus import CONTACTS, HARMLESS


@pytest.mark.parametrize("text", CONTACTS)
def test_a_contact_is_hidden(text: str) -> None:
    """A phone, address, link or user name is hidden however it is written."""
    assert mask(text).hidden


@pytest.mark.parametrize("text", HARMLESS)
def test_what_is_no_contact_stays(text: str) -> None:
    """Sizes, dates, prices, codes and plain words stay readable."""
    assert mask(text).text == text


def test_the_rest_of_the_sentence_stays() -> None:
    """Only the contact is covered, the words around it are not."""
    assert mask("Жду звонка: +998 90 123 45 67, спасибо").text == f"Жду звонка: {MARK}, спасибо"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("каталог (https://t.me/azizmato)", f"каталог ({MARK})"),
        (
            "9\ufe0f\u20e30\ufe0f\u20e31\ufe0f\u20e32\ufe0f\u20e33\ufe0f\u20e34\ufe0f\u20e35\ufe0f\u20e36\ufe0f\u20e37\ufe0f\u20e3 звоните",
            f"{MARK} звоните",
        ),
    ],
)
def test_what_stands_around_a_contact_stays_whole(text: str, shown: str) -> None:
    """A bracket opened before a contact is closed behind it, and no frame of a keycap is left over."""
    assert mask(text).text == shown


def test_digits_parted_by_invisible_marks_are_found() -> None:
    """A zero-width character between digits does not save a number."""
    assert mask("9\u200b0\u200d1\u20602345\ufeff67 звоните").hidden


@pytest.mark.parametrize("name", ["Northern Style", "northern style", "NORTHERN STYLE"])
def test_known_names_are_hidden(name: str) -> None:
    """The buyer's own name is hidden in any case of letters."""
    found = mask(f"Мы, {name}, ищем фабрику", ["Northern Style"])
    assert (found.text, found.found) == (f"Мы, {MARK}, ищем фабрику", ("name",))


@pytest.mark.parametrize(
    "made_slow",
    [
        "a" * 19_990 + "(at)",
        "a-" * 9_990 + ".com",
        "_a" * 10_000,
        "a.b" * 6_000,
        "один " + "7" * 19_000,
        "1x" * 9_000,
        "A" * 19_990 + " road",
        "A.-'" * 4_900 + " ko'chasi",
        "@" * 20_000,
        "Ivan 1" * 3_000,
    ],
)
def test_no_text_is_slow(made_slow: str) -> None:
    """The longest text that is taken never keeps a worker busy, however it is made."""
    began = time.process_time()
    mask(made_slow)
    assert time.process_time() - began < 1.0


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=300))
def test_nothing_is_hidden_twice(text: str) -> None:
    """Masking a masked text changes nothing more, whatever the text."""
    once = mask(text).text
    assert mask(once).text == once


@example("", "+998900000000", "0000")
@given(
    st.text(max_size=60),
    st.from_regex(r"\+998 ?9[0-9] ?[0-9]{3} ?[0-9]{2} ?[0-9]{2}", fullmatch=True),
    st.text(max_size=60),
)
def test_a_full_number_never_survives(before: str, number: str, after: str) -> None:
    """A number with its country code never reaches the other side whole, whatever stands around it."""
    shown = mask(f"{before} {number} {after}").text
    assert number not in shown

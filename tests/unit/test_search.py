"""One spelling for many alphabets, and words that are alike."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from b24app.domain.search import ALIKE, BEGINS, EXACT, fold, likeness, spellings, words


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Тўқимачилик", "Toʻqimachilik"),
        ("to'qimachilik", "Toʻqimachilik"),
        ("Бухара", "Bukhara"),
        ("трикотаж", "trikotazh"),
        ("Ёлка", "елка"),
        ("Хлопок", "khlopok"),
        ("Cotton", "koton"),
        ("Гʻалаба", "Gʻalaba"),
    ],
)
def test_two_ways_of_writing_fold_into_one(one: str, other: str) -> None:
    """The same word in another alphabet or with another apostrophe folds alike."""
    assert fold(one) == fold(other)


@pytest.mark.parametrize(
    ("asked", "word", "how"),
    [
        ("denim", "denim", EXACT),
        ("trik", "trikotaj", BEGINS),
        ("denm", "denim", ALIKE),
        ("futblka", "futbolka", ALIKE),
        ("futbloka", "futbolkalar", ALIKE),
        ("polo", "poltava", 0),
        ("abc", "abd", 0),
        ("iso901", "iso900", 0),
    ],
)
def test_a_typing_error_or_two_are_forgiven(asked: str, word: str, how: int) -> None:
    """Longer words forgive more; short words and numbers nothing."""
    assert likeness(asked, word) == how


def test_x_and_c_are_spelt_both_ways() -> None:
    """An English brand is found by its Cyrillic spelling, an Uzbek word too."""
    assert {"tekstile", "tehtile"} <= set(spellings("textile"))
    assert {"abk", "abs"} <= set(spellings("ABC"))


@given(st.text())
def test_folding_twice_changes_nothing_more(text: str) -> None:
    """Whatever is typed folds into Latin letters, digits and single blanks, and its words are found by themselves."""
    for word in words(text):
        assert word.isascii()
        assert likeness(word, word) == EXACT

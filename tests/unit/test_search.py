"""One spelling for many alphabets, and words that are alike."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from b24app.domain.search import ALIKE, BEGINS, EXACT, fold, likeness, opening, spellings, trigrams, words


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


@given(st.text(alphabet="abcd", min_size=2, max_size=12), st.text(alphabet="abcd", max_size=6))
def test_what_goes_on_from_a_word_holds_its_opening(asked: str, more: str) -> None:
    """The pieces by which words are looked up that begin like a short one are in every such word, itself included."""
    assert set(opening(asked)) <= set(trigrams(asked + more))


@given(st.text(alphabet="abc", min_size=4, max_size=9), st.text(alphabet="abc", min_size=3, max_size=9))
def test_an_error_more_or_less_counts_alike_from_both_sides(asked: str, word: str) -> None:
    """A word of the same length is as far from the typed one as that is from it."""
    if len(asked) == len(word) < 6 and not (word.startswith(asked) or asked.startswith(word)):
        assert likeness(asked, word) == likeness(word, asked)


@given(st.text(alphabet="abc", min_size=4, max_size=7), st.text(alphabet="abc", min_size=1, max_size=10))
def test_one_error_is_told_as_counting_letters_tells_it(asked: str, word: str) -> None:
    """A word of up to seven letters answers with one error exactly when the counted distance, to it or its beginning, is one."""
    ends = range(len(asked) - 1, len(asked) + 2) if len(asked) >= 6 else [len(word)]
    near = any(_edits(asked, word[:end]) <= 1 for end in ends if end <= len(word))
    assert (likeness(asked, word) > 0) == (word.startswith(asked) or near)


def _edits(one: str, other: str) -> int:
    """Letters left out, added, changed or swapped with a neighbour, counted the plain way."""
    rows = [list(range(len(other) + 1))]
    for i, mine in enumerate(one, 1):
        row = [i]
        for j, theirs in enumerate(other, 1):
            ways = [rows[-1][j] + 1, row[-1] + 1, rows[-1][j - 1] + (mine != theirs)]
            if i > 1 and j > 1 and mine == other[j - 2] and theirs == one[i - 2]:
                ways.append(rows[-2][j - 2] + 1)
            row.append(min(ways))
        rows.append(row)
    return rows[-1][-1]

"""Each finder on its own: what speaks for a name, what against it, and where its words come from."""

from __future__ import annotations

import pytest

from b24app.domain.masking import FINDERS, MARK, mask
from b24app.domain.masking.clues import MOST_REMEMBERED, Remembered
from b24app.domain.masking.folding import fold
from b24app.domain.masking.lexicon import Roles
from b24app.domain.masking.sounds import is_given, is_surname
from tests.unit.masking import measured


@pytest.mark.parametrize(
    "word", ["Шерзодга", "Sherzod", "Зарину", "Зулфия", "Xurshida", "Baxtiyorjon", "Дилшоду", "Mehmet"]
)
def test_a_given_name_is_known_in_any_alphabet_and_case(word: str) -> None:
    """One spelling in the list stands for all of them."""
    assert is_given(word)


@pytest.mark.parametrize("word", ["Andijon", "The", "Хлопок", "Тошкент", "Fabrika", "Cotton"])
def test_other_words_are_no_names(word: str) -> None:
    """Cities, articles and goods do not sound like people."""
    assert not is_given(word)


def test_a_surname_is_told_by_its_ending() -> None:
    """Surnames and patronymics need no list."""
    assert (is_surname("Рахимовна"), is_surname("Karimov"), is_surname("Ткань")) == (True, True, False)


@pytest.mark.parametrize(
    "text",
    [
        "Здравствуйте, Анна! Когда отгрузка?",
        "Aziz aka, narxi qancha?",
        "Платье «Марина» из вискозы",
        "модели: Асель, Дана",
    ],
)
def test_who_is_addressed_and_what_is_sold_stays(text: str) -> None:
    """A name somebody is spoken to by, or goods are called by, gives nobody away."""
    assert mask(text).text == text


def test_a_user_name_needs_more_than_a_messenger() -> None:
    """A plain word beside a messenger stays; with a cue between them it is a name."""
    assert mask("reply on telegram shortly").text == "reply on telegram shortly"
    assert mask("my telegram: northwear").text == f"my telegram: {MARK}"


def test_letters_of_the_other_alphabet_return_to_their_word() -> None:
    """A Latin o among Cyrillic letters, or the other way round, hides no word from the finders."""
    assert (fold("нoль").text, fold("mаil").text, fold("хлопок XL").text) == ("ноль", "mail", "хлопок xl")


def test_a_star_stands_for_any_ending() -> None:
    """A listed word is found whole, a beginning with whatever follows."""
    roles = Roles({"places": ("телег*", "tg"), "naming": ("телегин",)})
    assert (roles.of("телеграме"), roles.of("tgx"), roles.of("телегин")) == ({"places"}, set(), {"naming"})


def test_no_finder_is_left_unasked() -> None:
    """A finder that would find something in a line of the corpus is always among those its words give cause to ask."""
    texts = {fold(text).text for _, text in (*measured.contacts(), *measured.harmless())}
    unasked = [
        (what, text)
        for what, is_clue, find in FINDERS
        for text in texts
        if next(find(text), None) and not any(map(is_clue, text.split()))
    ]
    assert unasked == []


@pytest.mark.parametrize(
    "text",
    [
        "склад: ул. Навои, д. 15",
        "Navoiy koʻchasi 12-uy",
        "Мирзо Улуғбек кўчаси 40",
        "14 Mill Lane",
        "улица Техническая 23а",
    ],
)
def test_a_street_with_its_house_is_hidden(text: str) -> None:
    """Where a company sits gives it away as its name does."""
    assert mask(text).found == ("name",)


@pytest.mark.parametrize(
    "text",
    ["Улица зимой минус 30", "Uyda kiyadigan xalat, 60 dona", "14 mill rolls on the main road", "Street style 2026"],
)
def test_a_street_needs_a_name_and_a_house(text: str) -> None:
    """Words for streets and houses alone give nothing away."""
    assert mask(text).text == text


def test_a_word_is_remembered_and_forgotten() -> None:
    """A word is judged once, until more are known than are kept."""
    asked: list[str] = []

    def letters(word: str) -> frozenset[str]:
        asked.append(word)
        return frozenset(word)

    known = Remembered(letters)
    assert known.of_any(["ab", "ab", "c"]) == {"a", "b", "c"}
    for number in range(MOST_REMEMBERED):
        known.of_any([str(number)])
    assert (asked[:2], len(known) <= MOST_REMEMBERED) == (["ab", "c"], True)

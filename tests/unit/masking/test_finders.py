"""Each finder on its own: what speaks for a name, what against it, and where its words come from."""

from __future__ import annotations

import pytest

from b24app.domain.masking import FINDERS, MARK, mask, people
from b24app.domain.masking.clues import MOST_REMEMBERED, Remembered
from b24app.domain.masking.folding import fold
from b24app.domain.masking.given import Kind, kind
from b24app.domain.masking.lexicon import Roles
from b24app.domain.masking.likeness import Likeness
from tests.unit.masking import measured


@pytest.mark.parametrize(
    "word", ["Шерзодга", "Sherzod", "Зарину", "Зулфия", "Xurshida", "Baxtiyorjon", "Дилшоду", "Mehmet", "Rashida"]
)
def test_a_given_name_is_known_in_any_alphabet_and_case(word: str) -> None:
    """One spelling in the list stands for all of them."""
    assert kind(word) is Kind.LISTED


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("Toshnazar", Kind.BUILT),
        ("Ойсулув", Kind.LISTED),
        ("Роза", Kind.DOUBTFUL),
        ("Рахимовна", Kind.SURNAME),
        ("Karimov", Kind.SURNAME),
        ("Gulbodom", Kind.ALIKE),
        ("Thornbury", Kind.UNKNOWN),
    ],
)
def test_names_that_no_list_holds_are_told_by_their_make(word: str, expected: Kind) -> None:
    """Parts, endings and the sound speak for a name, each for as much as it is worth."""
    assert kind(word) is expected


@pytest.mark.parametrize("word", ["Andijon", "Andijonda", "The", "Хлопок", "Тошкент", "Fabrika", "Cotton", "Zara"])
def test_other_words_are_no_names(word: str) -> None:
    """Cities, brands, articles and goods are no people, whatever they sound like."""
    assert kind(word) in {Kind.ORDINARY, Kind.UNKNOWN}


def test_names_sound_unlike_words() -> None:
    """What is learnt from lists tells apart names and words that stand in none of them."""
    likeness = Likeness(names=["gulnora", "gulbahor", "dilbahor"], ordinary=["tikuv", "tikuvchi", "buyurtma"])
    assert likeness.of("gulhayo") > 0 > likeness.of("tikuvda")


def test_every_hidden_name_has_its_reasons() -> None:
    """Why a name is hidden, and why another is not, can be told."""
    [(name, reasons)] = people.weighed("Завтра в цех приедет Жасур", near_contact=False)
    assert (name.words[0].text, reasons) == (
        "Жасур",
        ["a given name", "a capital within a sentence", "does what people do"],
    )
    [(_, against)] = people.weighed("Платье «Жасмин» 44", near_contact=False)
    assert {"in quotation marks", "goods beside it"} <= set(against)


@pytest.mark.parametrize(
    "text", ["визитка в коробке с образцами", "На бирке внутри мой номер", "vizitkada raqamim bor, qutini oching"]
)
def test_where_a_contact_is_to_be_found_is_hidden(text: str) -> None:
    """A text that sends the other side to a card in a parcel shows nothing of it."""
    assert mask(text).text == MARK


@pytest.mark.parametrize("text", ["На бирке номер партии", "пришлите визитку фабрики", "линия 3, место 12 на складе"])
def test_tags_and_cards_of_goods_stay(text: str) -> None:
    """Tags with numbers of goods, and places in a store, are no way to anybody."""
    assert mask(text).text == text


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

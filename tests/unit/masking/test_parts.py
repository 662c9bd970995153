"""Contacts that are told in several messages are found, what the trade says in several messages is not."""

from __future__ import annotations

import re

import pytest

from b24app.domain.masking import mask
from b24app.domain.masking.parts import across, may_be_part
from tests.unit.masking import measured


@pytest.mark.parametrize(
    ("parts", "told_in"),
    [
        (["+998 90", "123 45 67"], {0, 1}),
        (["90", "123", "45", "67"], {0, 1, 2, 3}),
        (["девять", "ноль", "сто двадцать три", "сорок пять", "67"], {0, 1, 2, 3, 4}),
        (["nomerim", "97", "770 12 12"], {1, 2}),
        (["Номерим бундай", "тўқсон уч", "икки юз", "ўттиз", "эллик"], {1, 2, 3, 4}),
        (["my number is", "nine one seven", "555", "0142"], {1, 2, 3}),
        (["мой ник в телеге", "azizmato"], {1}),
        (["@", "azizmato"], {0, 1}),
        (["t.me/", "azizmato"], {0, 1}),
        (["90 123 45", "67, звоните"], {0, 1}),
        (["8 9 2 6 3", "1 0 4 4 1 8"], {0, 1}),
        (["девять ноль сто двадцать три", "сорок пять", "шестьдесят семь"], {0, 1, 2}),
    ],
)
def test_what_the_parts_hold_together_is_found(parts: list[str], told_in: set[int]) -> None:
    """A number, an address or a user name is met in every part that tells it, in each language."""
    assert across(parts) == told_in
    assert all(may_be_part(parts[number]) for number in told_in)


@pytest.mark.parametrize(
    "parts",
    [
        ["42", "44", "46", "48", "50"],
        ["100", "200", "150", "90", "80"],
        ["90000", "15000"],
        ["Цена", "4,35", "за штуку"],
        ["XL 120", "L 240", "M 240", "S 120"],
        ["Артикул", "7714-22"],
        ["Номер заказа", "4512345"],
        ["15.12", "18.12", "20.12"],
        ["narxi", "12500", "14000", "9800"],
        ["12 коробов", "по 48", "итого 576"],
        ["90 dona", "120 dona", "45 dona", "67 dona"],
        ["TN VED", "6109 10 000 0"],
        ["GSM 180", "160 cm", "Pantone", "19-4052"],
        ["Можно в телеграм?", "Paxta"],
        ["Отправил в телеграм", "ok"],
        ["Артикул 5100000102", "Двадцать дней"],
        ["партия 510000", "10 1234 метра"],
    ],
)
def test_what_the_trade_says_in_parts_stays(parts: list[str]) -> None:
    """Sizes, amounts, prices and codes told one by one make no contact."""
    assert across(parts) == set()


def test_a_part_that_is_a_contact_alone_is_no_matter_of_its_neighbours() -> None:
    """What is hidden in one message already takes none of the messages around it along."""
    assert across(["42", "+998 90 123 45 67", "44"]) == set()


@pytest.mark.parametrize("text", ["Да", "Хорошо, жду образец", "Нужно 500 футболок, плотность 180, цвет чёрный, к маю"])
def test_what_no_contact_is_made_of_is_no_part(text: str) -> None:
    """Plain words and longer messages cost no look at those before them."""
    assert not may_be_part(text)


def test_most_numbers_are_found_when_cut_in_two() -> None:
    """Of the corpus's numbers that neither half gives away, at least 85 of 100 are met in both halves."""
    marked = [found for _, text in measured.marked("contacts*.txt") for found in re.findall(r"\{([^{}]+)\}", text)]
    words = [one.split() for one in marked if sum(mark.isdigit() for mark in one) > 6]
    halves = [[" ".join(one[: len(one) // 2]), " ".join(one[len(one) // 2 :])] for one in words if len(one) > 1]
    cut = [parts for parts in halves if not any(mask(part).hidden for part in parts)]
    found = [parts for parts in cut if all(map(may_be_part, parts)) and across(parts) == {0, 1}]
    assert (len(cut) > 250, len(found) / len(cut) >= 0.85) == (True, True), (len(cut), len(found))


def test_harmless_lines_said_in_a_row_stay() -> None:
    """Of the corpus's harmless lines, said one after the other, at most 1 of 200 is taken for a part."""
    lines = [text for _, text in measured.lines("harmless*.txt")]
    rows = [[lines[at - 1][-200:], lines[at]] for at in range(1, len(lines)) if may_be_part(lines[at])]
    touched = [parts for parts in rows if across(parts)]
    assert (len(rows) > 500, len(touched) <= len(lines) / 200) == (True, True), touched

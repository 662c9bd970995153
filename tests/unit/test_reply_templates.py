"""Texts that managers write often."""

from __future__ import annotations

import pytest

from b24app.domain.reply_templates import FIELDS, called, chosen_text, filled, unknown_fields


def test_only_what_is_no_field_is_named() -> None:
    """Each unknown name in braces is told once, in the order in which it stands; the fields that there are never are."""
    every = " ".join(f"{{{name}}}" for name in FIELDS)
    assert unknown_fields(f"{every} {{sum}} {{name}} {{Lot}} {{sum}} {{}}") == ["sum", "Lot", ""]


def test_a_field_without_a_value_shows_a_dash() -> None:
    """What is known is put in, what is not is a dash, and braces around anything else stay as they were written."""
    assert filled("{name}: {lot}, {deadline}, {sum}", {"name": "Ivan", "lot": "", "sum": "5"}) == "Ivan: —, —, {sum}"


@pytest.mark.parametrize(
    ("texts", "language", "expected"),
    [
        ({"ru": "да", "en": "yes"}, "en", "yes"),
        ({"ru": "да", "en": "yes"}, "uz", "да"),
        ({"ru": "", "uz": "ha", "en": "yes"}, "ru", "ha"),
        ({}, "ru", ""),
    ],
)
def test_each_reads_a_language_that_there_is(texts: dict[str, str], language: str, expected: str) -> None:
    """The reader's own language comes first, then Russian, Uzbek, English; nothing at all is an empty text."""
    assert chosen_text(texts, language) == expected


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("#template Terms", "Terms"),
        ("  #ШАБЛОН Условия оплаты ", "Условия оплаты"),
        ("#shablon Shartlar\n", "Shartlar"),
        ("see #template Terms", ""),
        ("#template Terms\nand more", ""),
        ("#templateTerms", ""),
        ("#template", ""),
    ],
)
def test_a_template_is_called_by_a_text_of_its_own(text: str, name: str) -> None:
    """Only a message that is nothing but the call asks for a template."""
    assert called(text) == name

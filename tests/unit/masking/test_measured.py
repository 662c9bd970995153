"""Masking is measured on the whole corpus, in each language."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.masking import measured

PROJECT = Path(__file__).parents[3]
LEAST_RECALL = 0.98
MOST_FALSE_ALARMS = 0.02


def test_the_corpus_is_large_enough() -> None:
    """Figures come from at least four hundred different lines, with every language and alphabet among them."""
    every = [*measured.contacts(), *measured.harmless()]
    assert len({text for _, text in every}) >= 400
    assert {language for language, _ in every} == set(measured.LANGUAGES)


def test_recall() -> None:
    """At least 98 of 100 contacts are hidden."""
    assert measured.measure().recall >= LEAST_RECALL, measured.missed()


def test_false_alarms() -> None:
    """At most 2 of 100 harmless lines are touched."""
    assert measured.measure().false_alarms <= MOST_FALSE_ALARMS, measured.alarmed()


def test_a_contact_is_hidden_whole() -> None:
    """Where a line marks its contact, in at most one of twenty a part of it can still be read."""
    marked = [text for _, text in measured.marked("contacts*.txt") if "{" in text]
    assert len(measured.left_over()) <= len(marked) / 20, measured.left_over()


@pytest.mark.parametrize("language", measured.LANGUAGES)
def test_no_language_is_left_behind(language: str) -> None:
    """No language hides behind the others: each is within the promised figures."""
    figures = measured.measure(language)
    assert (figures.recall >= LEAST_RECALL, figures.false_alarms <= MOST_FALSE_ALARMS) == (True, True)


def test_the_document_holds_the_present_figures() -> None:
    """docs/bridge.md shows what is measured now."""
    assert measured.markdown() in (PROJECT / "docs" / "bridge.md").read_text()

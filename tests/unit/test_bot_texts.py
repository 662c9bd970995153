"""What may stand in the place of a text of the bot."""

from __future__ import annotations

import pytest

from b24app.domain.bot_texts import faults, pieces
from b24app.i18n import LANGUAGES, PLURALS, Texts, standing_bot_texts

STANDARD = ("Lot <b>{number}</b> of {name}",)
OFFERS = ("{count} offer", "{count} offers")


@pytest.mark.parametrize(
    ("wording", "expected"),
    [
        ("<b>{number}</b>: {name}!", []),
        ("{name}: <b>No. {number}</b>", []),
        ("<b>{number}</b>", ["places"]),
        ("<b>{number}</b> {name} {price}", ["places"]),
        ("<b>{number}</b> {name} {", ["places"]),
        ("<b>{number}</b> {name} {{x}}", ["places"]),
        ("<b>{number:>9}</b> {name}", ["places"]),
        ("<b>{number}</b> {name.first}", ["places"]),
        ("{number} {name}", ["markup"]),
        ("<b>{number} {name}", ["markup"]),
        ("<b>{number}</b> {name} < 5", ["markup"]),
        ("<b>{number}</b> & {name}", ["markup"]),
        (" ", ["empty"]),
        ("<b>{number}</b> {name}" + "x" * 1000, ["too_long"]),
    ],
)
def test_a_wording_keeps_places_and_markup(wording: str, expected: list[str]) -> None:
    """What Telegram would refuse or the bot could not fill is named, and nothing else."""
    assert faults(STANDARD, [wording]) == expected


def test_every_plural_form_is_asked_for() -> None:
    """A wording with fewer forms than its language has is not taken."""
    assert faults(OFFERS, ["{count}"]) == ["forms"]
    assert faults(OFFERS, ["{count} bid", "bids"]) == ["places"]
    assert faults(OFFERS, ["{count} bid", "{count} bids"]) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_standing_texts_are_themselves_in_order(language: str) -> None:
    """Every text of the bot can be saved unchanged, has all forms of its language, and is there in every language."""
    standing = standing_bot_texts(language)
    assert [text_id for text_id, forms in standing.items() if faults(forms, forms)] == []
    assert {len(forms) for forms in standing.values()} == {1, len(PLURALS[language])}
    assert standing.keys() == standing_bot_texts("ru").keys()


@pytest.mark.parametrize(
    ("count", "expected"), [(1, "1 отклик"), (3, "3 отклика"), (11, "11 откликов"), (21, "21 отклик")]
)
def test_another_wording_has_the_plurals_of_its_language(count: int, expected: str) -> None:
    """The form follows the number as it does in the standing text."""
    own = {"{count} offer": ("{count} отклик", "{count} отклика", "{count} откликов")}
    assert Texts("ru", own).tn("{count} offer", "{count} offers", count) == expected


@pytest.mark.parametrize("broken", ["{nobody}", "{", "{0}", "{number.x}"])
def test_a_broken_wording_never_breaks_a_message(broken: str) -> None:
    """What cannot be filled is passed over for the standing text."""
    said = Texts("en", {"Lot No. {number}": (broken,), "{count} offer": (broken,)})
    assert said("Lot No. {number}", number=5) == "Lot No. 5"
    assert said.tn("{count} offer", "{count} offers", 2) == "2 offers"


def test_a_preview_knows_what_is_bold() -> None:
    """Words are cut at their tags, and a tag that was never opened does no harm."""
    assert pieces("Lot <b>5</b> of <i>us</i>") == [("", "Lot "), ("b", "5"), ("", " of "), ("i", "us")]
    assert pieces("</b>x") == [("", "x")]

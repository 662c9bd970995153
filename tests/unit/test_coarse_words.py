"""Words of abuse in what buyers write."""

from __future__ import annotations

import pytest

from b24app.domain.coarse_words import held


@pytest.mark.parametrize(
    "text",
    ["Какая же это ХУЙНЯ", "blyat, быстрее", "Ничего, сука!", "What a fucking price", "onangni", "bullshit", "пиздец"],
)
def test_abuse_is_found_in_every_spelling(text: str) -> None:
    """Russian, Uzbek or English, Cyrillic or Latin, in any case and among other words."""
    assert held(text)


@pytest.mark.parametrize(
    "text",
    [
        "Футболки хлопковые с печатью, 180 г/м², размеры S–XXL, 4 цвета",
        "Paxta futbolkalar, 20 000 dona, hujjatlar bilan",
        "Deep blue hue, cotton, ebony buttons, Scunthorpe",
        "Сукно шерстяное, оттенок серый",
    ],
)
def test_plain_words_of_trade_are_left_alone(text: str) -> None:
    """Cloth, hues, papers and places are no abuse, whatever they begin with."""
    assert not held(text)

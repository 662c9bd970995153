"""Which names identify a buyer."""

from __future__ import annotations

import pytest

from b24app.domain.masking import mask
from b24app.domain.masking.names import identifying


def test_telling_parts_are_hidden_and_common_words_stay() -> None:
    """The company's own word disappears, the trade's words in its name do not."""
    names = identifying(
        company="ООО «Лаванда Текстиль»",
        full_name="Пётр Сидоренко",
        user_name="lavanda_buy",
        website="https://lavanda.ru",
    )
    assert mask("Лаванда ищет текстиль, пишет Сидоренко", names).text == "••• ищет текстиль, пишет •••"


@pytest.mark.parametrize("company", ["", "Textile Group", "ООО"])
def test_a_name_of_common_words_hides_no_word(company: str) -> None:
    """A company named by common words alone does not make them unreadable."""
    names = identifying(company=company, full_name="", user_name="", website="")
    assert mask("textile for our group", names).text == "textile for our group"

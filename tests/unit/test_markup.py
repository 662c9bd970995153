"""BB codes to plain text and Telegram HTML: what was typed never becomes markup."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from b24app.domain.markup import escape_codes, to_html, to_plain
from b24app.domain.messages import shown_to_others, worst_state
from b24app.domain.side_marks import addressed


@pytest.mark.parametrize(
    ("source", "html", "plain"),
    [
        ("[b]a[/b] & <i>", "<b>a</b> &amp; &lt;i&gt;", "a & <i>"),
        (
            "[url=https://a.uz/?x=1&y=2]here[/url]",
            '<a href="https://a.uz/?x=1&amp;y=2">here</a>',
            "here (https://a.uz/?x=1&y=2)",
        ),
        ("[url]https://a.uz[/url]", '<a href="https://a.uz">https://a.uz</a>', "https://a.uz"),
        ("[url=javascript:x]here[/url]", "here", "here (javascript:x)"),
        ("[b]open", "[b]open", "[b]open"),
        ("a[br]b", "a\nb", "a\nb"),
        ("[i][b]x[/b][/i]", "<b><i>x</i></b>", "x"),
        ("[color=#ff0000]x[/color]", "x", "x"),
    ],
)
def test_codes_become_html_and_plain_text(source: str, html: str, plain: str) -> None:
    """Closed pairs become tags, everything else stays what was typed."""
    assert (to_html(source), to_plain(source)) == (html, plain)


@given(st.text(alphabet="[]/bius=url<>&\"' \u2060\n", max_size=80))
def test_typed_text_never_becomes_markup(text: str) -> None:
    """Escaped text gives no tag at all, in whatever it is wrapped."""
    assert not re.search(r"<[a-z/]", to_html(escape_codes(text)))


@given(st.text(max_size=200))
def test_html_is_balanced(text: str) -> None:
    """Every tag that is opened is closed."""
    tags = re.findall(r"<(/?)(\w+)", to_html(text))
    assert len([t for t in tags if not t[0]]) == len([t for t in tags if t[0]])


@pytest.mark.parametrize(
    ("text", "side", "rest"),
    [
        ("Hello", "both", "Hello"),
        ("#buyer: Hello", "buyer", "Hello"),
        ("#Фабрике, добрый день", "factory", "добрый день"),
        ("#izoh faqat oʻzimiz uchun", "note", "faqat oʻzimiz uchun"),
        ("#buyers are many", "both", "#buyers are many"),
    ],
)
def test_a_side_mark_addresses_one_side(text: str, side: str, rest: str) -> None:
    """A mark at the very start decides who gets an employee's text, and is not shown."""
    assert addressed(text) == (side, rest)


def test_formatting_cannot_carry_a_number_through() -> None:
    """A number split by formatting is found, and its message loses the formatting."""
    shown = shown_to_others("text", "[b]+998 90[/b] [i]123 45 67[/i]", masked=True)
    assert (shown.text, shown.hidden) == ("•••", True)


def test_a_place_that_may_not_be_told_has_no_point_on_the_map() -> None:
    """A venue with a street address is hidden whole before the contract; one that names a town keeps its point."""
    street = shown_to_others("venue", "Склад\nТашкент, ул. Навои 1\n📍 41.30000, 69.20000", masked=True)
    assert (street.text, street.hidden) == ("•••", True)
    town = "Цех №2\nФергана\n📍 40.38421, 71.78432"
    assert shown_to_others("venue", town, masked=True).text == town


def test_files_that_tell_are_cleaned_until_contacts_are_open() -> None:
    """Documents and videos are cleaned while masked, pictures and voices are not, nothing is afterwards."""
    held = {kind: shown_to_others(kind, "", masked=True).to_clean for kind in ("document", "video", "photo", "voice")}
    assert held == {"document": True, "video": True, "photo": False, "voice": False}
    assert not shown_to_others("document", "", masked=False).to_clean


def test_the_worst_copy_counts() -> None:
    """A message is delivered only when every copy is."""
    assert worst_state(["delivered", "uncertain"]) == "uncertain"
    assert worst_state(["delivered"]) == "delivered"
    assert worst_state([]) == "sent"

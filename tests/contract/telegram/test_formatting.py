"""Formatting survives the bridge and is never made out of what a person merely typed."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from telegram_bridge import formatting as f

TRICKY = st.text(
    st.sampled_from(list("[]/bBurl=i<>&;#-> \n\u2060\u200b😀ñ:x*")) | st.characters(exclude_categories=["Cs"]),
    max_size=60,
)
MARKUP = (
    "[b] [/b] [i] [/i] [url=https://e.uz/a] [/url] [code] [/code] >> ------ x [u] [/u] [ ] > 😀 [br] [user=1] </b> <b>"
)
WORDS = st.sampled_from((*MARKUP.split(), "\n", "\u2060", " ", "[code", "[color=#8a8a8a]", "[/color]"))
SOURCES = st.lists(WORDS | TRICKY, max_size=14).map("".join)
SPANS = st.lists(
    st.builds(
        f.Span,
        st.sampled_from(["quote", "link", "bold", "italic", "underline", "strike", "spoiler", "code", "pre"]),
        st.integers(-3, 40),
        st.integers(-3, 60),
        st.sampled_from(["https://e.uz/a", "https://e.uz/[b]", "javascript:x", "tg://user?id=1"]),
    ),
    max_size=6,
)
RICH = st.builds(f.canonical, SOURCES, SPANS)


@settings(deadline=None)
@given(TRICKY | SOURCES)
def test_typed_text_never_becomes_markup(text: str) -> None:
    """What a person typed comes back as typed, without a single span, through BB codes and through HTML."""
    assert f.from_bbcode(f.escape(text)) == f.RichText(text)
    assert f.from_html(f.to_html(f.RichText(text))) == f.RichText(text)
    assert not re.search(r"\[[/*]?[a-z]|>>|-{6}", f.escape(text), re.IGNORECASE)


@settings(deadline=None)
@given(RICH)
def test_rich_text_survives_bbcode(rich: f.RichText) -> None:
    """Formatting written as BB codes is read back the same."""
    assert f.from_bbcode(f.to_bbcode(rich)) == rich


@settings(deadline=None)
@given(SOURCES)
def test_bbcode_is_stable(source: str) -> None:
    """BB codes → entities → BB codes changes nothing after the first time."""
    once = f.entities_to_bbcode(f.from_bbcode(source).text, f.to_entities(f.from_bbcode(source)))
    again = f.from_bbcode(once)
    assert f.entities_to_bbcode(again.text, f.to_entities(again)) == once


@settings(deadline=None)
@given(RICH)
def test_rich_text_survives_html_and_entities(rich: f.RichText) -> None:
    """Formatting written as Telegram HTML or as entities is read back the same."""
    assert f.from_html(f.to_html(rich)) == rich
    assert f.from_entities(rich.text, f.to_entities(rich)) == rich


@settings(deadline=None)
@given(RICH, st.integers(5, 40))
def test_parts_fit_and_lose_nothing_but_spaces(rich: f.RichText, limit: int) -> None:
    """Every part is within the limit and together they hold every sign that is not a space."""
    parts = f.split(rich, limit)
    assert all(f.utf16_length(part.text) <= limit for part in parts)
    assert "".join("".join(part.text.split()) for part in parts) == "".join(rich.text.split())


@pytest.mark.parametrize(
    ("text", "entities", "bbcode"),
    [
        ("plain", None, "plain"),
        ("bold", [{"type": "bold", "offset": 0, "length": 4}], "[b]bold[/b]"),
        ("😀bold", [{"type": "bold", "offset": 2, "length": 4}], "😀[b]bold[/b]"),
        (
            "a b c",
            [{"type": "bold", "offset": 0, "length": 3}, {"type": "italic", "offset": 2, "length": 3}],
            "[b]a [i]b[/i][/b][i] c[/i]",
        ),
        (
            "see",
            [{"type": "text_link", "offset": 0, "length": 3, "url": "https://e.uz/?a=[1]"}],
            "[url=https://e.uz/?a=%5B1%5D]see[/url]",
        ),
        ("see", [{"type": "text_link", "offset": 0, "length": 3, "url": "tg://user?id=7"}], "see"),
        ("Ivan", [{"type": "text_mention", "offset": 0, "length": 4, "user": {"id": 7}}], "Ivan"),
        (
            "x = 1",
            [{"type": "code", "offset": 0, "length": 5}, {"type": "bold", "offset": 0, "length": 1}],
            "[code]x = 1[/code]",
        ),
        ("one\ntwo", [{"type": "blockquote", "offset": 4, "length": 3}], "one\n>>two"),
        (
            "far",
            [{"type": "bold", "offset": 1, "length": 900}, {"type": "bold", "offset": -5, "length": 2}],
            "f[b]ar[/b]",
        ),
        (
            "odd",
            [{"type": "bold", "offset": "0", "length": None}, {"type": "brandnew", "offset": 0, "length": 3}],
            "odd",
        ),
        ("[b]typed[/b]", None, "[\u2060b]typed[\u2060/b]"),
        (">>typed", None, ">\u2060>typed"),
    ],
)
def test_entities_to_bbcode(text: str, entities: list[dict[str, object]] | None, bbcode: str) -> None:
    """Each kind of entity has its BB code; broken, foreign and naming ones leave the text alone."""
    assert f.entities_to_bbcode(text, entities) == bbcode


@pytest.mark.parametrize(
    ("bbcode", "html"),
    [
        ("[B]bold[/B]", "<b>bold</b>"),
        ("a[br]b", "a\nb"),
        ("[i]open", "[i]open"),
        ("[user=5]Anna[/user], hello", "Anna, hello"),
        ("[url]https://e.uz[/url]", '<a href="https://e.uz">https://e.uz</a>'),
        ("[url=javascript:alert(1)]x[/url]", "x"),
        ("[size=20][color=#f00]big[/color][/size]", "big"),
        ("[code]if a < b[/code]", "<code>if a &lt; b</code>"),
        ("[code][b]raw[/b][/code]", "<code>[b]raw[/b]</code>"),
        (">>quoted\nnot", "<blockquote>quoted\n</blockquote>not"),
        ("<b>typed</b> & so", "&lt;b&gt;typed&lt;/b&gt; &amp; so"),
        ("[icon=https://e.uz/i.png size=20 title=smile] hi", " hi"),
    ],
)
def test_bbcode_to_html(bbcode: str, html: str) -> None:
    """An operator's codes reach Telegram; codes without meaning there leave their text."""
    assert f.bbcode_to_html(bbcode) == html


def test_long_text_is_cut_between_words() -> None:
    """A text over the limit is cut at a space, and bold goes on in the next part."""
    rich = f.from_html("<b>" + "word " * 1000 + "</b>")
    parts = f.split(rich)
    assert [part.text.endswith("word") for part in parts] == [True, True]
    assert all(part.spans[0].kind == "bold" for part in parts)

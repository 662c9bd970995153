"""Formatted text: the three parse modes, given entities, detection; properties that hold for any text."""

from __future__ import annotations

import html

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.telegram.entities.text import parse_text
from sandbox.telegram.entities.units import utf16_length
from sandbox.telegram.errors import ApiError

TEXTS = st.text(st.characters(codec="utf-8"), max_size=60)
PREFIX = "Bad Request: can't parse entities: "


@pytest.mark.parametrize(
    ("mode", "source", "text", "entities"),
    [
        ("HTML", "<b>a<i>b</i></b>", "ab", [("bold", 0, 2), ("italic", 1, 1)]),
        ("HTML", "👋<u>x</u>", "👋x", [("underline", 2, 1)]),
        ("HTML", "&lt;b&gt; &amp;amp; &#128512;", "<b> &amp; 😀", []),
        (
            "HTML",
            "<tg-spoiler>s</tg-spoiler> <span class='tg-spoiler'>t</span>",
            "s t",
            [("spoiler", 0, 1), ("spoiler", 2, 1)],
        ),
        ("HTML", "<blockquote expandable>q</blockquote>", "q", [("expandable_blockquote", 0, 1)]),
        ("MarkdownV2", "*b* _i_ __u__ ~s~ ||p|| `c`", "b i u s p c", None),
        ("MarkdownV2", "*b _i_*", "b i", [("bold", 0, 3), ("italic", 2, 1)]),
        ("MarkdownV2", "1\\.5 \\*x\\*", "1.5 *x*", []),
        ("MarkdownV2", ">quote\n>more\nrest", "quote\nmore\nrest", [("blockquote", 0, 11)]),
        ("Markdown", "*b* _i_ `c`", "b i c", [("bold", 0, 1), ("italic", 2, 1), ("code", 4, 1)]),
    ],
)
def test_parse_modes(mode: str, source: str, text: str, entities: list[tuple[str, int, int]] | None) -> None:
    """Markup vanishes from the text and becomes entities in UTF-16 units."""
    parsed, found = parse_text(source, mode, None)
    assert parsed == text
    if entities is not None:
        assert [(e["type"], e["offset"], e["length"]) for e in found] == entities
    else:
        assert [e["type"] for e in found] == ["bold", "italic", "underline", "strikethrough", "spoiler", "code"]


@pytest.mark.parametrize(
    ("mode", "source", "refusal"),
    [
        ("HTML", "<b>x", 'Can\'t find end tag corresponding to start tag "b"'),
        ("HTML", "я<c>x</c>", 'Unsupported start tag "c" at byte offset 2'),
        ("HTML", "x</b>", "Unexpected end tag at byte offset 1"),
        ("HTML", "<b>x</i>", 'Unmatched end tag at byte offset 4, expected "</b>", found "</i>"'),
        ("HTML", "<b", "Unclosed start tag at byte offset 0"),
        ("HTML", "a < b", "Unclosed start tag at byte offset 2"),
        ("MarkdownV2", "a.b", "Character '.' is reserved and must be escaped with the preceding '\\'"),
        ("MarkdownV2", "я*b", "Can't find end of Bold entity at byte offset 2"),
        ("MarkdownV2", "[a](http://x", "Can't find end of a URL at byte offset 4"),
        ("Markdown", "a_b", "Can't find end of the entity starting at byte offset 1"),
    ],
)
def test_broken_markup(mode: str, source: str, refusal: str) -> None:
    """Broken markup is refused in the real parser's words with byte offsets."""
    with pytest.raises(ApiError) as error:
        parse_text(source, mode, None)
    assert error.value.description in {PREFIX + refusal, PREFIX + 'Unsupported start tag "" at byte offset 2'}


def test_detection() -> None:
    """Addresses, commands, mentions, hashtags and mail are found in plain text and nowhere inside code."""
    text, found = parse_text("/start@my_bot see https://x.uz/a?b=1, @user_name #tag a@b.uz $USD", None, None)
    shown = {text[e["offset"] : e["offset"] + e["length"]]: e["type"] for e in found}
    assert shown == {
        "/start@my_bot": "bot_command",
        "https://x.uz/a?b=1": "url",
        "@user_name": "mention",
        "#tag": "hashtag",
        "a@b.uz": "email",
        "$USD": "cashtag",
    }
    assert [e["type"] for e in parse_text("<code>https://x.uz</code>", "HTML", None)[1]] == ["code"]


@pytest.mark.parametrize(
    "entity",
    [{"offset": 5, "length": 1}, {"offset": 0, "length": 9}, {"offset": -1, "length": 1}, {"offset": 0, "length": 1}],
)
def test_given_entities_must_fit(entity: dict[str, int]) -> None:
    """Entities outside the text or cutting an emoji are refused."""
    with pytest.raises(ApiError):
        parse_text("👋ab", None, [{"type": "bold", **entity}])


@given(TEXTS)
def test_escaped_html_is_plain_text(text: str) -> None:
    """Escaping the three signs gives the text itself back, trimmed and cleaned like plain text."""
    escaped = html.escape(text, quote=False)
    assert parse_text(escaped, "HTML", None) == parse_text(text, None, None)


@given(TEXTS)
def test_escaped_markdown_is_plain_text(text: str) -> None:
    """Escaping every reserved sign of MarkdownV2 gives the text itself back."""
    escaped = "".join(f"\\{sign}" if sign in "_*[]()~`>#+-=|{}.!\\" else sign for sign in text)
    assert parse_text(escaped, "MarkdownV2", None) == parse_text(text, None, None)


def parsed_or_refused(source: str, mode: str) -> tuple[str, list[dict]] | int:
    """What a parser made of a source, or the status of its refusal."""
    try:
        return parse_text(source, mode, None)
    except ApiError as refusal:
        return refusal.code


@given(TEXTS, st.sampled_from(["HTML", "MarkdownV2", "Markdown"]))
def test_any_text_is_parsed_or_refused(text: str, mode: str) -> None:
    """No input breaks a parser: the answer is entities inside the text, or a refusal."""
    outcome = parsed_or_refused(text, mode)
    if isinstance(outcome, int):
        assert outcome == 400
    else:
        size = utf16_length(outcome[0])
        assert all(e["offset"] >= 0 and e["length"] > 0 and e["offset"] + e["length"] <= size for e in outcome[1])


PIECES = ["<b>", "</b>", "<i>", "</i>", "<a href='http://a.b'>", "</a>", "*", "_", "__", "||", "`", "[", "](x.y)", ">"]
MARKUP = st.lists(st.sampled_from([*PIECES, "\n", "a", "👋", " "]), max_size=25).map("".join)


@given(MARKUP, st.sampled_from(["HTML", "MarkdownV2", "Markdown"]))
def test_entities_never_cross(source: str, mode: str) -> None:
    """Whatever the markup, two entities are apart or one inside the other."""
    outcome = parsed_or_refused(source, mode)
    entities = [] if isinstance(outcome, int) else outcome[1]
    spans = [(e["offset"], e["offset"] + e["length"]) for e in entities]
    for begin, end in spans:
        for other_begin, other_end in spans:
            assert (
                end <= other_begin
                or other_end <= begin
                or (begin >= other_begin and end <= other_end)
                or (other_begin >= begin and other_end <= end)
            )

"""Every kind of message is read into one kind, one text and at most one file, without telling who else is behind it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from telebot.types import Message

from telegram_bridge.content import Content, content_of
from tests.contract.telegram.conftest import Payload


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("text", Content("text", "Нужно [b]20 000[/b] футболок")),
        ("photo", Content("photo", "Образец [\u2060b]", "AgLarge", size=180000)),
        ("voice", Content("voice", "", "AwVoice", size=9000)),
        ("video", Content("video", "", "BaVideo", "цех.mp4", 2000000)),
        ("video_note", Content("video_note", "", "DQNote", size=400000)),
        ("audio", Content("audio", "", "CQAudio", size=3000000)),
        ("document", Content("document", "Техническое задание", "BQDoc", "../tech pack.pdf", 700000)),
        ("animation", Content("animation", "", "CgAnim", "a.mp4", 90000)),
        ("sticker", Content("sticker", "", "CAStick", size=20000)),
        ("location", Content("location", "📍 41.31108, 69.24056")),
        ("venue", Content("venue", "Склад\nТашкент, Чиланзар\n📍 41.30000, 69.20000")),
        ("contact", Content("contact", "Ali Valiyev\n+998901234567")),
        ("poll", Content("poll", "Цвет?\n• Белый\n• Чёрный")),
        ("dice", Content("dice", "🎲 5")),
        ("forward", Content("text", "Прайс на март", is_forwarded=True)),
        ("story", Content("")),
    ],
)
def test_content_of_each_kind(payload: Payload, name: str, content: Content) -> None:
    """A captured message of the kind is read as it was meant; a kind that cannot be carried has none."""
    assert replace(content_of(Message.de_json(payload(name)["message"])), unique_id="") == content


def test_pieces_of_an_album_know_their_album(payload: Payload) -> None:
    """A piece of an album carries the sign that it shares with the others."""
    assert content_of(Message.de_json(payload("photo", media_group_id="139")["message"])).album == "139"

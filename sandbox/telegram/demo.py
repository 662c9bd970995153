"""What a fresh world holds: a buyer, two factories, a reader, and a tender channel."""

from __future__ import annotations

from collections.abc import Iterable

from sandbox.telegram.accounts import admin_facts, make_bot, make_chat, make_person
from sandbox.telegram.posting import member_changed
from sandbox.telegram.world import World

IVAN = 5_100_000_101
ABC_DIRECTOR = 5_100_000_102
SECOND_FACTORY = 5_100_000_103
OWNER = 5_100_000_104
TENDER_CHANNEL = -1_002_100_000_001


def populate(world: World) -> None:
    """Puts the demo people and the channel into an empty world."""
    for person in (
        {"id": IVAN, "first_name": "Иван", "last_name": "Петров", "username": "ivan_petrov", "language_code": "ru"},
        {
            "id": ABC_DIRECTOR,
            "first_name": "Dilshod",
            "last_name": "Karimov",
            "username": "abc_textiles",
            "language_code": "uz",
        },
        {"id": SECOND_FACTORY, "first_name": "Gulnora", "last_name": "Yusupova", "language_code": "uz"},
        {"id": OWNER, "first_name": "Olga", "last_name": "Kim", "username": "olga_owner", "language_code": "en"},
    ):
        make_person(world, person)
    make_chat(
        world,
        {
            "id": TENDER_CHANNEL,
            "type": "channel",
            "title": "Textile tenders",
            "username": "tender_sandbox",
            "creator": OWNER,
            "members": [IVAN, ABC_DIRECTOR, SECOND_FACTORY],
        },
    )


def register_tokens(world: World, tokens: Iterable[str]) -> None:
    """Bots that exist from the start; each is an administrator of the tender channel."""
    for token in tokens:
        if token in world.tokens:
            continue
        bot = make_bot(world, {"token": token, "topics": False})
        channel = world.chat(TENDER_CHANNEL)
        if channel is not None:
            member_changed(world, channel, OWNER, bot.id, admin_facts("channel"))

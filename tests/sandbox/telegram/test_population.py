"""Large populations: accounts and chats made one after another without anybody choosing their ids."""

from __future__ import annotations

from sandbox.telegram.accounts import fresh_chat_id, make_bot, make_chat, make_person
from sandbox.telegram.demo import populate
from sandbox.telegram.world import World

PEOPLE = 3000


def test_three_thousand_people_get_ids_of_their_own() -> None:
    """Automatic ids pass over those given by hand, so that a crowd can move into the demo world."""
    world = World()
    populate(world)
    before = len(world.state.people)
    made = {make_person(world, {"username": f"guest{number}_name"}).id for number in range(PEOPLE)}
    assert len(made) == PEOPLE
    assert len(world.state.people) == before + PEOPLE
    assert world.names["guest2999_name"].id in made


def test_bots_and_chats_pass_over_taken_ids() -> None:
    """A bot, a group and a channel made by hand under the next automatic id stand in nobody's way."""
    world = World()
    make_bot(world, {"token": f"{world.state.next_bot_id}:AAEsandboxsandboxsandboxsandbox12345"})
    assert make_bot(world, {}).id == 7_000_000_002
    for kind in ("group", "channel"):
        taken = fresh_chat_id(World(), kind)
        make_chat(world, {"type": kind, "id": taken})
        assert make_chat(world, {"type": kind}).id != taken

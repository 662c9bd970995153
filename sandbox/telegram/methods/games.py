"""Games: sending them, scores, tables of the best.

A game has to be known first, as one tells it to BotFather: here the control interface takes `games` of a bot.
"""

from __future__ import annotations

from typing import Any

from sandbox.telegram.access import Access
from sandbox.telegram.call import Call, method
from sandbox.telegram.errors import bad_request
from sandbox.telegram.files import Incoming, store
from sandbox.telegram.images import plain_picture
from sandbox.telegram.methods.edits import Target, addressed
from sandbox.telegram.model import Person
from sandbox.telegram.outgoing import SENT_ONLY_NOTED, answer, send
from sandbox.telegram.posting import edited
from sandbox.telegram.render import user_json

Json = dict[str, Any]
_NEIGHBOURS = 2
_BEST = 3


@method("sendGame", ignored=SENT_ONLY_NOTED, gaps="the wording about an unknown game is not known")
def send_game(call: Call) -> Json:
    """A game of the bot with a button that starts it."""
    chat = call.chat(Access.WRITE)
    if chat.type == "channel":
        raise bad_request("BOT_GAMES_DISABLED")
    short_name = call.get("game_short_name")
    game = call.bot.games.get(short_name)
    if game is None:
        raise bad_request("GAME_BOT_INVALID")
    rows = (call.get("reply_markup") or {}).get("inline_keyboard") or []
    if rows and not (rows[0] and isinstance(rows[0][0], dict) and "callback_game" in rows[0][0]):
        raise bad_request("REPLY_MARKUP_GAME_EMPTY")
    if "photo" not in game:
        game["photo"] = store(call.world, "photo", Incoming(plain_picture(640, 360, (111, 185, 240)), "game.png"))[
            "photo"
        ]
    effects: Json = {"game": short_name}
    if not rows:
        effects["game_label"] = f"Play {game['title']}"
    return answer(call, chat, send(call, chat, {"game": dict(game)}, effects=effects))


def _game_message(call: Call, access: Access, what: str) -> Target:
    place = addressed(call, access, what)
    if "game" not in place[1].content:
        raise bad_request("MESSAGE_ID_INVALID")
    return place


def _player(call: Call) -> Person:
    person = call.world.state.people.get(call.get("user_id"))
    if person is None:
        raise bad_request("USER_ID_INVALID")
    return person


@method("setGameScore")
def set_game_score(call: Call) -> Any:
    """A person's result; a lower one needs ``force``."""
    chat, message, inline = _game_message(call, Access.EDIT, "message to set game score")
    person, score = _player(call), call.get("score")
    if score < 0:
        raise bad_request("SCORE_INVALID")
    scores: Json = message.effects.setdefault("scores", {})
    before = scores.get(str(person.id), -1)
    if score == before or (score < before and not call.get("force")):
        raise bad_request("BOT_SCORE_NOT_MODIFIED")
    scores[str(person.id)] = score
    if not call.get("disable_edit_message"):
        lines = [
            f"{place['position']}. {place['user']['first_name']} - {place['score']}" for place in _table(call, scores)
        ]
        message.content = {**message.content, "game": {**message.content["game"], "text": "\n".join(lines)}}
        message.effects["by"] = call.bot.id
        edited(call.world, chat, message)
    return True if inline else answer(call, chat, message)


def _table(call: Call, scores: Json) -> list[Json]:
    """All results, the best first."""
    ranked = sorted(scores.items(), key=lambda entry: -entry[1])
    return [
        {"position": place, "user": user_json(call.world.account(int(user_id)), int(user_id)), "score": score}
        for place, (user_id, score) in enumerate(ranked, start=1)
    ]


@method("getGameHighScores")
def get_game_high_scores(call: Call) -> list[Json]:
    """The person's own place, the neighbours', and the best three."""
    _, message, _ = _game_message(call, Access.READ, "message to get game high scores")
    person = _player(call)
    table = _table(call, message.effects.get("scores", {}))
    own = next((place["position"] for place in table if place["user"]["id"] == person.id), None)
    return [
        place
        for place in table
        if place["position"] <= _BEST or (own is not None and abs(place["position"] - own) <= _NEIGHBOURS)
    ]

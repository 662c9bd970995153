"""Games, gifts, the bot's own pictures, tags, and what is always refused."""

from __future__ import annotations

import json
import threading

from sandbox.contract import load
from sandbox.telegram.coverage import rows
from sandbox.telegram.images import plain_picture
from tests.sandbox.telegram.client import ABC, IVAN, OLGA, Telegram

PICTURE = plain_picture(640, 360, (10, 120, 200))
SMALL = plain_picture(90, 90, (10, 120, 200))


def with_game(telegram: Telegram) -> int:
    """Ivan has a game; the id of its message."""
    telegram.control(f"bots/{telegram.call('getMe')['id']}/games", looms={"title": "Looms", "description": "Weave"})
    return int(telegram.call("sendGame", chat_id=IVAN, game_short_name="looms")["message_id"])


def test_scores_rise_and_show_who_is_best(started: Telegram) -> None:
    """A higher score is kept and written under the game, a lower one only by force; the table begins with the best."""
    message_id = with_game(started)
    about = {"chat_id": IVAN, "message_id": message_id}
    started.call("setGameScore", **about, user_id=IVAN, score=10)
    sent = started.call("setGameScore", **about, user_id=ABC, score=30)
    assert sent["game"]["text"].splitlines()[0].endswith("30")
    assert "BOT_SCORE_NOT_MODIFIED" in started.refused("setGameScore", **about, user_id=ABC, score=20)
    started.call("setGameScore", **about, user_id=ABC, score=5, force=True)
    table = started.call("getGameHighScores", **about, user_id=ABC)
    assert [(row["position"], row["user"]["id"], row["score"]) for row in table] == [(1, IVAN, 10), (2, ABC, 5)]


def test_the_button_of_a_game_asks_the_bot_for_its_address(started: Telegram) -> None:
    """A pressed game button becomes a callback query with the game's name, and the answered address reaches the person."""
    message_id = with_game(started)
    shown = started.seen(IVAN)[-1]
    answers: list[dict[str, object]] = []

    def press() -> None:
        answers.append(
            started.person(IVAN, "press", bot=started.token, message_id=message_id, button=shown["game_button"])
        )

    person = threading.Thread(target=press)
    person.start()
    query = started.call("getUpdates", timeout=5)[-1]["callback_query"]
    assert (query["game_short_name"], "data" in query) == ("looms", False)
    started.call("answerCallbackQuery", callback_query_id=query["id"], url="https://game.example/looms")
    person.join()
    assert answers[0]["url"] == "https://game.example/looms"


def test_games_need_their_button_first_and_must_be_known(started: Telegram) -> None:
    """Another first button and an unknown game are refused, and a game's button in its place is kept."""
    with_game(started)
    other = {"inline_keyboard": [[{"text": "x", "callback_data": "y"}]]}
    own = {"inline_keyboard": [[{"text": "Go", "callback_game": {}}]]}
    about = {"chat_id": IVAN, "game_short_name": "looms"}
    assert "REPLY_MARKUP_GAME_EMPTY" in started.refused("sendGame", **about, reply_markup=other)
    assert started.call("sendGame", **about, reply_markup=own)["reply_markup"] == own
    assert started.refused("sendGame", chat_id=IVAN, game_short_name="none").startswith("Bad Request")


def test_a_gift_costs_stars_and_is_seen(started: Telegram) -> None:
    """Without Stars a gift is refused; bought with them it is listed for the person, who sees it in the chat."""
    gift = started.call("getAvailableGifts")["gifts"][0]
    wanted = {"user_id": IVAN, "gift_id": gift["id"], "text": "<b>Thanks</b>", "text_parse_mode": "HTML"}
    assert "BALANCE_TOO_LOW" in started.refused("sendGift", **wanted)
    price = [{"label": "Lot", "amount": 50}]
    bill = started.call(
        "sendInvoice", chat_id=IVAN, title="t", description="d", payload="p", currency="XTR", prices=price
    )
    answer = threading.Thread(target=lambda: _let_pass(started))
    answer.start()
    started.person(IVAN, "pay", bot=started.token, message_id=bill["message_id"])
    answer.join()
    started.call("sendGift", **wanted)
    owned = started.call("getUserGifts", user_id=IVAN)
    assert (owned["total_count"], owned["gifts"][0]["text"]) == (1, "Thanks")
    assert started.call("getMyStarBalance") == {"amount": 50 - gift["star_count"]}
    assert started.seen(IVAN)[-1]["gift"]["gift"]["id"] == gift["id"]


def _let_pass(telegram: Telegram) -> None:
    query = telegram.call("getUpdates", timeout=5, allowed_updates=["pre_checkout_query"])[-1]["pre_checkout_query"]
    telegram.call("answerPreCheckoutQuery", pre_checkout_query_id=query["id"], ok=True)


def test_the_bot_has_a_picture_until_it_is_removed(started: Telegram) -> None:
    """A picture sent along is the bot's newest profile photo; one named by an id is refused."""
    bot_id = started.call("getMe")["id"]
    static = {"type": "static", "photo": "attach://mine"}
    started.call("setMyProfilePhoto", {"mine": ("a.png", PICTURE)}, photo=json.dumps(static))
    assert started.call("getUserProfilePhotos", user_id=bot_id)["total_count"] == 1
    assert "photo must be uploaded" in started.refused("setMyProfilePhoto", photo={"type": "static", "photo": "x"})
    started.call("removeMyProfilePhoto")
    assert started.call("getUserProfilePhotos", user_id=bot_id)["total_count"] == 0


def test_a_member_gets_a_tag(started: Telegram) -> None:
    """A tag of a plain member of a group is seen by getChatMember; administrators have none."""
    bot_id = started.call("getMe")["id"]
    group = started.control("chats", type="supergroup", title="Weavers", creator=OLGA, admins=[bot_id], members=[IVAN])[
        "id"
    ]
    started.call("setChatMemberTag", chat_id=group, user_id=IVAN, tag="buyer")
    assert started.call("getChatMember", chat_id=group, user_id=IVAN)["tag"] == "buyer"
    assert "PARTICIPANT_ID_INVALID" in started.refused("setChatMemberTag", chat_id=group, user_id=OLGA, tag="x")


def test_other_bots_are_administrators_only_when_asked_for(started: Telegram) -> None:
    """getChatAdministrators leaves other bots out unless return_bots says otherwise."""
    bot_id = started.call("getMe")["id"]
    other = started.control("bots")["id"]
    group = started.control("chats", type="supergroup", title="W", creator=OLGA, admins=[bot_id, other])["id"]
    plain = {one["user"]["id"] for one in started.call("getChatAdministrators", chat_id=group)}
    assert plain == {OLGA, bot_id}
    asked = {one["user"]["id"] for one in started.call("getChatAdministrators", chat_id=group, return_bots=True)}
    assert asked == {OLGA, bot_id, other}


def test_business_methods_know_no_connection(started: Telegram) -> None:
    """Every method that needs a business connection answers that there is none, and hardly any answers 501."""
    for name, facts in load("telegram")["methods"].items():
        given = facts["params"].get("business_connection_id", {})
        if given.get("required") and len(facts["params"]) == 1:
            assert "business connection not found" in started.refused(name, business_connection_id="x"), name
    assert {row.method for row in rows() if not row.simulated} == {"sendRichMessage", "sendRichMessageDraft"}


def test_small_pictures_and_live_photos(started: Telegram) -> None:
    """A picture sent along stands for a file, an unfit one is passed over; a live photo carries its still picture."""
    files = {"document": ("a.pdf", b"%PDF"), "thumbnail": ("t.png", SMALL)}
    sent = started.call("sendDocument", files, chat_id=IVAN)["document"]
    assert (sent["thumbnail"]["width"], sent["thumbnail"]["file_size"]) == (90, len(SMALL))
    assert started.call("sendDocument", chat_id=IVAN, document=sent["file_id"])["document"] == sent
    files = {"document": ("a.pdf", b"%PDF"), "thumbnail": ("t.png", PICTURE)}
    assert "thumbnail" not in started.call("sendDocument", files, chat_id=IVAN)["document"]
    files = {"live_photo": ("a.mp4", b"moving"), "photo": ("a.png", PICTURE)}
    live = started.call("sendLivePhoto", files, chat_id=IVAN, caption="c")["live_photo"]
    assert (live["width"], live["photo"][-1]["height"], live["mime_type"]) == (640, 360, "video/mp4")


def test_polls_with_pictures_and_places(started: Telegram) -> None:
    """A poll, its explanation and its options carry the media that they were given."""
    wanted = {
        "question": "q",
        "type": "quiz",
        "correct_option_ids": json.dumps([0]),
        "options": json.dumps([{"text": "a", "media": {"type": "location", "latitude": 1, "longitude": 2}}, "b"]),
        "media": json.dumps({"type": "photo", "media": "attach://p"}),
        "explanation_media": json.dumps({"type": "document", "media": "attach://d"}),
    }
    files = {"p": ("p.png", PICTURE), "d": ("d.txt", b"text")}
    poll = started.call("sendPoll", files, chat_id=IVAN, **wanted)["poll"]
    assert poll["media"]["photo"][-1]["width"] == 640
    assert poll["explanation_media"]["document"]["file_name"] == "d.txt"
    assert poll["options"][0]["media"]["location"] == {"latitude": 1.0, "longitude": 2.0}
    wrong = {"type": "location", "latitude": "x"}
    assert "location must be non-empty" in started.refused("sendPoll", **{**wanted, "media": wrong}, chat_id=IVAN)


def test_inline_results_with_missing_fields_are_refused(started: Telegram) -> None:
    """A place without coordinates or a contact without a number is a mistake of the caller, not of the server."""
    for result in ({"type": "location"}, {"type": "venue", "latitude": "x"}, {"type": "contact", "first_name": "a"}):
        refusal = started.refused(
            "answerInlineQuery", inline_query_id="1", results=[{"id": "1", "title": "t", **result}]
        )
        assert "can't parse inline query result" in refusal

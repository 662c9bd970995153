"""Files in both directions, albums, limits of size."""

from __future__ import annotations

import json
import struct

import pytest

from sandbox.telegram.images import plain_picture
from sandbox.telegram.people.attachments import sample_picture
from tests.sandbox.telegram.client import IVAN, OLGA, Telegram

PICTURE = sample_picture(400, 200)


def download(telegram: Telegram, path: str) -> bytes:
    """The content behind a file_path."""
    answer = telegram.session.get(f"{telegram.address}/file/bot{telegram.token}/{path}", timeout=10)
    assert answer.status_code == 200
    return answer.content


def test_an_uploaded_document_comes_back(started: Telegram) -> None:
    """What a bot uploads can be downloaded by its id and sent again without uploading."""
    sent = started.call("sendDocument", {"document": ("спец.txt", b"content", "text/plain")}, chat_id=IVAN, caption="c")
    document = sent["document"]
    assert (document["file_name"], document["mime_type"], document["file_size"]) == ("спец.txt", "text/plain", 7)
    found = started.call("getFile", file_id=document["file_id"])
    assert download(started, found["file_path"]) == b"content"
    again = started.call("sendDocument", chat_id=IVAN, document=document["file_id"])
    assert again["document"]["file_unique_id"] == document["file_unique_id"]


@pytest.mark.parametrize("name", ['"спец 1.txt"', "спец 1.txt", '"plain.txt"', "plain.txt"])
def test_file_names_of_every_alphabet(started: Telegram, name: str) -> None:
    """A file name arrives whether or not the client put it in quotes."""
    boundary = "b0und"
    body = (
        f'--{boundary}\r\nContent-Disposition: form-data; name="chat_id"\r\n\r\n{IVAN}\r\n'
        f'--{boundary}\r\nContent-Disposition: form-data; name="document"; filename={name}\r\n\r\nx\r\n--{boundary}--\r\n'
    )
    url = f"{started.address}/bot{started.token}/sendDocument"
    headers = {"Content-Type": f"multipart/form-data; boundary={boundary}"}
    answer = started.session.post(url, data=body.encode(), headers=headers, timeout=10).json()
    assert answer["result"]["document"]["file_name"] == name.strip('"')


def test_a_persons_photo_has_sizes(started: Telegram) -> None:
    """A photo arrives in growing sizes whose last is the whole picture."""
    started.person(IVAN, "send", photo={"width": 400, "height": 200}, caption="look")
    photo = started.last_update()["message"]["photo"]
    assert [size["width"] for size in photo] == [90, 320, 400]
    assert download(started, started.call("getFile", file_id=photo[-1]["file_id"])["file_path"]) == PICTURE


def test_photos_must_be_pictures(started: Telegram) -> None:
    """Anything that is no picture is refused as a photo, an id of another kind too."""
    files = {"photo": ("a.jpg", b"not a picture")}
    assert started.refused("sendPhoto", files, chat_id=IVAN) == "Bad Request: IMAGE_PROCESS_FAILED"
    document = started.call("sendDocument", {"document": ("a", b"x")}, chat_id=IVAN)["document"]["file_id"]
    assert (
        started.refused("sendPhoto", chat_id=IVAN, photo=document)
        == "Bad Request: can't use file of type Document as Photo"
    )
    assert started.refused("sendPhoto", chat_id=IVAN) == "Bad Request: there is no photo in the request"
    assert started.refused("sendPhoto", chat_id=IVAN, photo="xyz").startswith(
        "Bad Request: wrong remote file identifier"
    )


def test_big_files_cannot_be_fetched(started: Telegram) -> None:
    """Over 20 MB the id is known but the file is too big."""
    started.person(IVAN, "send", document={"name": "big.zip", "size": 20_000_001})
    document = started.last_update()["message"]["document"]
    assert document["file_size"] == 20_000_001
    assert started.refused("getFile", file_id=document["file_id"]) == "Bad Request: file is too big"
    assert started.refused("getFile", file_id="unknown") == "Bad Request: invalid file_id"


def test_uploads_over_the_limit_are_413(started: Telegram) -> None:
    """More than 50 MB is not taken."""
    files = {"document": ("big", bytes(52_000_000))}
    assert started.refused("sendDocument", files, chat_id=IVAN) == "Request Entity Too Large"


def test_albums_of_a_bot(started: Telegram) -> None:
    """Attached pieces come back as messages of one group, captions in their places."""
    media = [
        {"type": "photo", "media": "attach://one", "caption": "<i>first</i>", "parse_mode": "HTML"},
        {"type": "photo", "media": "attach://two"},
    ]
    files = {"one": ("1.png", PICTURE), "two": ("2.png", PICTURE)}
    sent = started.call("sendMediaGroup", files, chat_id=IVAN, media=json.dumps(media))
    assert len({message["media_group_id"] for message in sent}) == 1
    assert sent[0]["caption_entities"] == [{"type": "italic", "offset": 0, "length": 5}]
    assert "caption" not in sent[1]


def test_pieces_of_an_album_stay_what_the_album_holds(started: Telegram) -> None:
    """A picture of an album may become another picture or a video, but no document and no animation."""
    media = [{"type": "photo", "media": "attach://one"}, {"type": "photo", "media": "attach://one"}]
    sent = started.call("sendMediaGroup", {"one": ("1.png", PICTURE)}, chat_id=IVAN, media=json.dumps(media))
    piece = {"chat_id": IVAN, "message_id": sent[0]["message_id"]}

    def put(kind: str) -> dict[str, str]:
        return {"media": json.dumps({"type": kind, "media": "attach://new"})}

    new = {"new": ("2.png", PICTURE)}
    refusals = [started.refused("editMessageMedia", new, **piece, **put(kind)) for kind in ("document", "animation")]
    assert refusals == [
        "Bad Request: can't change media type in the album",
        "Bad Request: message content type can't be used in an album",
    ]
    assert "video" in started.call("editMessageMedia", new, **piece, **put("video"))


@pytest.mark.parametrize(
    ("count", "refusal"),
    [
        (0, "Bad Request: there are no messages to send"),
        (1, "Bad Request: media group must include 2-10 items"),
        (11, "Bad Request: too many messages to send as an album"),
    ],
)
def test_albums_have_two_to_ten_pieces(started: Telegram, count: int, refusal: str) -> None:
    """Other numbers are refused and nothing is sent."""
    file_id = started.call("sendPhoto", {"photo": ("p.png", PICTURE)}, chat_id=IVAN)["photo"][-1]["file_id"]
    before = len(started.seen(IVAN))
    media = [{"type": "photo", "media": file_id}] * count
    assert started.refused("sendMediaGroup", chat_id=IVAN, media=media) == refusal
    assert len(started.seen(IVAN)) == before


def test_albums_of_a_person_are_separate_messages(started: Telegram) -> None:
    """Each piece is an update of its own with the shared group id."""
    started.person(IVAN, "send", album=[{"type": "photo"}, {"type": "photo", "caption": "second"}, {"type": "photo"}])
    messages = [update["message"] for update in started.updates()]
    assert len(messages) == 3
    assert len({message["media_group_id"] for message in messages}) == 1


def test_captions_have_their_own_limit(started: Telegram) -> None:
    """1024 characters pass, one more does not."""
    files = {"document": ("a", b"x")}
    started.call("sendDocument", files, chat_id=IVAN, caption="x" * 1024)
    refusal = started.refused("sendDocument", files, chat_id=IVAN, caption="x" * 1025)
    assert refusal == "Bad Request: message caption is too long"


@pytest.mark.parametrize(
    ("act", "field"),
    [
        ({"voice": True}, "voice"),
        ({"video": True}, "video"),
        ({"sticker": True}, "sticker"),
        ({"audio": True}, "audio"),
        ({"animation": True}, "animation"),
        ({"video_note": True}, "video_note"),
        ({"location": {"latitude": 41.3, "longitude": 69.2}}, "location"),
        ({"contact": True}, "contact"),
    ],
)
def test_everything_a_person_can_attach(started: Telegram, act: dict, field: str) -> None:
    """Each kind arrives in its field."""
    started.person(IVAN, "send", **act)
    assert field in started.last_update()["message"]


@pytest.mark.parametrize(
    ("method", "params", "field"),
    [
        ("sendLocation", {"latitude": 41.3, "longitude": 69.2}, "location"),
        ("sendVenue", {"latitude": 41.3, "longitude": 69.2, "title": "t", "address": "a"}, "venue"),
        ("sendContact", {"phone_number": "+998901234567", "first_name": "A"}, "contact"),
        ("sendDice", {}, "dice"),
        ("sendPoll", {"question": "q", "options": [{"text": "a"}, {"text": "b"}]}, "poll"),
    ],
)
def test_everything_a_bot_can_send_without_a_file(started: Telegram, method: str, params: dict, field: str) -> None:
    """Each kind comes back in its field and is seen by the person."""
    assert field in started.call(method, chat_id=IVAN, **params)
    assert field in started.seen(IVAN)[-1]


def box(name: bytes, body: bytes) -> bytes:
    """One box of an MP4 file."""
    return struct.pack(">I4s", 8 + len(body), name) + body


def test_a_film_says_its_own_length_and_size(started: Telegram) -> None:
    """Where the bot states nothing, an MP4 file's own facts are shown; what the bot states stands."""
    header = box(b"mvhd", bytes(12) + struct.pack(">II", 1000, 4_600) + bytes(80))
    track = box(b"trak", box(b"tkhd", bytes(76) + struct.pack(">II", 640 << 16, 360 << 16)))
    film = box(b"ftyp", b"isom") + box(b"moov", header + track)
    told = started.call("sendVideo", {"video": ("a.mp4", film)}, chat_id=IVAN)["video"]
    assert (told["duration"], told["width"], told["height"]) == (5, 640, 360)
    stated = started.call("sendVideo", {"video": ("a.mp4", film)}, chat_id=IVAN, duration=9, width=10)["video"]
    assert (stated["duration"], stated["width"], stated["height"]) == (9, 10, 360)
    broken = started.call("sendVideo", {"video": ("a.mp4", film[:40])}, chat_id=IVAN)["video"]
    assert broken["duration"] == 0
    round_one = started.call("sendVideoNote", {"video_note": ("a.mp4", b"x")}, chat_id=IVAN)["video_note"]
    assert round_one["length"] == 240


def test_large_photos_come_in_up_to_1280_points(started: Telegram) -> None:
    """The largest size of a photo has 1280 points on its longer side, however large the picture was."""
    picture = plain_picture(1920, 1080, (1, 2, 3))
    sizes = started.call("sendPhoto", {"photo": ("a.png", picture)}, chat_id=IVAN)["photo"]
    assert (sizes[-1]["width"], sizes[-1]["height"]) == (1280, 720)


def test_files_of_their_own_parameter_may_be_named_too(started: Telegram) -> None:
    """A picture of a chat and a sticker's file come along under any name that `attach://` says."""
    bot_id = started.call("getMe")["id"]
    group = started.control("chats", type="supergroup", title="G", creator=OLGA, admins=[bot_id])["id"]
    files = {"any": ("a.png", plain_picture(512, 512, (1, 2, 3)))}
    assert started.call("setChatPhoto", files, chat_id=group, photo="attach://any") is True
    kept = started.call("uploadStickerFile", files, user_id=IVAN, sticker="attach://any", sticker_format="static")
    assert kept["file_size"] == len(files["any"][1])
    assert "must be uploaded" in started.refused("setChatPhoto", files, chat_id=group, photo="attach://none")

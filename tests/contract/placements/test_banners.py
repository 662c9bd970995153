"""The page of banners: made with a picture, previewed, put in order, shown to its audience, removed; strangers' files are not taken."""

from __future__ import annotations

import struct
import zlib
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
from werkzeug.datastructures import FileStorage

from b24app.i18n import texts
from b24app.services import banners
from placements.banners import screen_words
from storage.models import Banner, File
from tests.conftest import PROJECT
from tests.contract.placements.conftest import Desk

TITLES = {"title.ru": "Ярмарка", "title.uz": "Yarmarka", "title.en": "Fair"}


def form(**changes: str) -> dict[str, str]:
    """Give the fields of a new banner, some of them changed."""
    return {"banner_id": "", **TITLES, "screen": "/app/catalogue", "audience": "buyer", **changes}


def shown(desk: Desk, role: str) -> list[str]:
    """Give the Russian titles that a role sees now."""
    with desk.transactions() as uow:
        return [banner.words["ru"]["title"] for banner in banners.shown_to(uow, role)]


def test_a_banner_is_made_put_in_order_hidden_and_removed(desk: Desk) -> None:
    """What a manager saves is what its audience sees, in the manager's order, until it is hidden or gone."""
    desk.open("overview", AUTH_ID="token-of-manager")
    assert "Баннеров пока нет" in desk.part("banners").text
    assert desk.press("save_banner", **form()).status_code == 200
    assert desk.press("save_banner", **form(**{"title.ru": "Скидка"})).status_code == 200
    assert (shown(desk, "buyer"), shown(desk, "factory")) == (["Ярмарка", "Скидка"], [])
    with desk.transactions() as uow:
        first, second = (banner.id for banner in banners.all_banners(uow))
    desk.press("move_banner", banner_id=second, step=-1)
    assert shown(desk, "buyer") == ["Скидка", "Ярмарка"]
    desk.press("save_banner", **form(banner_id=str(second), hidden="true"))
    assert shown(desk, "buyer") == ["Ярмарка"]
    desk.press("remove_banner", banner_id=first)
    assert shown(desk, "buyer") == []


def test_the_days_of_a_banner_are_whole_days_of_the_desk(desk: Desk) -> None:
    """The first day begins and the last day ends at midnight in Tashkent, and the editor shows the same days again."""
    desk.open("overview", AUTH_ID="token-of-manager")
    desk.press("save_banner", **form(since="2031-03-01", until="2031-03-02"))
    with desk.transactions() as uow:
        banner = banners.all_banners(uow)[0]
        assert [str(moment) for moment in (banner.starts_at, banner.ends_at)] == [
            "2031-02-28 19:00:00+00:00",
            "2031-03-02 19:00:00+00:00",
        ]
    editor = desk.part("banners", banner=str(banner.id)).text
    assert f'name="since" value="{date(2031, 3, 1)}"' in editor
    assert f'name="until" value="{date(2031, 3, 2)}"' in editor
    assert "запланирован" in desk.part("banners").text


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"title.uz": ""}, "на каждом языке"),
        ({"screen": "link", "link": "javascript:alert(1)"}, "не похоже на ссылку"),
        ({"screen": "link", "link": ""}, "не похоже на ссылку"),
        ({"text.en": "x" * 201}, "слишком длинный"),
        ({"since": "2031-03-02", "until": "2031-03-01"}, "раньше"),
        ({"file_id": "1"}, "Выберите изображение ещё раз"),
    ],
)
def test_what_cannot_be_shown_is_refused_in_words(desk: Desk, changes: dict[str, str], said: str) -> None:
    """Each fault is told beside the button and nothing is kept; a file that was not given for banners is no picture."""
    with desk.transactions() as uow:
        uow.session.add(File(id=1, owner="company/1", name="secret.png", mime="image/png", size=1, sha256="0" * 64))
    desk.open("overview", AUTH_ID="token-of-manager")
    answer = desk.press("save_banner", **form(**changes))
    assert (answer.status_code, said in answer.text) == (422, True)
    with desk.transactions() as uow:
        assert uow.session.query(Banner).all() == []


def png(note: bytes = b"") -> bytes:
    """Draw a picture of one grey point, with a note about who took it."""
    body = (
        (b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)),
        (b"tEXt", b"Author\x00" + note),
        (b"IDAT", zlib.compress(b"\x00\x80")),
        (b"IEND", b""),
    )
    chunks = (struct.pack(">I", len(d)) + k + d + struct.pack(">I", zlib.crc32(k + d)) for k, d in body)
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def upload(content: bytes, name: str = "banner.png") -> FileStorage:
    """Give a file as a browser sends it."""
    return FileStorage(BytesIO(content), filename=name)


def test_a_picture_is_taken_by_its_content_and_without_its_author(desk: Desk, tmp_path: Path) -> None:
    """The kept bytes hold no author, the preview and the saved banner show them; a page that is called a picture is refused."""
    desk.world.files_dir = str(tmp_path)
    desk.open("overview", AUTH_ID="token-of-manager")
    fake = desk.press("add_banner_picture", picture=upload(b"<html><script>alert(1)</script></html>"))
    assert (fake.status_code, "не изображение" in fake.text) == (422, True)
    assert desk.press("add_banner_picture").status_code == 422
    given = desk.press("add_banner_picture", picture=upload(png(b"Ivan")))
    assert (given.status_code, "Показывать это изображение" in given.text) == (200, True)
    with desk.transactions() as uow:
        file = uow.session.query(File).one()
    kept = (tmp_path / file.sha256[:2] / file.sha256).read_bytes()
    assert kept[:4] == b"\x89PNG"
    assert b"Ivan" not in kept
    page = desk.press("preview_banner", **form(file_id=str(file.id))).text
    assert ("<img" in page, "Yarmarka" in page) == (True, True)
    desk.press("save_banner", **form(file_id=str(file.id)))
    with desk.transactions() as uow:
        assert banners.all_banners(uow)[0].file_id == file.id


def test_every_screen_a_banner_may_lead_to_is_there() -> None:
    """The list of targets names screens of the Mini App only."""
    table = (PROJECT / "tests" / "contract" / "miniapp" / "rights.txt").read_text(encoding="utf-8")
    screens = {line.split()[-1].replace("<name>", "lot") for line in table.splitlines() if " /app/" in line}
    assert {path for path in screen_words(texts("en")) if path} - screens == set()

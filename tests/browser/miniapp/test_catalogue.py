"""A buyer in the catalogue, and every screen of it in sight: filters, search, profile, favourites, comparison, talking, statistics."""

from __future__ import annotations

import hashlib
import struct
import zlib
from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from b24app.domain.banners import Wish
from b24app.services import banners, companies, people
from storage.models import Company, File, Person
from storage.unit_of_work import UnitOfWork
from telegram_bridge.miniapp.uploads import place_of
from tests import factories
from tests.browser.looks import shown
from tests.browser.miniapp.conftest import Site
from tests.browser.miniapp.phones import ABC, IVAN, Phone
from tests.browser.miniapp.test_look import AXE, faults, visit

Open = Callable[..., Phone]
LOOKS = [("uz", True, 320), ("en", False, 1024), ("ru", False, 320), ("uz", True, 390)]
OTHERS = ["Buxoro Premium Trikotaj Eksport", "Samarqand Denim", "Namangan Home Textile"]


@pytest.fixture
def market(site: Site) -> dict[str, int]:
    """Ivan with access to the catalogue, ABC with photos and a logo, three more factories, a banner."""
    with site.transactions() as uow:
        _, buyer = factories.buyer(uow, str(IVAN["id"]))
        until = uow.now.date() + timedelta(days=30)
        companies.grant(uow, buyer.id, "catalogue_access", until, reason="paid", actor="user/1")
        owner = factories.person(uow, str(ABC["id"]), "uz", "factory")
        pictures = [
            _picture(uow, site.files_dir, owner, colour) for colour in ((0, 128, 128), (255, 165, 0), (128, 0, 128))
        ]
        _, abc = factories.factory(
            uow, str(ABC["id"]), logo=pictures[0], photos=pictures[1:], specialisation="Bosma naqshli paxta futbolkalar"
        )
        for number, name in enumerate(OTHERS):
            factories.factory(
                uow,
                str(3001 + number),
                company=name,
                verified=number == 0,
                segments=["denim", "tshirts"],
                moq=500 * number + 1,
            )
        words = {
            "ru": {"title": "Текстильная выставка в Ташкенте", "text": "Встретьте фабрики лично"},
            "uz": {"title": "Toshkentda toʻqimachilik koʻrgazmasi", "text": "Fabrikalar bilan shaxsan uchrashing"},
            "en": {"title": "Textile fair in Tashkent", "text": "Meet the factories in person"},
        }
        shown_above = _picture(uow, site.files_dir, owner, (30, 110, 90))
        uow.session.get_one(File, shown_above).owner = f"{banners.PICTURES}1"
        for file_id in (shown_above, None):
            wish = Wish(words=words, target="/app/catalogue", audience="all", file_id=file_id)
            banners.save(uow, None, wish, actor="user/1")
        return {"abc": abc.id, "buyer": buyer.id}


def _picture(uow: UnitOfWork, files_dir: str, owner: Person, colour: tuple[int, int, int]) -> int:
    content = _png(64, 48, colour)
    digest = hashlib.sha256(content).hexdigest()
    place = place_of(files_dir, digest)
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(content)
    file = File(
        owner=f"person/{owner.id}",
        person_id=owner.id,
        name="photo.png",
        mime="image/png",
        size=len(content),
        sha256=digest,
    )
    uow.session.add(file)
    uow.session.flush()
    return file.id


def _png(width: int, height: int, colour: tuple[int, int, int]) -> bytes:
    """A picture of one colour."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    lines = (b"\0" + bytes(colour) * width) * height
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(lines)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


@pytest.mark.parametrize("look", shown(LOOKS), ids=lambda look: "-".join(map(str, look)))
def test_every_screen_of_the_catalogue_stands(
    look: tuple[str, bool, int], site: Site, phone: Open, market: dict[str, int]
) -> None:
    """No screen of the catalogue is wider than the phone, and axe finds nothing to object to."""
    language, dark, width = look
    with site.transactions() as uow:
        for user in (IVAN, ABC):
            person = people.find(uow, str(user["id"]))
            assert person is not None
            people.choose_language(uow, person, language)
    script, found = AXE.read_text("utf-8"), []
    opened = phone(IVAN, width=width, height=780, dark=dark)
    opened.view("home")
    paths = ["/app/", "/app/catalogue", f"/app/catalogue/{market['abc']}", "/app/compare", "/app/favourites"]
    for path in [*paths, "/app/catalogue?q=zzzqq&verified=1"]:
        visit(opened, path)
        if path.endswith(str(market["abc"])):
            for action in ("compare_factory", "favourite"):
                opened.app.locator(f'form[action$="{action}"] button').click()
                expect(opened.app.locator(f'form[action$="{action}"] button')).to_have_attribute("aria-pressed", "true")
        opened.picture(f"catalogue-{language}-{width}-{path.removeprefix('/app/').replace('/', '-').replace('?', '-')}")
        found += [f"{path}: {fault}" for fault in faults(opened, script)]
    visit(opened, "/app/catalogue")
    opened.app.locator("summary").click()
    opened.picture(f"catalogue-{language}-{width}-filters")
    found += [f"filters: {fault}" for fault in faults(opened, script)]
    factory = phone(ABC, width=width, height=780, dark=dark)
    factory.view("home")
    visit(factory, "/app/statistics")
    factory.picture(f"catalogue-{language}-{width}-statistics")
    found += [f"statistics: {fault}" for fault in faults(factory, script)]
    assert found == []


def test_a_buyer_finds_marks_compares_and_talks(phone: Open, market: dict[str, int]) -> None:
    """A mistyped Cyrillic word finds the factory; it goes to the favourites and the comparison, and a conversation begins."""
    opened = phone(IVAN)
    opened.view("home")
    opened.app.locator('a[href="/app/catalogue"]').click()
    opened.view("catalogue")
    opened.app.locator("#find-q").fill("футблки Чилонзор")
    opened.app.locator("#find-q").press("Enter")
    expect(opened.app.locator(".empty")).to_be_visible()
    opened.app.locator("#find-q").fill("АБС футблки")
    opened.app.locator("#find-q").press("Enter")
    expect(opened.app.locator(".factory")).to_have_count(1)
    opened.app.locator(".factory").click()
    opened.view("factory")
    opened.app.locator('form[action$="favourite"] button').click()
    expect(opened.app.locator('form[action$="favourite"] button')).to_have_attribute("aria-pressed", "true")
    opened.app.locator('form[action$="compare_factory"] button').click()
    expect(opened.app.locator('form[action$="compare_factory"] button')).to_have_attribute("aria-pressed", "true")
    opened.tell("back_button_pressed", {})
    expect(opened.app.locator("#find-q")).to_have_value("АБС футблки")
    expect(opened.app.locator(".starred")).to_have_count(1)
    opened.press()
    opened.view("compare")
    opened.app.locator('form[action$="talk_to_factory"] button').click()
    opened.view("chat")
    expect(opened.app.locator(".heading h1, h1").first).to_have_text("ABC Textiles")


def test_filters_stay_in_the_address(phone: Open, market: dict[str, int]) -> None:
    """Filters narrow the list, are counted, and are cleared with one press."""
    opened = phone(IVAN)
    opened.view("home")
    visit(opened, "/app/catalogue")
    opened.app.locator("summary").click()
    opened.app.locator('input[name="segment"][value="denim"] + span').click()
    opened.app.locator("#find-volume").fill("600")
    opened.app.locator(".filters button[type=submit]").click()
    expect(opened.app.locator(".factory")).to_have_count(2)
    expect(opened.app.locator("summary .chip")).to_have_text("2")
    opened.app.locator("summary").click()
    opened.app.locator('.filters a[data-go="replace"]').click()
    expect(opened.app.locator(".factory")).to_have_count(4)


def test_without_access_nothing_is_told(site: Site, phone: Open, market: dict[str, int]) -> None:
    """A buyer without access sees the count and three blurred cards; no name of a factory reaches the phone."""
    with site.transactions() as uow:
        uow.session.get_one(Company, market["buyer"]).catalogue_until = None
    opened = phone(IVAN, width=320)
    opened.view("home")
    visit(opened, "/app/catalogue")
    opened.picture("catalogue-closed")
    page = opened.app.locator("#screen").inner_html()
    assert [name for name in ["ABC Textiles", *OTHERS] if name in page] == []
    expect(opened.app.locator(".blurred .factory")).to_have_count(3)
    assert faults(opened, AXE.read_text("utf-8")) == []
    opened.press()
    opened.view("chat")

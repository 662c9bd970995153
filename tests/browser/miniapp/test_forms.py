"""Filling forms on a phone: nothing typed is lost, faults appear as one types, files arrive."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from b24app.services import companies, drafts
from storage.models import File, Person
from tests import factories
from tests.browser.miniapp.conftest import Site
from tests.browser.miniapp.phones import ABC, IVAN, Phone

Open = Callable[..., Phone]
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 4000


@pytest.fixture
def newcomer(site: Site) -> Person:
    """Ivan, who chose language and role and nothing else."""
    with site.transactions() as uow:
        return factories.person(uow, str(IVAN["id"]))


@pytest.fixture
def maker(site: Site) -> Person:
    """Aziza of a factory, before its questionnaire."""
    with site.transactions() as uow:
        return factories.person(uow, str(ABC["id"]), "uz", "factory")


def test_what_is_typed_is_there_again_after_closing(phone: Open, newcomer: Person) -> None:
    """Closing the app in the middle of a step loses nothing, and the next start offers to continue there."""
    first = phone(IVAN, "/app/form/buyer/company")
    first.view("step")
    first.app.locator('[name="q.company"]').fill("Северный стиль")
    first.app.get_by_text("Сохранено").wait_for()
    first.page.close()
    again = phone(IVAN)
    again.view("welcome")
    again.page.locator("#main", has_text="Продолжить").click()
    again.view("step")
    assert again.app.locator('[name="q.company"]').input_value() == "Северный стиль"


def test_two_devices_on_one_step(phone: Open, site: Site, newcomer: Person) -> None:
    """A page that was opened before the other device answered adds its own field and wipes none of the other's."""
    first, second = (phone(IVAN, "/app/form/buyer/person") for _ in range(2))
    for device, field, words in ((first, "full_name", "Иван Петров"), (second, "position", "Закупки")):
        device.view("step")
        device.app.locator(f'[name="q.{field}"]').fill(words)
        device.app.get_by_text("Сохранено", exact=True).wait_for()
    with site.transactions() as uow:
        draft = drafts.load(uow, newcomer, "buyer")
    assert draft is not None
    assert draft.answers == {"full_name": "Иван Петров", "position": "Закупки"}


def test_faults_appear_while_typing(phone: Open, newcomer: Person) -> None:
    """A wrong e-mail is marked soon after it was typed, untouched fields are left alone, and mending it clears the mark."""
    opened = phone(IVAN, "/app/form/buyer/person")
    opened.view("step")
    opened.app.locator('[name="q.email"]').fill("ivan@")
    wrong = opened.app.locator(".field.wrong")
    wrong.wait_for()
    assert wrong.count() == 1
    opened.app.locator('[name="q.email"]').fill("ivan@x.ru")
    wrong.wait_for(state="detached")


def test_text_survives_a_lost_connection(phone: Open, site: Site, newcomer: Person) -> None:
    """Typed without a connection it stays on the phone and is saved once the connection returns."""
    opened = phone(IVAN, "/app/form/buyer/person")
    opened.view("step")
    opened.page.context.set_offline(True)
    opened.app.locator('[name="q.full_name"]').fill("Иван Петров")
    opened.app.get_by_text("Пока не сохранено").wait_for()
    opened.page.context.set_offline(False)
    opened.app.get_by_text("Сохранено", exact=True).wait_for()
    with site.transactions() as uow:
        draft = drafts.load(uow, newcomer, "buyer")
    assert draft is not None
    assert draft.answers["full_name"] == "Иван Петров"


def test_a_file_is_uploaded_and_kept(phone: Open, site: Site, newcomer: Person, maker: Person, tmp_path: Path) -> None:
    """A chosen file is uploaded at once, named with its size, refused with a reason when unwanted, and there on return."""
    (tmp_path / "presentation.png").write_bytes(PNG)
    (tmp_path / "virus.png").write_bytes(b"MZ\x90\0")
    opened = phone(ABC, "/app/form/factory/showcase")
    opened.view("step")
    chooser = opened.app.locator('input[data-name="q.photos"]')
    chooser.set_input_files([tmp_path / "presentation.png", tmp_path / "virus.png"])
    opened.app.locator(".file", has_text="presentation.png").get_by_text("4 KB").wait_for()
    opened.app.locator(".file.wrong", has_text="virus.png").get_by_text("qabul qilinmaydi").wait_for()
    opened.app.get_by_text("Saqlandi").wait_for()
    opened.picture("files")
    again = phone(ABC, "/app/form/factory/showcase")
    again.app.locator("a.file-name", has_text="presentation.png").wait_for()
    assert again.app.locator(".file").count() == 1
    with site.transactions() as uow:
        assert uow.session.scalars(select(File)).one().name == "presentation.png"


def test_an_upload_can_be_tried_again(phone: Open, maker: Person, tmp_path: Path) -> None:
    """When the line breaks during an upload the file stays in the list with a button that tries again."""
    (tmp_path / "logo.png").write_bytes(PNG)
    opened = phone(ABC, "/app/form/factory/showcase")
    opened.view("step")
    opened.page.context.set_offline(True)
    opened.app.locator('input[data-name="q.logo"]').set_input_files(tmp_path / "logo.png")
    opened.app.locator(".file.wrong").wait_for()
    opened.page.context.set_offline(False)
    opened.app.locator(".file.wrong button").click()
    expect(opened.app.locator(".file", has_text="logo.png").get_by_text("4 KB")).to_be_visible()


def test_certificates_are_entered_one_by_one(phone: Open, site: Site, maker: Person) -> None:
    """Entries of a list of certificates can be added and removed; a fault is shown in the entry it belongs to."""
    opened = phone(ABC, "/app/form/factory/showcase")
    opened.view("step")
    opened.app.locator('[name="q.offer_text"]').fill("Paxta futbolkalar, toʻliq sikl.")
    for _ in range(3):
        opened.app.locator("[data-add]").click()
    entries = opened.app.locator("[data-rows] > [data-row]")
    entries.nth(1).locator("[data-remove]").click()
    entries.nth(0).locator("select").select_option("gots")
    entries.nth(0).locator('[name$=".number"]').fill("A-1")
    entries.nth(0).locator('[type="date"]').fill("2030-01-01")
    entries.nth(1).locator("select").select_option("bci")
    opened.press()
    entries.nth(1).locator(".field.wrong").first.wait_for()
    opened.picture("certificates")
    assert entries.nth(0).locator(".field.wrong").count() == 0
    entries.nth(1).locator("[data-remove]").click()
    opened.press()
    opened.view("review")
    with site.transactions() as uow:
        draft = drafts.load(uow, maker, "factory")
    assert draft is not None
    assert [entry["certificate"] for entry in draft.answers["certificates"]] == ["gots"]


def test_the_place_comes_from_the_host(phone: Open, maker: Person) -> None:
    """The map point is taken from the host's location service."""
    opened = phone(ABC, "/app/form/factory/places")
    opened.view("step")
    opened.app.locator("[data-locate]").click()
    opened.page.wait_for_function("window.events.some(([name]) => name === 'web_app_request_location')")
    opened.tell("location_requested", {"available": True, "latitude": 41.2, "longitude": 69.3})
    opened.app.get_by_text("Saqlandi").wait_for()
    assert opened.app.locator("[data-lat]").input_value() == "41.200000"


def test_a_correction_round_on_the_phone(phone: Open, site: Site) -> None:
    """The first screen leads to the returned fields, which come with the manager's reasons and the earlier answers."""
    with site.transactions() as uow:
        _, company = factories.buyer(uow, str(IVAN["id"]), accepted=False)
        asked = [
            {"field": "legal_address", "reason": "Нужен полный адрес"},
            {"field": "segments", "reason": "Уточните"},
        ]
        companies.request_corrections(uow, company.id, asked, "user/1")
    opened = phone(IVAN)
    opened.view("home")
    opened.press()
    opened.view("corrections")
    opened.picture("corrections")
    assert opened.app.locator("[data-field]").count() == 2
    assert opened.app.locator('[name="q.legal_address"]').input_value() == "Moscow, Tverskaya 1"
    opened.app.locator('[name="q.legal_address"]').fill("Москва, Тверская 1, офис 5")
    opened.press()
    opened.app.get_by_text("Мы проверяем ваши ответы", exact=True).wait_for()


@pytest.mark.parametrize(
    "pasted",
    ["41.311081, 69.240562", "https://maps.example/?ll=69.240562%2C41.311081&z=16", "/@41.311081,69.240562,15z"],
)
def test_a_place_is_pasted_from_any_map(pasted: str, site: Site, phone: Open) -> None:
    """Coordinates and addresses of maps fill both fields, whichever of the two numbers comes first."""
    with site.transactions() as uow:
        factories.factory(uow, str(ABC["id"]))
    abc = phone(ABC, "/app/profile/edit")
    field = abc.app.locator("[data-lat]").first
    field.evaluate(
        """(field, text) => {
            const data = new DataTransfer();
            data.setData("text", text);
            field.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
        }""",
        pasted,
    )
    found = [abc.app.locator(part).first.input_value() for part in ("[data-lat]", "[data-lon]")]
    assert found == ["41.311081", "69.240562"]

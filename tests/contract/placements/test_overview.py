"""The left menu's page: what waits, how the bridge is, the settings."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select, text

from b24app.domain.deliveries import SendChatMessage
from b24app.services import exchange, test_mode
from b24app.services import settings as stored
from storage.models import Absence, AuditEntry, InboxRow, OutboxRow
from tests.contract.placements.conftest import Desk
from tests.contract.placements.world import day


def test_an_idle_day_says_so(desk: Desk) -> None:
    """With nothing waiting the page is calm and says what will come."""
    assert "Ничего не ждёт" in desk.open("overview").text


def test_queues_count_and_lead_to_the_cards(desk: Desk) -> None:
    """Each queue shows how many wait and links the oldest to the card where they are decided."""
    buyer = desk.market.buyer(accepted=False)
    desk.market.factory(published=False)
    page = desk.open("overview").text
    assert "Проверить покупателей" in page
    assert f'data-path="/crm/lead/details/{desk.market.in_crm[f"lead/{buyer}"]}/"' in page
    assert 'href="https://portal.example/crm/company/details/' in page


def test_lots_and_offers_wait_too(desk: Desk) -> None:
    """Lots to moderate and offers to allow are named by lot and factory."""
    desk.market.buyer()
    factory = desk.market.factory()
    desk.market.lot(client_key="waiting")
    desk.market.offer(desk.market.lot(published=True), factory)
    page = desk.open("overview").text
    assert "Лоты на модерацию" in page
    assert "ABC Textiles — лот №" in page


def troubled(desk: Desk, state: str) -> int:
    """Leave one outgoing message in trouble; answers its row."""
    with desk.transactions() as uow:
        uow.send(SendChatMessage(chat_id="500", text="Здравствуйте"), key="trouble")
        uow.session.flush()
        uow.session.execute(text("UPDATE outbox SET state = :state, error = 'read timeout'"), {"state": state})
        row_id: int = uow.session.query(OutboxRow).one().id
    return row_id


@pytest.mark.parametrize(
    ("action", "state", "after"),
    [
        ("retry_delivery", "uncertain", "todo"),
        ("confirm_delivery", "uncertain", "done"),
        ("drop_delivery", "uncertain", "dropped"),
        ("retry_delivery", "dead", "todo"),
        ("drop_delivery", "dead", "dropped"),
    ],
)
def test_a_person_decides_on_a_message_in_trouble(desk: Desk, action: str, state: str, after: str) -> None:
    """Each button moves the row once; the second press is told that it was decided."""
    row_id = troubled(desk, state)
    desk.open("overview")
    assert "Здравствуйте" in desk.part("health").text
    first, second = desk.press(action, row_id=row_id), desk.press(action, row_id=row_id)
    assert (first.status_code, desk.market.get(OutboxRow, row_id).state) == (200, after)
    assert second.status_code in {404, 409}


def test_health_is_said_to_be_well(desk: Desk) -> None:
    """With nothing in trouble the page says so instead of showing an empty table."""
    desk.open("overview")
    assert "Всё в порядке" in desk.part("health").text


def test_an_administrator_sets_the_bot_and_never_sees_the_token_again(desk: Desk) -> None:
    """The token is kept, shown nowhere, and an empty field keeps it."""
    secret = "7600000001:AAExampleExampleExampleExampleExampl"
    desk.open("overview")
    assert desk.press("save_bot", bot_token=secret, tender_channel_id="@tenders").status_code == 200
    assert desk.press("save_bot", bot_token="", tender_channel_id="-1001234567890").status_code == 200
    with desk.transactions() as uow:
        kept = (stored.get(uow, "bot_token"), stored.get(uow, "tender_channel_id"))
    assert kept == (secret, "-1001234567890")
    assert secret not in desk.part("settings").text


@pytest.mark.parametrize(
    ("action", "form"),
    [
        ("save_bot", {"bot_token": "123", "tender_channel_id": ""}),
        ("save_bot", {"bot_token": "", "tender_channel_id": "https://t.me/x"}),
        ("save_people", {"responsible_ids": "1; drop", "card_language": "ru"}),
        ("save_people", {"responsible_ids": "1", "card_language": "fr"}),
        ("choose_look", {"language": "uz", "theme": "pink"}),
    ],
)
def test_bad_settings_are_refused(desk: Desk, action: str, form: dict[str, Any]) -> None:
    """What cannot be right is not stored."""
    desk.open("overview")
    assert desk.press(action, **form).status_code == 422


def test_an_administrator_sets_the_exchange_rates(desk: Desk) -> None:
    """Rates written one a line are kept and shown with who set them; what cannot be read changes nothing and is named."""
    desk.open("overview")
    assert desk.press("save_rates", rates="USD=1\r\nEUR=1.08").status_code == 200
    refused = desk.press("save_rates", rates="USD=1 EUR=abc")
    assert (refused.status_code, "EUR=abc" in refused.text) == (422, True)
    page = desk.part("settings").text
    assert ("USD=1\nEUR=1.08" in page, "Кто задал" in page) == (True, True)
    with desk.transactions() as uow:
        kept = exchange.kept(uow)
        assert kept is not None
        assert (kept.text, kept.by) == ("USD=1 EUR=1.08", "user/1")


def test_an_administrator_sets_the_rules_of_the_marketplace(desk: Desk) -> None:
    """Segments without moderation, offers shown, price and words of the verification are kept, shown again and named in the log."""
    desk.open("overview")
    rules = {"offers_shown": "6", "verification_price": "250.50", "verification_currency": "EUR"}
    words = {"verification_text.uz": "Auditorimiz fabrikangizga boradi."}
    assert desk.press("save_market", **rules, **words, **{"unmoderated.denim": "true"}).status_code == 200
    page = desk.part("settings").text
    assert 'name="unmoderated.denim" value="true" checked' in page
    assert ('value="6"' in page, 'value="250.50"' in page, "Auditorimiz fabrikangizga boradi." in page) == (True,) * 3
    assert ("Джинсовые изделия" in (log := desk.part("log").text), "250,50" in log) == (True, True)
    for wrong in ({"offers_shown": "0"}, {"verification_price": "much"}, {"verification_currency": "XXX"}):
        assert desk.press("save_market", **{**rules, **wrong}).status_code == 422
    with desk.transactions() as uow:
        assert (stored.get(uow, "offers_shown"), stored.get(uow, "verification_price")) == ("6", "25050 EUR")


def test_managers_are_named(desk: Desk) -> None:
    """The list of those who decide is stored without doubles or blanks."""
    desk.open("overview")
    assert desk.press("save_people", responsible_ids=" 7, 12,7", card_language="uz").status_code == 200
    with desk.transactions() as uow:
        assert (stored.get(uow, "responsible_ids"), stored.get(uow, "card_language")) == ("7,12", "uz")


def test_the_test_mode_is_announced_on_every_page_and_written_down(desk: Desk) -> None:
    """An administrator switches it; from then on every page carries the banner, until it is switched off again."""
    company = desk.market.in_crm[f"company/{desk.market.factory()}"]
    banner = "Тестовый режим: фабрики"
    assert banner not in desk.open("overview").text
    assert "Выключить тестовый режим" in desk.press("switch_test_mode", on="true").text
    assert banner in desk.open("company_tab", company, AUTH_ID="token-of-observer").text
    assert banner in desk.open("overview").text
    desk.press("switch_test_mode", on="false")
    assert banner not in desk.open("company_tab", company).text
    with desk.transactions() as uow:
        made = uow.session.scalars(select(AuditEntry).where(AuditEntry.subject == "setting/test_mode")).all()
        assert [(entry.actor, entry.details["value"]) for entry in made] == [("user/1", "on"), ("user/1", "off")]


def test_what_the_test_mode_kept_back_is_told_apart(desk: Desk) -> None:
    """On the page Health such a message says in the reader's language why it did not go."""
    with desk.transactions() as uow:
        key = uow.send(SendChatMessage(chat_id="77", text="Новый лот"))
        row = uow.session.query(OutboxRow).filter_by(key=key).one()
        row.state, row.error = "dead", test_mode.REASON
    desk.open("overview")
    page = desk.part("health").text
    assert "Задержано: был включён тестовый режим." in page
    assert "Новый лот" in page


def test_employees_who_are_no_administrators_see_no_fields(desk: Desk) -> None:
    """The settings of the application are not even shown to others."""
    desk.open("overview", AUTH_ID="token-of-manager")
    page = desk.part("settings").text
    assert "responsible_ids" not in page
    assert "Это меняют только администраторы портала." in page


def test_a_fact_that_was_set_aside_can_be_tried_again(desk: Desk) -> None:
    """The health page shows where it came from and why it failed, not what it says; one press gives it another round."""
    with desk.transactions() as uow:
        row = InboxRow(source="telegram", key="7", lane="telegram:7", payload={"text": "секрет"}, state="poison")
        row.error = "Traceback…\nKeyError: 'chat'"
        uow.session.add(row)
        uow.session.flush()
        row_id = row.id
    desk.open("overview")
    part = desk.part("health").text
    assert ("Из Telegram" in part, "KeyError" in part, "секрет" in part, "Traceback" in part) == (
        True,
        True,
        False,
        False,
    )
    first, second = desk.press("replay_fact", row_id=row_id), desk.press("replay_fact", row_id=row_id)
    assert (first.status_code, second.status_code) == (200, 409)
    assert desk.market.get(InboxRow, row_id).state == "todo"


def test_an_absence_is_noted_and_taken_back(desk: Desk) -> None:
    """Days in order and somebody else as a stand-in are asked for; what was noted can be removed."""
    desk.open("overview")
    away = {"user_id": "7", "from_day": day(1), "until_day": day(5)}
    assert desk.press("add_absence", **{**away, "until_day": day(0)}).status_code == 422
    assert desk.press("add_absence", **away, stand_in_id="7").status_code == 422
    assert desk.press("add_absence", **away, stand_in_id="8").status_code == 200
    with desk.transactions() as uow:
        (row,) = uow.session.scalars(select(Absence))
    assert desk.press("remove_absence", row_id=row.id).status_code == 200
    assert desk.press("remove_absence", row_id=row.id).status_code == 404


def test_the_application_is_handed_over_updated_and_left_by_its_administrators(desk: Desk) -> None:
    """Each button asks the outside for exactly its own thing; a new bot is put to work once it is kept."""
    desk.open("overview")
    assert desk.press("take_over", refresh_token="fresh").status_code == 200
    assert desk.press("bring_up_to_date").status_code == 200
    assert desk.press("prepare_removal").status_code == 200
    assert desk.press("save_bot", tender_channel_id="@tenders").status_code == 200
    assert desk.world.done == ["owner 1", "apply_installation", "prepare_removal", "bot"]

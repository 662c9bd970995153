"""The page about conversations: settings that can be read, templates that each side gets in its own language."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select, update

from b24app.domain.lines import LINE_OFF
from b24app.services import lines, messages, people, promises
from b24app.services import settings as stored
from b24app.services.spoken import Spoken, SpokenByManager
from storage.models import Conversation, Message, OutboxRow, ReplyTemplate
from tests.contract.placements.conftest import Desk

RHYTHM = {
    "timeline_mode": "digest",
    "timeline_minutes": "15",
    "work_zone": "Europe/Moscow",
    "work_hours": "10:00-19:00",
    "work_weekdays": "1-6",
    "work_holidays": "2026-03-21, 2026-09-01",
    "remind_hours": "2.5",
    "overdue_hours": "6",
}


def _settings(desk: Desk, **changes: str) -> int:
    desk.open("overview")
    return desk.press("save_rhythm", **{**RHYTHM, **changes}).status_code


def test_what_is_saved_is_what_counts(desk: Desk) -> None:
    """The page keeps the recording mode, the working hours and both promises, shows them again, and the promises use them."""
    assert _settings(desk) == 200
    page = desk.part("bridge").text
    assert all(shown in page for shown in ("Europe/Moscow", "10:00-19:00", 'value="2.5"', '"digest" selected'))
    with desk.transactions() as uow:
        hours = promises.working_hours(uow)
        assert (hours.zone, hours.begins.hour, len(hours.weekdays), len(hours.holidays)) == ("Europe/Moscow", 10, 6, 2)


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("work_zone", "Asia/Nowhere", "Asia/Tashkent"),
        ("work_hours", "18:00-09:00", "09:00-18:00"),
        ("work_weekdays", "everyday", "понедельник"),
        ("work_holidays", "21 марта", "2026-03-21"),
        ("remind_hours", "0", "число часов"),
        ("overdue_hours", "1", "после напоминания"),
        ("timeline_minutes", "0", "число минут"),
        ("timeline_mode", "never", ""),
    ],
)
def test_what_nobody_could_read_is_refused_in_words(desk: Desk, field: str, value: str, said: str) -> None:
    """A mistyped setting is refused with an example, and the ones before stay."""
    desk.open("overview")
    answer = desk.press("save_rhythm", element="do-save_rhythm", **{**RHYTHM, field: value})
    assert answer.status_code == 422
    assert said in answer.text
    with desk.transactions() as uow:
        assert stored.get(uow, "timeline_mode") == ""


def _template(desk: Desk) -> int:
    desk.open("overview", AUTH_ID="token-of-manager")
    words: dict[str, Any] = {
        "text_ru": "Здравствуйте, {name}! Лот {lot}.",
        "text_uz": "Assalomu alaykum, {name}! Lot {lot}.",
    }
    assert desk.press("save_template", title="Начало", **words).status_code == 200
    with desk.transactions() as uow:
        return uow.session.scalars(select(ReplyTemplate.id)).one()


def _talk(desk: Desk) -> tuple[int, str]:
    desk.market.buyer()
    lot = desk.market.lot(published=True)
    desk.market.talk(desk.market.offer(lot, desk.market.factory()))
    with desk.transactions() as uow:
        talk = uow.session.query(Conversation).one()
        talk.line_chat_id = "777"
        return talk.id, desk.market.in_crm[f"lot/{lot}"]


def test_each_side_reads_a_template_in_its_language(desk: Desk) -> None:
    """One press sends the buyer Russian and the factory Uzbek, each with its own name, and once however often it is pressed."""
    template = _template(desk)
    talk, deal = _talk(desk)
    page = desk.open("deal_tab", deal).text
    assert page
    assert "Assalomu alaykum" in desk.part("transcript").text
    form: dict[str, Any] = {"conversation_id": talk, "template_id": template, "side": "both", "key": "abcdefgh"}
    assert [desk.press("use_template", **form).status_code for _ in range(2)] == [200, 200]
    with desk.transactions() as uow:
        said = uow.session.scalars(select(Message).where(Message.side == "manager").order_by(Message.addressed)).all()
        found = {one.addressed: one.text for one in said}
    assert set(found) == {"buyer", "factory"}
    assert found["buyer"].startswith("Здравствуйте, ")
    assert found["factory"].startswith("Assalomu alaykum, ")
    assert "{" not in found["buyer"] + found["factory"]


def test_an_operator_calls_a_template_by_name(desk: Desk) -> None:
    """`#buyer #template Начало` on the open line sends the filled text to the buyer alone."""
    _template(desk)
    talk, _ = _talk(desk)
    with desk.transactions() as uow:
        said = messages.say_as_manager(
            uow,
            SpokenByManager(user_id="1", user_name="", text="#покупатель #шаблон начало", source_key="777:1"),
            line_chat_id="777",
        )
        assert (said.conversation_id, said.addressed) == (talk, "buyer")
        assert said.text.startswith("Здравствуйте, ")


def test_a_lot_is_sent_without_its_buyer(desk: Desk) -> None:
    """The field with the whole lot tells what factories see of it and nothing that names the buyer."""
    desk.open("overview")
    assert desk.press("save_template", title="Лот", text_ru="{lot_card}").status_code == 200
    with desk.transactions() as uow:
        template = uow.session.scalars(select(ReplyTemplate.id)).one()
    talk, deal = _talk(desk)
    desk.open("deal_tab", deal)
    form: dict[str, Any] = {"conversation_id": talk, "template_id": template, "side": "factory", "key": "abcdefgh"}
    assert desk.press("use_template", **form).status_code == 200
    with desk.transactions() as uow:
        said = uow.session.scalars(select(Message.text).where(Message.side == "manager")).one()
    assert said.count("\n") >= 3
    assert "Северный стиль" not in said


@pytest.mark.parametrize(
    ("words", "said"),
    [({"text_ru": "{phone}"}, "{phone}"), ({}, "хотя бы на одном языке"), ({"text_ru": "x" * 3001}, "")],
)
def test_a_template_that_could_not_be_filled_is_refused(desk: Desk, words: dict[str, str], said: str) -> None:
    """An unknown field, no text at all and a text without end are refused when they are saved, not when they are sent."""
    desk.open("overview")
    answer = desk.press("save_template", element="do-save_template-new", title="x", **words)
    assert answer.status_code == 422
    assert said in answer.text


def test_a_removed_template_is_gone(desk: Desk) -> None:
    """What was taken away cannot be used from a page that was open before; the person is told."""
    template = _template(desk)
    talk, deal = _talk(desk)
    desk.open("overview")
    assert desk.press("remove_template", template_id=template).status_code == 200
    desk.open("deal_tab", deal)
    form: dict[str, Any] = {"conversation_id": talk, "template_id": template, "side": "both", "key": "abcdefgh"}
    assert desk.press("use_template", **form).status_code == 404


def _waits_for_line(desk: Desk) -> dict[str, int]:
    """Let a message wait for line 1, beside line 2; answers the lines' numbers."""
    _talk(desk)
    with desk.transactions() as uow:
        talk = uow.session.query(Conversation).one()
        person = people.members_of(uow, talk.buyer_company_id or 0)[0]
        found = {number: lines.connected(uow, number, "user/1").id for number in ("1", "2")}
        talk.line_id = "1"
        messages.say(uow, person, talk, Spoken(kind="text", text="Вы тут?", source_key="1:77"))
        waits = (OutboxRow.kind == "SendToOpenLine", OutboxRow.state == "todo")
        later = {"error_code": LINE_OFF, "error": "The open line is switched off.", "not_before": uow.now}
        uow.session.execute(update(OutboxRow).where(*waits).values(**later))
        return found


def test_what_waits_for_a_line_is_seen_and_sent_over_another(desk: Desk) -> None:
    """Health and the page about lines tell how much waits for which line; a manager's choice of another sends it on."""
    found = _waits_for_line(desk)
    desk.open("overview", AUTH_ID="token-of-manager")
    assert all("её ждёт 1 сообщение" in desk.part(view).text for view in ("health", "bridge"))
    answer = desk.press("move_line", line=found["1"], other=found["2"])
    assert "1 переписка идёт теперь через другую линию" in answer.text
    with desk.transactions() as uow:
        assert uow.session.scalars(select(Conversation.line_id)).all() == ["2"]
        sends = select(OutboxRow.not_before).where(OutboxRow.error_code == LINE_OFF)
        assert uow.session.scalars(sends).all() == [None]
    assert desk.press("move_line", line=found["1"], other=found["1"]).status_code == 404

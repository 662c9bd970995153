"""The health page: what is wrong, what was found, and what to do about it, in words."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from b24app.domain.deliveries import FireTrigger, SendChatMessage
from b24app.i18n import texts
from b24app.services import portals, reports
from placements import findings
from storage.models import Gate, Portal
from tests.contract.placements.conftest import Desk


def report(desk: Desk, name: str, state: str = "done", **content: Any) -> None:
    """Let a look have found something."""
    with desk.transactions() as uow:
        reports.write(uow, name, content, state=state)


def page(desk: Desk, lang: str = "ru") -> str:
    """Open the health page."""
    desk.open("overview", lang=lang)
    return desk.part("health").text


@pytest.mark.parametrize(
    ("trouble", "said"),
    [
        ("owner: no_admin", "больше не администратор"),
        ("owner: refused INVALID_CREDENTIALS", "уволен или потерял доступ"),
        ("authorization: invalid_grant", "больше не принимает наш доступ"),
        ("authorization: PAYMENT_REQUIRED", "Тариф этого Битрикс24 закончился"),
    ],
)
def test_a_lost_connection_is_an_alarm_with_advice(desk: Desk, trouble: str, said: str) -> None:
    """The alarm stands on the first view and on the health page, in words and with what to do."""
    with desk.transactions() as uow:
        uow.session.query(Portal).update({"trouble": trouble})
    assert said in desk.open("overview").text
    assert said in desk.part("health").text


def test_a_suspended_application_says_so(desk: Desk) -> None:
    """What the portal said of its removal is no secret to those who still look."""
    with desk.transactions() as uow:
        portal = portals.current(uow)
        assert portal is not None
        portal.state = "suspended"
        advice = findings.trouble(portal, texts("uz"))
    assert advice is not None
    assert advice.title == "Ilova portaldan oʻchirilgan"


def test_rates_stand_beside_their_limits(desk: Desk) -> None:
    """How full the portal's bucket is now follows from its level and the time since; methods that rest are named."""
    now = datetime.now(UTC).timestamp()
    with desk.transactions() as uow:
        uow.session.add(Gate(name="bitrix24", calls=40.0, at=now))
        uow.session.add(Gate(name="operating:crm.item.list", calls=450.0, at=now + 100))
    report(desk, "limits", bitrix24={"rate": 2.0, "burst": 50, "reserve": 5}, telegram={"rate": 30.0})
    seen = page(desk)
    # Two of the forty run out while the page is made, if that takes a second.
    assert re.search("сейчас занято (40|3[0-9]) из 50", seen)
    assert "не больше 120 вызовов в минуту" in seen
    assert "crm.item.list" in seen


def test_what_is_tried_again_says_why(desk: Desk) -> None:
    """The last reasons stand there once each, in the reader's language."""
    with desk.transactions() as uow:
        for number in range(3):
            uow.send(FireTrigger(code="x", ref=f"lot/{number}"), key=f"k{number}")
        uow.session.flush()
        uow.session.execute(text("UPDATE outbox SET error = 'The portal cannot be reached.', attempts = 2"))
    seen = page(desk, "uz")
    assert seen.count("Narigi tomonga ulanib boʻlmadi") == 1
    assert "2 marta urinildi" in seen


def test_a_refusal_is_told_in_words(desk: Desk) -> None:
    """A known refusal of the other side is translated with its advice; of an unknown one that is said; what came stands behind both."""
    with desk.transactions() as uow:
        for key, error in (
            ("a", "Bad Request: not enough rights to send text messages"),
            ("b", "Something odd"),
            ("c", "Something in front of the portal does not let this message through: The portal answered 403."),
        ):
            uow.send(SendChatMessage(chat_id="-100", text="Лот"), key=key)
            uow.session.flush()
            uow.session.execute(text("UPDATE outbox SET state='dead', error=:e WHERE key=:k"), {"e": error, "k": key})
    seen = page(desk)
    assert "Сделайте его администратором канала" in seen
    assert "причину, которой нет в нашем списке" in seen
    assert "Фильтр по пути не пропускает" in seen
    assert seen.count("<summary>Технический текст</summary>") == 3
    assert '<code class="words">Something odd</code>' in seen


def test_telegrams_backlog_and_a_foreign_webhook_are_shown(desk: Desk) -> None:
    """How many updates wait at Telegram and why; a bot that another program took over is an alarm."""
    report(desk, "telegram", pending=21, error="Connection timed out", error_at="", ours=True, set=True)
    seen = page(desk)
    assert "21 обновление" in seen
    assert "Наш сервер не ответил Telegram вовремя." in seen
    assert '<code class="words">Connection timed out</code>' in seen
    report(desk, "telegram", pending=0, error="", error_at="", ours=False, set=True)
    assert "Бота перехватила другая программа" in page(desk)


def test_stopped_processes_lead_to_their_cards(desk: Desk) -> None:
    """Each has the card, since when, and what to do."""
    since = (datetime.now(UTC) - timedelta(hours=3)).isoformat()
    stuck = {"id": "w1", "entity_type_id": 2, "entity_id": "55", "since": since, "why": "set_aside"}
    report(desk, "workflows", looked_at=4, stuck=[stuck])
    seen = page(desk)
    assert "/crm/deal/details/55/" in seen
    assert "Отложено после сбоев" in seen


def test_a_comparison_is_asked_for_once_and_shows_how_far_it_is(desk: Desk) -> None:
    """The button wakes the job; while it runs the page asks again by itself, and a second press is told so."""
    assert "Ещё не проводилась" in page(desk)
    assert desk.press("compare_now").status_code == 200
    assert desk.press("compare_now").status_code == 409
    with desk.transactions() as uow:
        jobs = uow.session.execute(text("SELECT task_name FROM procrastinate_jobs")).scalars().all()
    assert jobs == ["reconcile"]
    report(desk, "reconcile", "running", read=150, object="deal", counts={})
    seen = desk.part("comparison").text
    assert "Сделки: прочитано элементов 150" in seen
    assert 'hx-trigger="every 2s"' in seen


def test_the_result_of_a_comparison_is_a_list_with_what_is_left_to_do(desk: Desk) -> None:
    """Differences are counted by kind, shown with their card, and those for a person are marked."""
    base = {"entity_type_id": 2, "fields": [], "repaired": False}
    found = [
        {**base, "kind": "changed", "ref": "lot/1", "entity_id": "11", "fields": ["lot_number"], "repaired": True},
        {**base, "kind": "twice", "ref": "lot/2", "entity_id": "12"},
    ]
    counts = {"changed": 1, "twice": 1}
    report(desk, "reconcile", read=1200, object="", counts=counts, repaired=1, findings=found, error="")
    seen = page(desk)
    assert "отличаются от наших записей" in seen
    assert "1 из них исправляется само" in seen
    assert "/crm/deal/details/12/" in seen
    assert seen.count("Вручную") == 1
    assert 'hx-trigger="every' not in seen


def test_a_comparison_that_fell_silent_is_not_shown_as_running(desk: Desk) -> None:
    """After a crash the page says that it was interrupted, and the button is there again."""
    report(desk, "reconcile", "running", read=5, object="deal", counts={})
    with desk.transactions() as uow:
        uow.session.execute(text("UPDATE reports SET heard_at = now() - interval '10 minutes'"))
    seen = page(desk)
    assert "Прервана" in seen
    assert "Сверить сейчас" in seen


def test_observers_look_and_press_nothing(desk: Desk) -> None:
    """An employee without powers sees the same page without its buttons."""
    desk.open("overview", AUTH_ID="token-of-observer")
    assert "Сверить сейчас" not in desk.part("health").text
    assert desk.press("compare_now").status_code == 403

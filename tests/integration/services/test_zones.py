"""Days and times as people read them: by their own clock in the bot, by the marketplace's inside Bitrix24."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from b24app.i18n import texts_in_zone
from b24app.services import bot_texts, companies, exchange, offers, portals, reply_templates, staff
from b24app.services import settings as stored
from storage.models import ReplyTemplate, Setting
from storage.unit_of_work import UnitOfWork
from tests import factories
from tests.integration.services.outgoing import said_to, sent

LATE = datetime(2026, 3, 10, 20, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "day"), [("Asia/Tashkent", "11"), ("Europe/Moscow", "10"), ("Asia/Novosibirsk", "11")]
)
def test_a_moment_is_given_the_day_of_its_reader(zone: str, day: str) -> None:
    """Half past eight in the evening at Greenwich is tomorrow already in Tashkent and still today in Moscow."""
    assert texts_in_zone("ru", zone).date(LATE).startswith(day)


def test_a_plain_day_is_nobody_s_moment() -> None:
    """A day without a time is the same day for every reader."""
    assert texts_in_zone("ru", "Asia/Novosibirsk").date(date(2026, 3, 10)).startswith("10")


def test_employees_read_the_clock_that_they_chose(uow: UnitOfWork) -> None:
    """Cards and digests follow the zone of the working hours."""
    before = portals.speech(uow).moment(LATE)
    stored.put(uow, "work_zone", "Europe/Moscow", "user/1")
    assert ("01:30" in before, "23:30" in portals.speech(uow).moment(LATE)) == (True, True)


def test_the_bot_tells_everybody_their_own_day(uow: UnitOfWork) -> None:
    """The voice in which the bot speaks to somebody is set to their clock, in their own words too."""
    assert bot_texts.speaker(uow, "ru", "Europe/Moscow").date(LATE).startswith("10")
    assert bot_texts.speaker(uow, "ru").date(LATE).startswith("11")


def test_a_right_holds_through_its_last_day(uow: UnitOfWork) -> None:
    """Given up to a day, it ends with that day's last second by the marketplace's clock, and everybody there reads that day."""
    person, company = factories.buyer(uow)
    day = staff.today(uow).replace(year=staff.today(uow).year + 1, month=3, day=10)
    companies.grant(uow, company.id, "catalogue_access", day, reason="Оплачено", actor="user/1")
    assert company.catalogue_until is not None
    assert company.catalogue_until.astimezone(UTC).strftime("%m-%d %H:%M:%S") == "03-10 18:59:59"
    assert "10 мар" in said_to(uow, person.chat_id)[-1]
    saved = [one.fields["catalogue_until"] for one in sent(uow, "SaveItem") if "catalogue_until" in one.fields]
    assert saved[-1] == day.isoformat()


def test_exchange_rates_are_dated_by_the_readers_clock(uow: UnitOfWork) -> None:
    """Rates set late in the evening are of tomorrow for a buyer further east."""
    ivan, _ = factories.buyer(uow)
    lot = factories.lot(uow, ivan)
    for number, currency in (("2001", "USD"), ("2002", "EUR")):
        maker, _ = factories.factory(uow, number, company=f"Factory {number}")
        answer = factories.offer(uow, maker, lot, price={"amount": "3", "currency": currency})
        offers.allow(uow, answer.id, "user/1")
    exchange.keep(uow, "USD=1 EUR=1.08", "operator")
    uow.session.get_one(Setting, exchange.SETTING).changed_at = LATE
    said = {}
    for ivan.zone in ("Asia/Tashkent", "Europe/Moscow"):
        said[ivan.zone] = offers.compare(uow, ivan, lot.id, "ru").rates
    assert ("11 мар" in said["Asia/Tashkent"], "10 мар" in said["Europe/Moscow"]) == (True, True)


def test_a_template_names_the_deadline_by_each_readers_clock(uow: UnitOfWork) -> None:
    """The same template gives each side the last day as its own calendar shows it."""
    talk, ivan, abc, lot = factories.conversation(uow)
    lot.respond_by, ivan.zone, abc.zone = LATE, "Europe/Moscow", "Asia/Tashkent"
    words = "{deadline}"
    template = ReplyTemplate(name="d", text_ru=words, text_uz=words, text_en=words)
    found = {one.side: one.text for one in reply_templates.renderings(uow, talk, template, "both")}
    assert (found["buyer"].startswith("10"), found["factory"].startswith("11")) == (True, True)

"""The Mini App's tables as messages of the chat: filters of the catalogue, offers side by side, figures; a copy of the data."""

from __future__ import annotations

from datetime import timedelta

import pytest

from b24app.errors import NotFound
from b24app.services import companies, drafts, offers
from storage.models import Company, Person
from storage.unit_of_work import UnitOfWork
from telegram_bridge.handlers import form_messages
from telegram_bridge.reply import Reply
from tests import factories
from tests.contract.telegram.test_boards import data_of, press
from tests.contract.telegram.test_chat_alone import command
from tests.integration.services.outgoing import sent


@pytest.fixture
def ivan(uow: UnitOfWork) -> Person:
    """A buyer with access to the catalogue, in which two factories are: ABC makes T-shirts, Silk Road is not verified."""
    ivan, company = factories.buyer(uow)
    until = uow.now.date() + timedelta(days=30)
    companies.grant(uow, company.id, "catalogue_access", until, reason="paid", actor="user/1")
    factories.factory(uow)
    _, silk = factories.factory(uow, "2002", company="Silk Road", verified=False)
    companies.publish(uow, silk.id, "user/1")
    return ivan


def shelf(uow: UnitOfWork, ivan: Person) -> set[str]:
    """Give the names of the factories that the catalogue lists now."""
    _, shown = command(uow, ivan, "catalogue")
    numbers = [int(one.split(":")[1]) for one in shown if one.startswith("factory:")]
    return {uow.session.get_one(Company, number).name for number in numbers}


def test_the_catalogue_is_filtered_by_presses(uow: UnitOfWork, ivan: Person) -> None:
    """A switch, a value of a list and typed words each narrow the list, stay chosen, and are cleared together."""
    both = {"ABC Textiles", "Silk Road"}
    assert shelf(uow, ivan) == both
    _, shown = command(uow, ivan, "filters")
    assert {"sift:verified:", "sift:region:", "sift:days:", "fill:words:0"} <= set(shown)
    press(uow, ivan, "sift:verified:")
    assert shelf(uow, ivan) == {"ABC Textiles"}
    press(uow, ivan, "sift:verified:")
    _, values = press(uow, ivan, "sift:days:")
    assert {"sift:days:15", "sift:days:-"} <= set(data_of(values))
    press(uow, ivan, "sift:days:15")
    assert shelf(uow, ivan) == set()
    press(uow, ivan, "sift:days:-")
    press(uow, ivan, "fill:words:0")
    assert form_messages.take(Reply(uow, 5, ivan), "silk")
    draft = drafts.load(uow, ivan, "words:0")
    assert draft is not None
    _, buttons = press(uow, ivan, f"form:{draft.id}:send")
    assert data_of(buttons)[0] == "menu:catalogue"
    assert shelf(uow, ivan) == {"Silk Road"}
    press(uow, ivan, "sift:clear:")
    assert shelf(uow, ivan) == both


@pytest.mark.parametrize("data", ["sift:nonsense:1", "sift:days:16", "sift:region:'", "sift::", "fill:words9:0"])
def test_no_other_filter_is_taken(uow: UnitOfWork, ivan: Person, data: str) -> None:
    """What no button of ours carries changes nothing."""
    with pytest.raises(NotFound):
        press(uow, ivan, data)


def test_offers_stand_side_by_side_in_a_message(uow: UnitOfWork, ivan: Person) -> None:
    """Each term of every offer is read, the best price marked; another buyer finds no such lot."""
    lot = factories.lot(uow, ivan)
    for number, price in (("2003", "3.20"), ("2004", "2.90")):
        maker, _ = factories.factory(uow, number, company=f"Mill {number}")
        offers.allow(uow, factories.offer(uow, maker, lot, price={"amount": price, "currency": "USD"}).id, "user/1")
    _, buttons = press(uow, ivan, f"lot:{lot.id}:offers")
    assert f"lot:{lot.id}:compare" in data_of(buttons)
    text, _ = press(uow, ivan, f"lot:{lot.id}:compare")
    (cheapest,) = [line for line in text.splitlines() if "2,90" in line and "/" in line]
    (dearer,) = [line for line in text.splitlines() if "3,20" in line and "/" in line]
    assert (cheapest.endswith("✅"), dearer.endswith("✅")) == (True, False)
    anna, _ = factories.buyer(uow, "1002", company="Other")
    with pytest.raises(NotFound):
        press(uow, anna, f"lot:{lot.id}:compare")


def test_a_factory_reads_its_figures_beside_the_median(uow: UnitOfWork, ivan: Person) -> None:
    """What it answered stands beside the median of those who make the same; a buyer has no such figures."""
    abc, _ = factories.factory(uow, "2003", company="Third")
    factories.offer(uow, abc, factories.lot(uow, ivan))
    text, _ = command(uow, abc, "statistics")
    (line,) = [line for line in text.splitlines() if "Javob berilgan lotlar" in line]
    assert ("<b>1</b>" in line, "0" in line) == (True, True)
    assert command(uow, ivan, "statistics")[0] == command(uow, ivan, "menu")[0]


def test_a_copy_of_the_data_comes_as_a_file_once_an_hour(uow: UnitOfWork, ivan: Person) -> None:
    """Two presses within an hour send one archive, an hour later there is another."""
    for _ in range(2):
        press(uow, ivan, "mine:copy")
    assert [one.data_of for one in sent(uow, "SendChatFile", chat_id=ivan.chat_id)] == [ivan.id]
    uow.now += timedelta(hours=1)
    press(uow, ivan, "mine:copy")
    assert len(sent(uow, "SendChatFile", chat_id=ivan.chat_id)) == 2


def test_favourites_and_the_comparison_are_read_in_the_chat(uow: UnitOfWork, ivan: Person) -> None:
    """What was kept is listed, two factories stand side by side answer by answer, one goes out again; a factory has neither."""
    _, shown = command(uow, ivan, "catalogue")
    first, second = (int(one.split(":")[1]) for one in shown if one.startswith("factory:"))
    assert {"menu:favourites", "menu:compared"} <= set(shown)
    _, buttons = press(uow, ivan, f"factory:{first}:show")
    assert f"factory:{first}:compare" in data_of(buttons)
    press(uow, ivan, f"factory:{first}:keep")
    _, kept = command(uow, ivan, "favourites")
    assert [one for one in kept if one.startswith("factory:")] == [f"factory:{first}:show"]
    press(uow, ivan, f"factory:{first}:compare")
    text, buttons = press(uow, ivan, f"factory:{second}:compare")
    assert ("1. " in text, "2. " in text, "Silk Road" in text, "ABC Textiles" in text) == (True,) * 4
    text, _ = press(uow, ivan, f"factory:{first}:uncompare")
    assert f"factory:{first}:" not in str(command(uow, ivan, "compared")[1])
    abc, _ = factories.factory(uow, "2009", company="Another")
    with pytest.raises(NotFound):
        press(uow, abc, f"factory:{first}:compare")

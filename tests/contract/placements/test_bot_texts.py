"""The page of the bot's texts: found, changed by administrators, said by the bot, reset, and never able to break a message."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from b24app.i18n import texts
from b24app.services import bot_texts, notices
from storage.models import AuditEntry, BotText, OutboxRow, Person
from tests.contract.placements.conftest import Desk

PUBLISHED = "Lot No. {number} is published."
SENT = "It was sent to {count} suitable factory."


def key_of(desk: Desk, text_id: str) -> str:
    """Give the short key of a text."""
    with desk.transactions() as uow:
        return next(one.key for one in bot_texts.entries(uow) if one.text_id == text_id)


def form_of(desk: Desk, text_id: str, **changes: str) -> dict[str, str]:
    """Give the editor's fields as they stand, with some changed: `ru_0` is the first Russian form."""
    with desk.transactions() as uow:
        entry = bot_texts.entry(uow, key_of(desk, text_id))
    fields = {f"text.{code}.{n}": said for code, forms in entry.standing.items() for n, said in enumerate(forms)}
    return {"text": entry.key, **fields, **{f"text.{name.replace('_', '.')}": said for name, said in changes.items()}}


def said(desk: Desk, text_id: str, language: str = "ru") -> str:
    """Have the bot say a text about lot 5 to the buyer, and give what it sent."""
    with desk.transactions() as uow:
        person = uow.session.scalars(select(Person)).first()
        assert person is not None
        person.language = language
        notices.tell(uow, person, lambda t: (t(text_id, number=5), []), key=f"test:{language}", at_once=True)
        uow.session.flush()
        row = uow.session.scalars(select(OutboxRow).order_by(OutboxRow.id.desc())).first()
        assert row is not None
        payload: dict[str, str] = row.payload
        uow.session.delete(row)
        return payload["text"]


def test_the_bot_says_what_an_administrator_wrote_until_it_is_reset(desk: Desk) -> None:
    """Another wording is in the next message, in its language only, with the log naming who; one press brings the standard back."""
    desk.market.buyer()
    desk.open("overview")
    answer = desk.press("save_bot_text", **form_of(desk, PUBLISHED, ru_0="Лот {number}: уже у фабрик!"))
    assert answer.status_code == 200
    assert "Лот {number}: уже у фабрик!" in answer.text
    assert said(desk, PUBLISHED) == "Лот 5: уже у фабрик!"
    assert said(desk, PUBLISHED, "uz") == texts("uz")(PUBLISHED, number=5)
    assert texts("ru")(PUBLISHED, number=5) != "Лот 5: уже у фабрик!"
    desk.press("reset_bot_text", text=key_of(desk, PUBLISHED))
    assert said(desk, PUBLISHED) == texts("ru")(PUBLISHED, number=5)
    with desk.transactions() as uow:
        wanted = select(AuditEntry.actor, AuditEntry.action).where(AuditEntry.subject.like("bot_text/%"))
        found = [tuple(row) for row in uow.session.execute(wanted.order_by(AuditEntry.id))]
    assert found == [("user/1", "bot_text_saved"), ("user/1", "bot_text_reset")]


@pytest.mark.parametrize(
    ("text_id", "changes"),
    [
        (PUBLISHED, {"ru_0": "Лот опубликован"}),
        (PUBLISHED, {"uz_0": "{number}-lot {narx}"}),
        (PUBLISHED, {"en_0": "Lot <{number}>"}),
        (PUBLISHED, {"ru_0": ""}),
        (SENT, {"ru_2": "никому"}),
    ],
)
def test_a_wording_that_could_break_a_message_is_refused(desk: Desk, text_id: str, changes: dict[str, str]) -> None:
    """The fault is told with its language, the preview warns of it too, and nothing is kept."""
    desk.open("overview")
    form = form_of(desk, text_id, **changes)
    answer = desk.press("save_bot_text", **form)
    assert answer.status_code == 422
    assert f"{next(iter(changes))[:2].upper()}: " in answer.text
    assert "Так сохранить нельзя" in desk.press("preview_bot_text", **form).text
    with desk.transactions() as uow:
        assert uow.session.scalars(select(BotText)).all() == []


def test_texts_are_found_by_words_of_any_language(desk: Desk) -> None:
    """A search looks at all three languages and at what was changed; the list can show the changed ones alone."""
    desk.open("overview")
    desk.press("save_bot_text", **form_of(desk, PUBLISHED, ru_0="Лот {number}: бабочка"))
    for wanted in ("БАБОЧКА", "is published."):
        assert "Лот {number}: бабочка" in desk.part("bot_texts", q=wanted).text
    assert len(re.findall("<li>", desk.part("bot_texts", changed="1").text)) == 1
    assert "Такого текста нет" in desk.part("bot_texts", q="nothing of the kind").text
    assert "Дальше" in desk.part("bot_texts").text


def test_a_preview_shows_markup_as_telegram_does_and_nothing_else(desk: Desk) -> None:
    """Bold words are bold; what else was typed into the address is shown as letters."""
    desk.open("overview")
    form = form_of(desk, "Please send another document: <b>{document}</b>. {reason}", en_0="<b>{document}</b><script>")
    page = desk.press("preview_bot_text", **form).text
    assert "<b>{document}</b>" in page
    assert "<script>" not in page


def test_a_wording_whose_text_has_changed_since_is_not_said_and_shown_on_the_health_page(desk: Desk) -> None:
    """The standing text is said in its place, and an administrator can take it away."""
    desk.market.buyer()
    with desk.transactions() as uow:
        uow.session.add(BotText(language="ru", text_id=PUBLISHED, forms=["Лот {gone}"]))
        uow.session.add(BotText(language="uz", text_id="A text of the past", forms=["Eski"]))
    assert said(desk, PUBLISHED) == texts("ru")(PUBLISHED, number=5)
    desk.open("overview")
    assert {"Лот {gone}", "A text of the past"} <= set(
        re.findall(r"Лот \{gone\}|A text of the past", desk.part("health").text)
    )
    assert "Лот {gone}" not in desk.press("forget_bot_texts").text
    with desk.transactions() as uow:
        assert uow.session.scalars(select(BotText)).all() == []


def test_a_manager_reads_but_does_not_change(desk: Desk) -> None:
    """Only administrators of the application get fields to write in."""
    desk.open("overview", AUTH_ID="token-of-manager")
    page = desk.part("bot_texts", text=key_of(desk, PUBLISHED)).text
    assert "readonly" in page
    assert "do-reset_bot_text" not in page.replace("do-reset_bot_text-error", "")
    assert desk.part("bot_texts", text="nothing").status_code == 404

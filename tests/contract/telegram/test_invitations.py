"""Following a colleague's link in the bot."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from b24app.errors import NotFound
from b24app.services import colleagues, people
from storage.models import OutboxRow
from storage.unit_of_work import UnitOfWork
from telegram_bridge.handlers import callbacks, choices, start
from telegram_bridge.reply import Reply
from telegram_bridge.steps import next_step
from tests import factories
from tests.integration.services.outgoing import sent


def test_a_newcomer_chooses_a_language_and_joins(uow: UnitOfWork) -> None:
    """Language first, then the question whose company it is; pressing Join opens the company's menu, pressing again says too late."""
    owner, company = factories.factory(uow)
    link = colleagues.invite(uow, owner, company, "sales")
    payload = sent(uow, "SendChatMessage", chat_id=owner.chat_id)[-1].buttons[0][0]["start"]
    laylo = people.meet(uow, telegram_id="9", chat_id="9", first_name="Laylo", payload=payload)
    reply = Reply(uow, 1, laylo)
    assert next_step(reply)[1][0][0]["data"].startswith("lang:")
    people.choose_language(uow, laylo, "uz")
    text, buttons = next_step(reply)
    assert ("ABC Textiles" in text, buttons[0][0]["data"]) == (True, f"join:{link.id}")
    pressed = callbacks._ACTIONS["join"][0]
    assert pressed is not None
    shown = pressed(reply, str(link.id))
    assert "ABC Textiles" in shown[0]
    assert people.member_role(uow, laylo, company.id) == "sales"


def test_a_number_without_the_secret_opens_nothing(uow: UnitOfWork) -> None:
    """Whoever guesses a link's number but never held its secret is told that the button is out of date."""
    owner, company = factories.factory(uow)
    link = colleagues.invite(uow, owner, company, "owner")
    thief = factories.person(uow, "66", role="factory")
    start.handle(Reply(uow, 2, thief), "join_guessed")
    rows = uow.session.scalars(select(OutboxRow).where(OutboxRow.lane == "chat:66")).all()
    assert "истекло" in rows[-1].payload["text"]
    pressed = callbacks._ACTIONS["join"][0]
    assert pressed is not None
    with pytest.raises(NotFound):
        pressed(Reply(uow, 3, thief), str(link.id))
    assert people.member_role(uow, thief, company.id) == ""


def test_a_factorys_link_leads_to_its_profile(uow: UnitOfWork) -> None:
    """An accepted buyer who follows the link of a factory gets the button; a newcomer is told when it will open."""
    ivan, _ = factories.buyer(uow)
    start.handle(Reply(uow, 1, ivan), "factory_7")
    (shown,) = sent(uow, "SendConversationMessage", chat_id=ivan.chat_id)
    assert shown.buttons[0][0]["web_app"] == "/app/catalogue/7"
    start.handle(Reply(uow, 2, factories.person(uow, "9")), "factory_7")
    first, then = sent(uow, "SendConversationMessage", chat_id="9")
    assert ("проверена" in first.text, first.buttons, bool(then.buttons)) == (True, [], True)


def test_an_offer_is_withdrawn_by_button_after_a_question(uow: UnitOfWork) -> None:
    """The first press asks, the second does it; both buttons fit what Telegram takes."""
    ivan, _ = factories.buyer(uow)
    abc, _ = factories.factory(uow)
    offer = factories.offer(uow, abc, factories.lot(uow, ivan))
    shown = choices.offer(Reply(uow, 1, abc), str(offer.id), "withdraw")
    assert isinstance(shown, tuple)
    question, buttons = shown
    assert (offer.state, buttons[0][0]["data"]) == ("submitted", f"offer:{offer.id}:withdraw_yes")
    assert question.endswith("?") or "." in question
    choices.offer(Reply(uow, 2, abc), str(offer.id), "withdraw_yes")
    assert offer.state == "withdrawn"

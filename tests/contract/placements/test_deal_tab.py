"""A deal's tab: a lot is moderated, offers are gated, a factory is chosen, what was said can be read."""

from __future__ import annotations

import re
from typing import Any

import pytest
from sqlalchemy import select, update

from b24app.services import lots, offers, orders, people
from storage.models import Conversation, File, Lot, Message, Offer, Order
from tests.contract.placements.conftest import Desk
from tests.contract.placements.world import Marketplace
from tests.databases import Prepared


@pytest.fixture
def lot(desk: Desk, prepared: Prepared) -> int:
    """A lot that waits for moderation, of an accepted buyer."""
    return desk.market.begin(prepared, "a lot that waits", _place)


def _place(market: Marketplace) -> int:
    market.buyer()
    return market.lot()


def open_lot(desk: Desk, lot_id: int, **changes: str) -> str:
    """Open the tab of a lot's deal."""
    return desk.open("deal_tab", desk.market.in_crm[f"lot/{lot_id}"], **changes).text


def test_the_original_stands_beside_what_factories_see(desk: Desk, lot: int) -> None:
    """The moderator sees the telephone number that the buyer wrote, and that factories will not."""
    page = open_lot(desk, lot)
    written, seen = re.findall(r'<div class="(?:written|seen) words[^>]*>\s*([^<]+?)\s*</div>', page)[:2]
    assert "+7 900 123-45-67" in written
    assert "123-45" not in seen
    assert "Футболки хлопковые" in seen


def test_approval_publishes_once(desk: Desk, lot: int) -> None:
    """The first press publishes; the second is told that it was decided and shows how it stands."""
    open_lot(desk, lot, AUTH_ID="token-of-manager")
    first, second = desk.press("approve_lot"), desk.press("approve_lot")
    assert (first.status_code, second.status_code) == (200, 409)
    assert "опубликован" in first.text
    assert "уже приняли решение" in second.text
    assert 'hx-swap-oob="true"' in second.text
    assert desk.market.get(Lot, lot).state == "published"


def test_a_lot_goes_back_with_reasons(desk: Desk, lot: int) -> None:
    """Exactly the marked answers return to the buyer, each with its reason."""
    open_lot(desk, lot)
    answer = desk.press("return_lot", **{"reason.product": " Уберите телефон ", "reason.place": ""})
    assert answer.status_code == 200
    assert desk.market.get(Lot, lot).corrections == [{"field": "product", "reason": "Уберите телефон"}]
    assert "Возвращено: Уберите телефон" in answer.text


def test_a_return_without_a_reason_is_refused_beside_the_button(desk: Desk, lot: int) -> None:
    """Nothing changes and the sentence appears where the manager pressed, the typed text staying."""
    open_lot(desk, lot)
    answer = desk.press("return_lot", element="do-return_lot")
    assert (answer.status_code, answer.headers["HX-Reswap"]) == (422, "none")
    assert 'id="do-return_lot-error"' in answer.text
    assert "Отметьте хотя бы один ответ" in answer.text
    assert desk.market.get(Lot, lot).state == "submitted"


def test_a_change_of_a_published_lot_is_read_and_decided(desk: Desk, lot: int) -> None:
    """Old and new stand together, contacts hidden on the right; it goes back with reasons, or becomes the lot; once."""
    change = {"packaging": "По 20, звоните +7 900 123-45-67", "place": "Navoiy"}
    open_lot(desk, lot, AUTH_ID="token-of-manager")
    desk.press("approve_lot")
    desk.market.revise(lot, **change)
    page = open_lot(desk, lot, AUTH_ID="token-of-manager")
    assert ("Изменение ждёт модерации" in page, page.count("Было: ")) == (True, 2)
    assert re.findall(r'class="seen words masked"[^>]*>([^<]+)', page)[-1].count("123-45") == 0
    back = desk.press("return_lot", **{"reason.packaging": "Уберите телефон"})
    assert (back.status_code, "Возвращено: Уберите телефон" in back.text) == (200, True)
    assert desk.press("approve_lot").status_code == 409
    desk.market.revise(lot, **change)
    page = open_lot(desk, lot, AUTH_ID="token-of-manager")
    (seen_at,) = re.findall(r'"seen_at": "([^"]+)"', page)
    assert desk.press("approve_lot", seen_at="2020-01-01T00:00:00+00:00").status_code == 409
    done = desk.press("approve_lot", seen_at=seen_at)
    assert (done.status_code, "Изменение лота" in done.text) == (200, True)
    kept = desk.market.get(Lot, lot)
    assert (kept.version, kept.fields["place"], kept.state) == (2, "Navoiy", "published")


def test_matches_come_with_their_reasons(desk: Desk, lot: int) -> None:
    """The ranked factories are fetched after the page stands, each with its score and why."""
    desk.market.factory()
    desk.market.factory(3, "Hidden Mill", published=False)
    page = open_lot(desk, lot)
    part = desk.part("matches").text
    assert 'hx-get="/placements/part/matches"' in page
    assert "ABC Textiles" not in page
    assert "ABC Textiles" in part
    assert "Hidden Mill" not in part
    assert re.search(r'<meter min="0" max="100" value="\d+"', part)
    assert part.count('<li class="') > 2


def test_an_empty_list_says_what_comes_next(desk: Desk, lot: int) -> None:
    """A lot that no factory suits says so and what will appear."""
    open_lot(desk, lot)
    assert "пока не подходит ни одна фабрика" in desk.part("matches").text
    assert "Переписки пока нет" in desk.part("transcript").text


def test_a_lot_is_sent_to_more_factories(desk: Desk, lot: int) -> None:
    """Who got the lot and when stands beside it; who did not gets it by a button, and one that the list leaves out by its name."""
    desk.market.factory()
    open_lot(desk, lot, AUTH_ID="token-of-manager")
    assert "do-invite_factory" not in desk.part("matches").text
    desk.press("approve_lot")
    silk = desk.market.factory(3, "Silk Road Mill")
    desk.market.factory(4, "Namangan Denim", segments=["denim"])
    part = desk.part("matches").text
    assert re.findall(r'id="do-invite_factory-(\d+)"', part) == [str(silk)]
    assert "Лот отправлен 1 фабрике" in part
    sent = desk.press("invite_factory", company_id=silk)
    assert "отправляется фабрике Silk Road Mill" in sent.text
    assert "do-invite_factory" not in sent.text
    assert desk.press("invite_factory", company_id=silk).status_code == 409
    named = desk.press("invite_named", factory="denim")
    assert "отправляется фабрике Namangan Denim" in named.text
    assert "Лот отправлен 3 фабрикам" in named.text
    assert "такой нет" in desk.press("invite_named", element="do-invite_named", factory="Никто").text
    assert desk.press("invite_matching").status_code == 409


@pytest.fixture
def offer(desk: Desk, prepared: Prepared) -> int:
    """An offer that waits, for a published lot."""
    return desk.market.begin(prepared, "an offer that waits", _offer)


def _offer(market: Marketplace) -> int:
    market.buyer()
    factory = market.factory()
    return market.offer(market.lot(published=True), factory)


def lot_of(desk: Desk, offer_id: int) -> int:
    """Give the lot of an offer."""
    lot_id: int = desk.market.get(Offer, offer_id).lot_id
    return lot_id


def test_an_offer_shows_its_terms(desk: Desk, offer: int) -> None:
    """Price per unit and for the lot, lead time and the factory's standing are there to decide on."""
    page = open_lot(desk, lot_of(desk, offer))
    for text in ("3,10", "62\xa0000,00", "40 дней", "ABC Textiles", "Проверена", "Ждёт вашего решения"):
        assert text in page, text


def test_allowing_contact_opens_the_conversation(desk: Desk, offer: int) -> None:
    """One press lets the offer through; the next manager is told that it was decided."""
    open_lot(desk, lot_of(desk, offer), AUTH_ID="token-of-manager")
    first, second = desk.press("allow_offer", offer_id=offer), desk.press("allow_offer", offer_id=offer)
    assert (first.status_code, second.status_code) == (200, 409)
    decided = desk.market.get(Offer, offer)
    assert (decided.state, decided.decided_by) == ("allowed", "user/7")
    with desk.transactions() as uow:
        assert uow.session.query(Conversation).count() == 1


def test_declining_needs_a_reason(desk: Desk, offer: int) -> None:
    """Without a reason nothing happens; with one the factory is told it."""
    open_lot(desk, lot_of(desk, offer))
    assert desk.press("decline_offer", offer_id=offer, reason="").status_code == 422
    assert desk.press("decline_offer", offer_id=offer, reason="price").status_code == 200
    page = open_lot(desk, lot_of(desk, offer))
    assert "Цена выше рынка" in page


def test_a_manager_can_choose_for_the_buyer(desk: Desk, offer: int) -> None:
    """An award in part makes an order and leaves the rest of the lot open; too much is refused with the limit."""
    desk.market.talk(offer)
    open_lot(desk, lot_of(desk, offer))
    assert desk.press("award_offer", offer_id=offer, quantity="20001").status_code == 422
    assert desk.press("award_offer", offer_id=offer, quantity="12000").status_code == 200
    with desk.transactions() as uow:
        assert [order.quantity for order in uow.session.query(Order)] == [12000]
    assert desk.market.get(Lot, lot_of(desk, offer)).state == "published"


def test_the_transcript_keeps_the_originals(desk: Desk, offer: int) -> None:
    """The manager reads what each side wrote, and beneath a hidden contact what it was; a search finds it."""
    desk.market.talk(offer, "Добрый день, мой номер +7 911 222-33-44", "Rahmat, namuna yuboramiz")
    open_lot(desk, lot_of(desk, offer))
    part = desk.part("transcript").text
    assert "В оригинале:" in part
    assert "+7 911 222-33-44" in part
    assert part.index("Добрый день") < part.index("Rahmat")
    found = desk.part("transcript", search="namuna").text
    assert ("Rahmat" in found, "Добрый день" in found) == (True, False)
    assert "Ничего не найдено" in desk.part("transcript", search="100%").text


def test_a_picture_is_pointed_out_while_contacts_are_hidden(desk: Desk, offer: int) -> None:
    """Nobody but the manager can see whether a picture shows a contact; once contacts are open it is one like any other."""
    desk.market.talk(offer, "Добрый день", "Rahmat")
    with desk.transactions() as uow:
        uow.session.execute(update(Message).where(Message.original == "Добрый день").values(kind="photo"))
    open_lot(desk, lot_of(desk, offer))
    assert desk.part("transcript").text.count("контакты на ней не скрыты") == 1
    with desk.transactions() as uow:
        uow.session.execute(update(Conversation).values(masked=False))
    assert "контакты на ней не скрыты" not in desk.part("transcript").text


def test_a_long_transcript_is_paged(desk: Desk, offer: int) -> None:
    """Fifty messages are shown, the earlier ones on demand."""
    desk.market.talk(offer, *(f"сообщение {number}" for number in range(60)))
    open_lot(desk, lot_of(desk, offer))
    part = desk.part("transcript").text
    assert ("сообщение 59<" in part, "сообщение 9<" in part) == (True, False)
    before = re.search(r'"before": (\d+)', part)
    assert before
    assert "сообщение 9<" in desk.part("transcript", before=before[1]).text


def test_an_order_shows_its_factory_and_sum(desk: Desk, offer: int) -> None:
    """The child deal of an award shows who makes what for how much, with the way back to the lot."""
    desk.market.talk(offer)
    order = desk.market.award(offer)
    page = desk.open("deal_tab", desk.market.in_crm[f"order/{order}"]).text
    for text in ("ABC Textiles", "62\xa0000,00", "20\xa0000", "Открыть сделку лота"):
        assert text in page, text
    assert desk.part("transcript").status_code == 200


def test_progress_is_noted_for_a_factory(desk: Desk, offer: int) -> None:
    """A manager notes a step; the form then offers only what lies ahead; back, or a step of nobody, is refused in words."""
    desk.market.talk(offer)
    order = desk.market.award(offer)
    desk.open("deal_tab", desk.market.in_crm[f"order/{order}"], AUTH_ID="token-of-manager")
    noted = desk.press("set_progress", step="cutting", percent="40", note="позвонили")
    assert "Отмечено" in noted.text
    assert "позвонили" in noted.text
    assert 'value="fabric"' not in noted.text
    back = desk.press("set_progress", element="do-set_progress", step="fabric", percent="100")
    assert back.status_code == 409
    assert desk.press("set_progress", element="do-set_progress", step="x", percent="100").status_code == 422
    assert desk.press("set_progress", element="do-set_progress", step="sewing", percent="101").status_code == 422
    assert desk.market.get(Order, order).percent == 40


def test_an_order_shows_what_the_factory_reported(desk: Desk, offer: int) -> None:
    """Each report stands there with its words and its photo behind an expiring link."""
    desk.market.talk(offer)
    order = desk.market.award(offer)
    with desk.transactions() as uow:
        person = people.members_of(uow, uow.session.get_one(Order, order).company_id)[0]
        photo = File(owner="upload", person_id=person.id, name="a.jpg", mime="image/jpeg", size=9, sha256="a" * 64)
        uow.session.add(photo)
        uow.session.flush()
        orders.report(uow, person, order, step="cutting", percent=40, note="два стола", file_id=photo.id)
    page = desk.open("deal_tab", desk.market.in_crm[f"order/{order}"]).text
    assert ("два стола" in page, page.count("/files/") >= 2) == (True, True)


def test_a_decision_elsewhere_shows_on_the_page(desk: Desk, offer: int) -> None:
    """What a card's button decided meanwhile is what the tab shows."""
    with desk.transactions() as uow:
        offers.decline(uow, offer, "enough", "user/1")
    page = open_lot(desk, lot_of(desk, offer))
    assert "Предложений уже достаточно" in page
    assert "do-allow_offer" not in page


def test_a_closed_lot_names_its_outcome(desk: Desk, offer: int) -> None:
    """A lot awarded whole is closed, and its tab says how."""
    desk.market.talk(offer)
    desk.market.award(offer)
    assert "Закрыт: фабрика выбрана" in open_lot(desk, lot_of(desk, offer))
    with desk.transactions() as uow:
        assert lots.get(uow, lot_of(desk, offer)).outcome == "awarded"


def test_the_moderator_can_open_the_files(desk: Desk) -> None:
    """A tech pack is a link that expires; factories are shown that there is something hidden, not what."""
    desk.market.buyer()
    with desk.transactions() as uow:
        file = File(owner="lot/1", name="ТЗ Северный стиль.pdf", mime="application/pdf", size=120_000, sha256="0" * 64)
        uow.session.add(file)
        uow.session.flush()
        file_id = file.id
    page = open_lot(desk, desk.market.lot(files=[file_id]))
    assert re.search(r'<a href="/files/[\w.-]+" target="_blank" rel="noopener">ТЗ Северный стиль\.pdf</a>', page)
    assert page.count("ТЗ Северный стиль.pdf") == 1
    assert "скрыто" in page


def _talk(desk: Desk, offer: int) -> tuple[int, int]:
    """A conversation about the offer in which the factory's words were partly hidden; answers the ids of both."""
    desk.market.talk(offer)
    with desk.transactions() as uow:
        talk = uow.session.query(Conversation).one()
        message = Message(conversation_id=talk.id, side="factory", kind="text", source="telegram", source_key="1:1")
        message.text, message.original, message.hidden = "Звоните •••", "Звоните +998 90 123 45 67", True
        message.person_id = uow.session.scalars(select(Offer.person_id).where(Offer.id == offer)).one()
        uow.session.add(message)
        uow.session.flush()
        return talk.id, message.id


def test_a_manager_shows_what_was_hidden_once_or_from_then_on(desk: Desk, offer: int) -> None:
    """One message is released by its button, the conversation by another; a second press is told that nothing is hidden."""
    talk, message = _talk(desk, offer)
    open_lot(desk, lot_of(desk, offer))
    assert desk.press("release_message", message_id=message).status_code == 200
    assert desk.press("release_message", message_id=message).status_code == 409
    assert desk.market.get(Message, message).text == "Звоните +998 90 123 45 67"
    assert desk.press("release_conversation", conversation_id=talk).status_code == 200
    assert not desk.market.get(Conversation, talk).masked


def test_a_manager_writes_closes_and_reopens(desk: Desk, offer: int) -> None:
    """A text goes out once however often the button is pressed; a note stays inside; the conversation closes and opens."""
    talk, _ = _talk(desk, offer)
    open_lot(desk, lot_of(desk, offer))
    words: dict[str, Any] = {"conversation_id": talk, "text": "[b]Добрый день", "side": "buyer", "key": "abcdefgh"}
    assert [desk.press("say", **words).status_code for _ in range(2)] == [200, 200]
    assert desk.press("say", **{**words, "side": "note", "key": "note-note"}).status_code == 200
    with desk.transactions() as uow:
        said = uow.session.scalars(select(Message).where(Message.side == "manager").order_by(Message.id)).all()
        assert [(one.kind, one.addressed) for one in said] == [("text", "buyer"), ("note", "both")]
    assert desk.press("set_conversation", conversation_id=talk, state="closed").status_code == 200
    assert desk.market.get(Conversation, talk).state == "closed"
    assert desk.press("set_conversation", conversation_id=talk, state="open").status_code == 200


def test_a_conversation_of_another_deal_cannot_be_touched(desk: Desk, offer: int) -> None:
    """The page of one deal opens no way to the conversations of another."""
    talk, message = _talk(desk, offer)
    other = desk.market.lot(client_key="lot-2")
    open_lot(desk, other)
    assert desk.press("release_conversation", conversation_id=talk).status_code == 404
    assert desk.press("release_message", message_id=message).status_code == 404

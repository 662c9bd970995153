"""The field that shows how a factory stands, inside its card and an order's."""

from __future__ import annotations

import json

import pytest

from tests.contract.placements.conftest import Desk


def field_of(entity: str, item: str, mode: str = "view") -> str:
    """Give what the portal tells a field about itself."""
    return json.dumps({"MODE": mode, "ENTITY_ID": entity, "FIELD_NAME": "UF_CRM_MP_STANDING", "ENTITY_VALUE_ID": item})


@pytest.mark.parametrize("mode", ["view", "edit"])
def test_the_field_shows_badge_and_subscription_and_nothing_to_press(desk: Desk, mode: str) -> None:
    """Looking and changing show the same: until when the factory is verified and subscribed, and not one form or button."""
    company = desk.market.in_crm[f"company/{desk.market.factory()}"]
    page = desk.open("standing", PLACEMENT_OPTIONS=field_of("CRM_COMPANY", company, mode), AUTH_ID="token-of-observer")
    assert page.status_code == 200
    for words in ("Проверена до", "Подписка до", "Отзывов пока нет"):
        assert words in page.text, words
    assert "<button" not in page.text
    assert "<form" not in page.text
    assert (desk.portal.asked[-1].entity_type_id, desk.portal.asked[-1].entity_id) == (4, company)


def test_a_factory_without_rights_is_shown_as_such(desk: Desk) -> None:
    """What a factory lacks is said, not left out."""
    company = desk.market.in_crm[f"company/{desk.market.factory(published=False)}"]
    page = desk.open("standing", PLACEMENT_OPTIONS=field_of("CRM_COMPANY", company)).text
    for words in ("Не проверена", "Нет подписки", "Скрыта"):
        assert words in page, words


def test_the_deal_of_an_order_shows_its_factory(desk: Desk) -> None:
    """In an order's card the field names the factory; a company of the same number is not taken for it."""
    desk.market.buyer()
    offer = desk.market.offer(desk.market.lot(published=True), desk.market.factory())
    desk.market.talk(offer)
    deal = desk.market.in_crm[f"order/{desk.market.award(offer)}"]
    page = desk.open("standing", PLACEMENT_OPTIONS=field_of("CRM_DEAL", deal)).text
    assert "ABC Textiles" in page
    assert "Подписка до" in page
    assert "Здесь нет фабрики" in desk.open("standing", PLACEMENT_OPTIONS=field_of("CRM_COMPANY", deal)).text


@pytest.mark.parametrize(
    ("entity", "item"), [("CRM_COMPANY", "0"), ("CRM_COMPANY", ""), ("CRM_LEAD", "101"), ("CRM_COMPANY", "1;drop")]
)
def test_a_card_without_a_factory_shows_a_quiet_line(desk: Desk, entity: str, item: str) -> None:
    """A card not saved yet and a card of another kind open without a fault and tell nothing of any factory."""
    desk.market.factory()
    page = desk.open("standing", PLACEMENT_OPTIONS=field_of(entity, item))
    assert page.status_code == 200
    assert "Здесь нет фабрики" in page.text
    assert "Подписка до" not in page.text


def test_a_field_that_says_nothing_of_itself_is_refused(desk: Desk) -> None:
    """What is no description of a field opens no page."""
    assert desk.open("standing", PLACEMENT_OPTIONS='["CRM_COMPANY"]').status_code == 403


def test_whoever_may_not_read_the_company_sees_no_standing(desk: Desk) -> None:
    """The portal is asked about the very company of the card; without its word the field stays closed."""
    company = desk.market.in_crm[f"company/{desk.market.factory()}"]
    options = field_of("CRM_COMPANY", company)
    answer = desk.open("standing", PLACEMENT_OPTIONS=options, AUTH_ID="token-of-stranger")
    assert answer.status_code == 403
    assert "Подписка до" not in answer.text

"""Each robot answers its process once, with the values it declares and a sentence a person understands."""

from __future__ import annotations

import inspect
import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from b24app.manifest import manifest
from b24app.services import settings as stored
from robots import calls
from robots.contract import Malformed
from robots.registry import ROBOTS
from storage.models import Conversation, Lot, Offer, OutboxRow
from tests.contract.placements.world import Marketplace

PAYLOAD = json.loads((Path(__file__).parents[2] / "payloads/bitrix24/robot_find_matches.json").read_text())


def payload(code: str, document: str, token: str = "token-1", **properties: str) -> dict[str, Any]:
    """Give the stored call of a rule on a document such as `DEAL_102`."""
    kind = document.rsplit("_", 1)[0]
    return {
        **PAYLOAD,
        "code": code,
        "event_token": token,
        "document_id": ["crm", f"CCrmDocument{kind.title()}", document],
        "properties": properties,
    }


def run(market: Marketplace, call: dict[str, Any]) -> tuple[dict[str, Any], str]:
    """Handle a call and give what the process gets: values and sentence."""
    with market.transactions() as uow:
        calls.handle(uow, call)
    return answer_to(market, call["event_token"])


def answer_to(market: Marketplace, token: str) -> tuple[dict[str, Any], str]:
    """Give the one answer that goes out for an event token."""
    with market.transactions() as uow:
        rows = uow.session.scalars(select(OutboxRow).where(OutboxRow.kind == "FinishRobot")).all()
        (row,) = [row for row in rows if row.payload["event_token"] == token]
        return row.payload["return_values"], row.payload["log_message"]


def deal(market: Marketplace, ref: str) -> str:
    """Name the document of one of our deals."""
    return f"DEAL_{market.in_crm[ref]}"


def test_find_matches_hands_ids_names_and_the_best_score(market: Marketplace) -> None:
    """The next steps get CRM ids, names and a score; the log says how many suit."""
    lot = market.lot()
    values, sentence = run(market, payload("find_matches", deal(market, f"lot/{lot}"), limit="5", minimum_score="0"))
    factory = next(entity for ref, entity in market.in_crm.items() if ref == "company/2")
    assert (values["count"], values["company_ids"], values["names"]) == (1, [factory], ["ABC Textiles"])
    assert 0 < values["best_score"] <= 100
    assert "подходит 1 фабрика" in sentence


def test_properties_left_empty_keep_their_defaults(market: Marketplace) -> None:
    """The portal leaves an empty `properties` out or sends empty strings; both mean the declared defaults."""
    lot = market.lot()
    empty = payload("find_matches", deal(market, f"lot/{lot}"), limit="", minimum_score="")
    missing = payload("find_matches", deal(market, f"lot/{lot}"), "token-2")
    del missing["properties"]
    assert run(market, empty)[0]["count"] == run(market, missing)[0]["count"] == 1


def test_a_threshold_nobody_reaches_is_not_an_error(market: Marketplace) -> None:
    """With no factory good enough the process goes on with an empty list."""
    lot = market.lot()
    values, _ = run(market, payload("find_matches", deal(market, f"lot/{lot}"), minimum_score="100"))
    assert values == {"count": 0, "company_ids": [], "names": [], "best_score": 0}


def test_publish_lot_publishes_and_refuses_a_second_time(market: Marketplace) -> None:
    """A rule approves as a manager would; when it was decided already the log says so and nothing else happens."""
    lot = market.lot()
    values, _ = run(market, payload("publish_lot", deal(market, f"lot/{lot}")))
    assert (values["published"], market.get(Lot, lot).state) == ("Y", "published")
    again, sentence = run(market, payload("publish_lot", deal(market, f"lot/{lot}"), "token-2"))
    assert again == {}
    assert sentence.startswith("Отказано:")


def test_one_event_token_is_worked_once(market: Marketplace) -> None:
    """The same stored call handled again asks for no second answer and writes to nobody again."""
    lot = market.lot()
    call = payload("send_telegram", deal(market, f"lot/{lot}"), to="buyer", text_ru="Лот {lot_number} принят")
    run(market, call)
    run(market, call)
    assert len(written(market)) == 1


def written(market: Marketplace) -> list[tuple[str, str]]:
    """Give (chat, text) of what robots write in Telegram."""
    with market.transactions() as uow:
        rows = uow.session.scalars(
            select(OutboxRow).where(OutboxRow.key.like("robot:%company/%")).order_by(OutboxRow.id)
        )
        return [(row.payload["chat_id"], row.payload["text"]) for row in rows]


def test_send_telegram_speaks_each_readers_language(market: Marketplace) -> None:
    """Buyer and factory each get their own text, with the places filled and markup made harmless."""
    lot = market.lot(published=True)
    market.talk(market.offer(lot, 2))
    texts = {"text_ru": "Лот {lot_number} <b>готов</b>, {company}", "text_uz": "Lot {lot_number} tayyor"}
    values, sentence = run(market, payload("send_telegram", deal(market, f"lot/{lot}"), to="both", **texts))
    number = market.get(Lot, lot).number
    assert written(market) == [
        ("5000000001", f"Лот {number} &lt;b&gt;готов&lt;/b&gt;, ООО «Северный стиль»"),
        ("5000000002", f"Lot {number} tayyor"),
    ]
    assert (values, sentence) == ({"people_count": 2}, "Написано 2 людям.")


def test_an_empty_translation_falls_back_to_russian(market: Marketplace) -> None:
    """A factory that reads Uzbek gets the Russian text rather than none."""
    lot = market.lot(published=True)
    market.talk(market.offer(lot, 2))
    run(market, payload("send_telegram", deal(market, f"lot/{lot}"), to="factory", text_ru="Готово"))
    assert written(market) == [("5000000002", "Готово")]


def test_a_factory_without_permission_is_not_written_to(market: Marketplace) -> None:
    """Before contact was allowed for any offer there is nobody on the factory's side."""
    lot = market.lot(published=True)
    market.offer(lot, 2)
    values, sentence = run(market, payload("send_telegram", deal(market, f"lot/{lot}"), to="factory", text_ru="Готово"))
    assert (values, written(market)) == ({}, [])
    assert "ни одной фабрике ещё не разрешён контакт" in sentence


def test_send_telegram_works_on_a_lead(market: Marketplace) -> None:
    """Before approval the buyer is known by the lead alone."""
    values, _ = run(market, payload("send_telegram", f"LEAD_{market.in_crm['lead/1']}", to="buyer", text_ru="Спасибо"))
    assert values == {"people_count": 1}


def test_open_conversation_allows_the_best_or_the_named_offer(market: Marketplace) -> None:
    """Without a company the first offer is taken, with one exactly that factory's."""
    other = market.factory(3, "Silk Road Mill")
    lot = market.lot(published=True)
    first, second = market.offer(lot, 2), market.offer(lot, other, "2.90")
    named = payload("open_conversation", deal(market, f"lot/{lot}"), company_id=market.in_crm[f"company/{other}"])
    values, _ = run(market, named)
    assert values["factory_name"] == "Silk Road Mill"
    assert [market.get(Offer, offer).state for offer in (first, second)] == ["submitted", "allowed"]
    values, _ = run(market, payload("open_conversation", deal(market, f"lot/{lot}"), "token-2"))
    assert values["factory_name"] == "ABC Textiles"
    with market.transactions() as uow:
        assert uow.session.query(Conversation).count() == 2


def test_open_conversation_on_an_order_is_that_of_its_factory(market: Marketplace) -> None:
    """A child deal has its factory; the conversation that is open already is given again."""
    lot = market.lot(published=True)
    offer = market.offer(lot, 2)
    talk = market.talk(offer)
    order = market.award(offer)
    values, _ = run(market, payload("open_conversation", deal(market, f"order/{order}")))
    assert values == {"conversation_id": str(talk), "factory_name": "ABC Textiles"}


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (payload("find_matches", "DEAL_424242"), "не лот маркетплейса"),
        (payload("publish_lot", "LEAD_424242"), "не лот маркетплейса"),
        (payload("find_matches", "DYNAMIC_147_1"), "не лот маркетплейса"),
        (payload("find_matches", "TASK_7"), "только с элементами CRM"),
        (payload("no_such_robot", "DEAL_1"), "другой версии"),
        (payload("find_matches", "DEAL_1", limit="many"), "limit"),
        (payload("send_telegram", "DEAL_1", to="buyer"), "text_ru"),
        (payload("send_telegram", "DEAL_1", to="buyer", text_ru="{lot_number}"), "не лот маркетплейса"),
        (payload("send_telegram", "DEAL_1", to="everybody", text_ru="x"), "buyer, factory, both"),
        (payload("open_conversation", "DEAL_1", company_id="5"), "не лот маркетплейса"),
        ({**payload("find_matches", "DEAL_1"), "document_id": None}, "только с элементами CRM"),
    ],
)
def test_a_refusal_is_a_plain_sentence(market: Marketplace, call: dict[str, Any], words: str) -> None:
    """Whatever is wrong, the process goes on and its log says why in the language of the portal."""
    values, sentence = run(market, call)
    assert values == {}
    assert words in sentence
    assert sentence.startswith("Отказано:")


def test_the_log_speaks_the_chosen_language(market: Marketplace) -> None:
    """An administrator who chose Uzbek for cards reads the log in Uzbek."""
    with market.transactions() as uow:
        stored.put(uow, "card_language", "uz", "user/1")
    _, sentence = run(market, payload("find_matches", "DEAL_424242"))
    assert sentence == "Rad etildi: Bu bitim marketpleys loti emas."


def test_a_document_may_arrive_as_a_numbered_map(market: Marketplace) -> None:
    """Form decoding that keeps PHP's indexes gives the same call."""
    lot = market.lot()
    call = payload("find_matches", deal(market, f"lot/{lot}"))
    call["document_id"] = dict(zip("012", call["document_id"], strict=True))
    assert run(market, call)[0]["count"] == 1


def test_a_refusal_undoes_what_was_begun(market: Marketplace, monkeypatch: pytest.MonkeyPatch) -> None:
    """A robot that is refused half-way leaves nothing but its answer."""
    lot = market.lot()

    def half_way(uow: Any, call: Any) -> Any:
        uow.session.get_one(Lot, lot).state = "published"
        uow.session.flush()
        raise Malformed("This deal is no lot of the marketplace.")

    monkeypatch.setitem(ROBOTS, "publish_lot", half_way)
    run(market, payload("publish_lot", deal(market, f"lot/{lot}")))
    assert market.get(Lot, lot).state == "submitted"


def test_a_call_given_up_lets_the_process_go_on(market: Marketplace) -> None:
    """When every try failed on our side the process is answered, and answered once."""
    with market.transactions() as uow:
        calls.give_up(uow, payload("find_matches", "DEAL_1"))
        calls.give_up(uow, payload("find_matches", "DEAL_1"))
    assert answer_to(market, "token-1")[1].startswith("Не выполнено")


def test_robots_are_what_the_manifest_declares() -> None:
    """Codes equal modules, keyword parameters equal properties with their defaults, and every robot waits for its answer."""
    declared = manifest().robots
    assert set(declared) == set(ROBOTS)
    for code, robot in declared.items():
        parameters = {
            name: parameter
            for name, parameter in inspect.signature(ROBOTS[code]).parameters.items()
            if parameter.kind is parameter.KEYWORD_ONLY
        }
        assert set(parameters) == set(robot.properties), code
        assert robot.waits, code
        for name, prop in robot.properties.items():
            if parameters[name].default is not inspect.Parameter.empty and prop.default is not None:
                assert parameters[name].default == prop.default, (code, name)

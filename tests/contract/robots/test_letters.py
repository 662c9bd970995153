"""What the robot `send_telegram` writes beside its words: to one representative, with a button, with a file."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest
from sqlalchemy import select

from b24app.services import rule_files
from storage.models import File, Member, OutboxRow
from telegram_bridge.miniapp import uploads
from tests.contract.placements.world import AUDIT, Marketplace
from tests.contract.robots.test_calls import deal, payload, run

PDF = b"%PDF-1.4\n1 0 obj <<>> endobj\n"


def sent(market: Marketplace) -> list[tuple[str, str, str]]:
    """Give (chat, words or kind of the file, screen of the button) of what the robot sends."""
    with market.transactions() as uow:
        rows = uow.session.scalars(
            select(OutboxRow).where(OutboxRow.key.like("robot:%company/%")).order_by(OutboxRow.id)
        )
        return [
            (
                row.payload["chat_id"],
                row.payload.get("text") or row.payload["kind"],
                "".join(button["web_app"] for line in row.payload.get("buttons", []) for button in line),
            )
            for row in rows
        ]


def test_a_button_opens_each_sides_own_screen(market: Marketplace) -> None:
    """The buyer comes to the lot, the factory to its tender; on an order both come to the order."""
    lot = market.lot(published=True)
    offer = market.offer(lot, 2)
    market.talk(offer)
    run(market, payload("send_telegram", deal(market, f"lot/{lot}"), to="both", text_ru="Готово", button="item"))
    assert [screen for _, _, screen in sent(market)] == [f"/app/lots/{lot}", f"/app/tenders/{lot}"]
    order = market.award(offer)
    call = payload("send_telegram", deal(market, f"order/{order}"), "token-2", to="both", text_ru="Да", button="item")
    run(market, call)
    assert [screen for _, _, screen in sent(market)][2:] == [f"/app/orders/{order}"] * 2


def test_a_representative_is_one_person(market: Marketplace) -> None:
    """On a lot it is who placed it, on a company its owner: colleagues are not written to."""
    colleague = market.person(5000000077, "Olim", "ru", "buyer")
    with market.transactions() as uow:
        uow.session.add(Member(person_id=colleague, company_id=1, role="sales"))
    lot = market.lot(published=True)
    run(market, payload("send_telegram", deal(market, f"lot/{lot}"), to="representative", text_ru="{name}: {quantity}"))
    company = f"COMPANY_{market.in_crm['company/2']}"
    values, _ = run(market, payload("send_telegram", company, "token-2", to="representative", text_ru="{company}"))
    assert [chat for chat, _, _ in sent(market)] == ["5000000001", "5000000002"]
    assert ("Иван: 20" in sent(market)[0][1], sent(market)[1][1], values["people_count"]) == (True, "ABC Textiles", 1)


def test_a_contact_and_an_audit_are_written_to(market: Marketplace) -> None:
    """The contact's person gets the words whatever the side; an audit's factory is sent to its documents, and has no buyer."""
    contact = next(entity for ref, entity in market.in_crm.items() if ref.startswith("contact/"))
    run(market, payload("send_telegram", f"CONTACT_{contact}", to="buyer", text_ru="Спасибо", button="home"))
    audit = market.audit(2)
    item = f"DYNAMIC_{AUDIT}_{market.in_crm[f'audit/{audit}']}"
    run(market, payload("send_telegram", item, "token-2", to="factory", text_ru="Ждём", button="item"))
    assert sent(market) == [("5000000001", "Спасибо", "/app/"), ("5000000002", "Ждём", "/app/audit")]
    values, sentence = run(market, payload("send_telegram", item, "token-3", to="buyer", text_ru="Ждём"))
    assert (values, sentence) == ({}, "Отказано: У этого элемента нет такой стороны.")


def test_a_file_follows_the_words(market: Marketplace, tmp_path: Path) -> None:
    """The file given for the rule goes to each reader after the text; one that was given for something else does not."""
    lot = market.lot(published=True)
    kept = uploads.store(BytesIO(PDF), "narx.pdf", str(tmp_path))
    with market.transactions() as uow:
        number = rule_files.add(uow, kept, "user/1").id
        foreign = File(owner="company/2", name="a.pdf", mime=kept.mime, size=1, sha256="0" * 64, created_at=uow.now)
        uow.session.add(foreign)
        uow.session.flush()
        other = foreign.id
    call = payload("send_telegram", deal(market, f"lot/{lot}"), to="buyer", text_ru="Цены", file=str(number))
    for _ in range(2):
        run(market, call)
    assert [words for _, words, _ in sent(market)] == ["Цены", "document"]
    refused = payload("send_telegram", deal(market, f"lot/{lot}"), "token-2", to="buyer", text_ru="x", file=str(other))
    values, sentence = run(market, refused)
    assert (values, "Файла этого робота больше нет" in sentence, len(sent(market))) == ({}, True, 2)


@pytest.mark.parametrize("setting", [{"button": "delete"}, {"to": "everybody"}])
def test_a_choice_that_is_not_offered_is_refused(market: Marketplace, setting: dict[str, str]) -> None:
    """What the settings cannot hold is named in the log of the process, and nobody is written to."""
    lot = market.lot(published=True)
    call = payload("send_telegram", deal(market, f"lot/{lot}"), **{"to": "buyer", "text_ru": "x", **setting})
    values, sentence = run(market, call)
    assert (values, sent(market)) == ({}, [])
    assert sentence.startswith("Отказано: ")

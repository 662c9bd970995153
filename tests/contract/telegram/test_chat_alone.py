"""What a person does without the Mini App: the catalogue, verification and its documents, deadlines, notices, consents, the team."""

from __future__ import annotations

from datetime import timedelta

import pytest

from b24app.domain.people import MEMBER_ROLES
from b24app.domain.quiet import NOTICE_KINDS
from b24app.errors import DomainError, NotFound
from b24app.services import audits, colleagues, companies, drafts, lot_changes, offers, people, relations, sent_files
from b24app.services.industries import pack
from storage.models import AuditDocument, Conversation, Draft, Order, Person
from storage.unit_of_work import UnitOfWork
from telegram_bridge.handlers import commands, form_files, form_messages
from telegram_bridge.reply import Reply
from telegram_bridge.steps import invitation
from tests import factories
from tests.contract.telegram.test_boards import LONGEST_DATA, data_of, press
from tests.integration.services.outgoing import sent


def command(uow: UnitOfWork, person: Person, name: str) -> tuple[str, list[str]]:
    """Type a command; answers the text and what the buttons carry, each short enough for Telegram."""
    text, buttons = commands.ANSWERS[name](Reply(uow, 1, person))
    assert all(len(data) <= LONGEST_DATA for data in data_of(buttons))
    return text, data_of(buttons)


def test_a_buyer_turns_over_the_catalogue_and_begins_a_conversation(uow: UnitOfWork) -> None:
    """Page by page, by segment, one factory at a time, to the favourites and into a conversation."""
    ivan, company = factories.buyer(uow)
    companies.grant(
        uow, company.id, "catalogue_access", uow.now.date() + timedelta(days=30), reason="paid", actor="user/1"
    )
    for number in range(10):
        factories.factory(uow, f"20{number:02}", company=f"Mill {number}")
    text, shown = command(uow, ivan, "catalogue")
    mills, (more,) = [one for one in shown if one.startswith("factory:")], [one for one in shown if "shelf:-:" in one]
    _, rest = press(uow, ivan, more)
    seen = {*mills, *(one for one in data_of(rest) if one.startswith("factory:"))}
    assert (len(mills), len(seen)) == (8, 10)
    _, of_denim = press(uow, ivan, "shelf:denim:")
    assert [one for one in data_of(of_denim) if one.startswith("factory:")] == []
    text, buttons = press(uow, ivan, mills[0])
    assert ("Mill" in text, "OEKO-TEX" in text) == (True, True)
    number = int(mills[0].split(":")[1])
    press(uow, ivan, f"factory:{number}:keep")
    assert relations.favourites(uow, company.id) == [number]
    assert f"factory:{number}:talk" in data_of(buttons)
    press(uow, ivan, f"factory:{number}:talk")
    assert uow.session.query(Conversation).one().factory_company_id == number


def test_without_access_the_chat_shows_no_factory_but_the_way_to_access(uow: UnitOfWork) -> None:
    """A buyer without access learns how many there are and asks for it; no name, no profile; a factory has no catalogue at all."""
    ivan, company = factories.buyer(uow)
    abc, mill = factories.factory(uow)
    text, shown = command(uow, ivan, "catalogue")
    assert ("ABC" in text, "1" in text, shown[0]) == (False, True, "factory:0:access")
    for action in ("show", "talk", "keep"):
        with pytest.raises(DomainError):
            press(uow, ivan, f"factory:{mill.id}:{action}")
    press(uow, ivan, "factory:0:access")
    assert [card.card for card in sent(uow, "ShowCard") if not card.closed and "access" in card.card] == [
        f"access/{company.id}"
    ]
    for data in ("shelf:-:", f"factory:{mill.id}:show", "factory:0:access"):
        with pytest.raises(NotFound):
            press(uow, abc, data)


def test_an_unverified_factory_asks_for_verification_and_sends_its_documents(uow: UnitOfWork) -> None:
    """Under a lot stand the price and the button, no form of an offer; once the audit runs, files sent to the bot are its documents."""
    ivan, _ = factories.buyer(uow)
    abc, company = factories.factory(uow, verified=False)
    lot = factories.lot(uow, ivan)
    _, buttons = press(uow, abc, f"lot:{lot.id}:read")
    assert ("menu:verification" in data_of(buttons), f"fill:offer:{lot.id}" in data_of(buttons)) == (True, False)
    text, buttons = press(uow, abc, f"fill:offer:{lot.id}")
    assert ("300" in text, "verify:ask" in data_of(buttons)) == (True, True)
    press(uow, abc, "verify:ask")
    assert sent(uow, "AddLogMessage", ref=f"company/{company.id}")
    audit = audits.request(uow, company.id, "", "user/1")
    assert f"fill:audit:{audit.id}" in str([one.buttons for one in sent(uow, "SendChatMessage", chat_id=abc.chat_id)])
    press(uow, abc, f"fill:audit:{audit.id}")
    draft = drafts.asked_in_chat(uow, abc)
    assert draft is not None
    first = pack().audit.documents[0].code
    file = sent_files.keep(uow, abc.id, sent_files.Fetched("a" * 64, 9, "application/pdf", "guvohnoma.pdf"))
    coming = sent_files.expect(uow, draft, first, sent_files.Coming("T1", "guvohnoma.pdf", "", ""), update_id=2)
    form_files.file_came(Reply(uow, 2, abc), draft, coming, file.id)
    sent_files.settle(uow, coming.id)
    for place in range(len(pack().audit.documents)):
        _, buttons = press(uow, abc, f"pick:{draft.id}:{place}:-")
    press(uow, abc, f"form:{draft.id}:send")
    states = {row.code: (row.state, row.file_ids) for row in uow.session.query(AuditDocument)}
    assert (states[first], states["tax"][0]) == (("sent", [file.id]), "waiting")


def test_a_buyer_takes_offers_longer_by_a_press(uow: UnitOfWork) -> None:
    """The deadline moves on by the days pressed; a stranger's lot is not there."""
    ivan, _ = factories.buyer(uow)
    anna, _ = factories.buyer(uow, "1002", company="Other")
    lot = factories.lot(uow, ivan)
    _, buttons = press(uow, ivan, f"lot:{lot.id}:offers")
    assert f"lot:{lot.id}:later" in data_of(buttons)
    before = lot.respond_by
    press(uow, ivan, f"lot:{lot.id}:later")
    press(uow, ivan, f"lot:{lot.id}:plus7")
    assert before is not None
    assert lot.respond_by is not None
    assert timedelta(days=6) < lot.respond_by - before < timedelta(days=8)
    with pytest.raises(NotFound):
        press(uow, anna, f"lot:{lot.id}:plus7")


def test_a_published_lot_and_a_profile_are_changed_in_the_chat(uow: UnitOfWork) -> None:
    """One answer is opened by a button, typed anew and sent: once approved a new version, a changed profile; no other moves."""
    ivan, company = factories.buyer(uow)
    anna, _ = factories.buyer(uow, "1002", company="Other")
    lot = factories.lot(uow, ivan)
    before, known = dict(lot.fields), dict(company.answers)
    for number, code, typed in ((lot.id, "quantity", "25 000"), (0, "legal_address", "Moscow, Arbat 2")):
        form = pack().forms["lot"] if number else pack().questionnaires["buyer"]
        place = [question.code for question in form.questions].index(code)
        _, buttons = press(uow, ivan, f"change:{number}")
        assert f"fill:change{place}:{number}" in data_of(buttons)
        press(uow, ivan, f"fill:change{place}:{number}")
        assert form_messages.take(Reply(uow, 5, ivan), typed)
        draft = uow.session.query(Draft).filter_by(person_id=ivan.id).one()
        text, _ = press(uow, ivan, f"form:{draft.id}:send")
        assert ("Менеджер проверит изменение" in text) == bool(number)
    assert (lot.version, lot.fields) == (1, before)
    assert "на проверке" in press(uow, ivan, f"lot:{lot.id}:offers")[0]
    lot_changes.publish(uow, lot.id, "user/1")
    assert (lot.version, lot.fields) == (2, {**before, "quantity": 25000})
    assert company.answers == {**known, "legal_address": "Moscow, Arbat 2"}
    for data in (f"change:{lot.id}", f"fill:change0:{lot.id}"):
        with pytest.raises(NotFound):
            press(uow, anna, data)
    with pytest.raises(NotFound):
        press(uow, ivan, "fill:change999:0")


def test_a_buyer_gives_a_factory_a_part_of_the_lot_in_the_chat(uow: UnitOfWork) -> None:
    """Beside the whole stands a part: its quantity is typed, never more than is left, and what remains stays open."""
    ivan, _ = factories.buyer(uow)
    abc, _ = factories.factory(uow)
    lot = factories.lot(uow, ivan)
    offer = factories.offer(uow, abc, lot)
    offers.allow(uow, offer.id, "user/1")
    _, buttons = press(uow, ivan, f"offer:{offer.id}:award")
    assert f"fill:share:{offer.id}" in data_of(buttons)
    text, _ = press(uow, ivan, f"fill:share:{offer.id}")
    assert "20" in text
    form_messages.take(Reply(uow, 5, ivan), "30 000")
    form_messages.take(Reply(uow, 6, ivan), "5 000")
    draft = uow.session.query(Draft).filter_by(person_id=ivan.id).one()
    press(uow, ivan, f"form:{draft.id}:send")
    (order,) = uow.session.query(Order)
    assert (order.quantity, lot.state, offers.left_of(uow, lot)) == (5000, "published", 15000)
    with pytest.raises(NotFound):
        press(uow, abc, f"fill:share:{offer.id}")


def test_notices_and_consents_are_switched_in_the_chat(uow: UnitOfWork) -> None:
    """Kinds of notices and quiet hours go off and on, a consent is given and taken back, the account goes after a question."""
    ivan, _ = factories.buyer(uow)
    for kind in NOTICE_KINDS:
        press(uow, ivan, f"notice:{kind}")
    press(uow, ivan, "notice:quiet")
    assert (list(ivan.muted), ivan.quiet_from) == (list(NOTICE_KINDS), 22)
    press(uow, ivan, "notice:lots")
    press(uow, ivan, "notice:quiet")
    assert ("lots" in ivan.muted, ivan.quiet_from) == (False, None)
    press(uow, ivan, "mine:marketing")
    assert people.running_consent(uow, ivan, "marketing") is not None
    press(uow, ivan, "mine:marketing")
    assert people.running_consent(uow, ivan, "marketing") is None
    _, buttons = press(uow, ivan, "mine:delete")
    assert (ivan.state, data_of(buttons)[0]) == ("active", "mine:delete_yes")
    press(uow, ivan, "mine:delete_yes")
    assert ivan.first_name == ""


def test_an_owner_invites_and_takes_out_in_the_chat(uow: UnitOfWork) -> None:
    """The invitation comes ready to be forwarded; a colleague goes after a question; nobody but an owner may either."""
    abc, company = factories.factory(uow)
    _, shown = command(uow, abc, "team")
    assert [one for one in shown if one.startswith("team:")] == [f"team:{role}:0" for role in MEMBER_ROLES]
    press(uow, abc, "team:sales:0")
    (link,) = [one for one in sent(uow, "SendChatMessage", chat_id=abc.chat_id) if "join_" in str(one)]
    secret = str(link).split("join_")[1]
    worker = people.meet(uow, telegram_id="3001", chat_id="3001", first_name="Laylo", payload="join_" + secret[:22])
    people.choose_language(uow, worker, "uz")
    number = next(one for one in data_of(invitation(Reply(uow, 3, worker), worker.start_payload)[1]) if "join" in one)
    press(uow, worker, number)
    assert [one for one in command(uow, worker, "team")[1] if one.startswith("team:")] == []
    with pytest.raises(DomainError):
        press(uow, worker, f"team:out_yes:{abc.id}")
    press(uow, abc, f"team:out:{worker.id}")
    assert people.company_of(uow, worker) is not None
    press(uow, abc, f"team:out_yes:{worker.id}")
    assert [who.id for _, who in colleagues.of_company(uow, company.id)] == [abc.id]


@pytest.mark.parametrize(
    "data",
    [
        "shelf:nonsense:",
        "shelf:-:x",
        "factory:1:eat",
        "notice:x",
        "mine:x",
        "team:x:0",
        "team:out:x",
        "verify:x",
        "lot:1:plus9",
    ],
)
def test_what_no_button_of_ours_carries_is_refused(data: str, uow: UnitOfWork) -> None:
    """Data typed by hand leads to a polite refusal, never to a fault of ours."""
    ivan, company = factories.buyer(uow)
    companies.grant(
        uow, company.id, "catalogue_access", uow.now.date() + timedelta(days=30), reason="paid", actor="user/1"
    )
    with pytest.raises(DomainError):
        press(uow, ivan, data)

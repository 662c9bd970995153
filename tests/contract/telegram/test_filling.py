"""Forms filled question by question in the chat, for whoever cannot open the Mini App."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, NoReturn, cast

import pytest
from sqlalchemy import select, update

from b24app.config import Settings
from b24app.errors import DomainError, InvalidInput, NotFound, Retryable
from b24app.services import companies, corrections, drafts, lots, people, sent_files
from b24app.services.industries import pack
from storage.models import Company, Draft, File, Lot, Offer, Person, SentFile
from storage.unit_of_work import Transactions, UnitOfWork
from telegram_bridge.content import Content
from telegram_bridge.current_bot import CurrentBot
from telegram_bridge.handlers import form_files, form_messages
from telegram_bridge.reply import Reply
from telegram_bridge.sent_file_job import SentFileJob
from tests import factories
from tests.contract.telegram.test_boards import LONGEST_DATA, data_of, press
from tests.integration.services.outgoing import said_to, sent

WRITTEN = {
    "text": "Some words",
    "long_text": "Printed cotton T-shirts, 180 g/m2, sizes S-XXL",
    "integer": "20 000",
    "phone": "+998 90 000 00 00",
    "email": "ivan@mills.example",
    "url": "mills.example",
    "list": "Juki\nGerber",
    "money": "3,20 usd",
    "year_founded": "1999",
    "lead_time_days": "45",
    "capacity_min": "100",
}


def answer_all(uow: UnitOfWork, person: Person, shown: tuple[str, list[list[dict[str, str]]]]) -> list[str]:
    """Answer whatever is asked until the form is complete; answers what the last message's buttons carry."""
    for _ in range(60):
        data = data_of(shown[1])
        assert all(len(one) <= LONGEST_DATA for one in data)
        if any(one.endswith(":send") for one in data):
            return data
        shown = _answer(uow, person, data)
    raise AssertionError("the form never ended")


def _answer(uow: UnitOfWork, person: Person, data: list[str]) -> tuple[str, list[list[dict[str, str]]]]:
    draft = drafts.asked_in_chat(uow, person)
    assert draft is not None
    code = draft.step.partition(":")[2]
    question = pack().form(draft.form.partition(":")[0]).question(code)
    options = [one for one in data if one.startswith("pick:")]
    if not options:
        days = {"produce_by": 60, "deliver_by": 75}.get(code, 30)
        text = WRITTEN.get(code) or WRITTEN.get(question.kind) or f"{uow.now + timedelta(days=days):%d.%m.%Y}"
        assert form_messages.take(Reply(uow, 1000 * person.id + len(draft.answers), person), text)
        last = sent(uow, "SendConversationMessage", chat_id=person.chat_id)[-1]
        return last.text, last.buttons
    shown = press(uow, person, options[0])
    return press(uow, person, options[-1]) if options[-1].endswith(":-") else shown


def test_a_buyer_registers_in_the_chat(uow: UnitOfWork) -> None:
    """From the first question to the company under review by writing and pressing alone; the consent is kept with it."""
    ivan = factories.person(uow, "77")
    people.choose_language(uow, ivan, "ru")
    people.choose_role(uow, ivan, "buyer")
    data = answer_all(uow, ivan, press(uow, ivan, "fill:buyer:0"))
    press(uow, ivan, next(one for one in data if one.endswith(":send")))
    company = people.company_of(uow, ivan)
    assert company is not None
    assert (company.state, company.name, people.running_consent(uow, ivan, "processing") is not None) == (
        "submitted",
        "Some words",
        True,
    )


def test_a_factory_registers_in_the_chat(uow: UnitOfWork) -> None:
    """The longer questionnaire ends the same way; what needs a file may be left out."""
    abc = factories.person(uow, "78")
    people.choose_language(uow, abc, "uz")
    people.choose_role(uow, abc, "factory")
    data = answer_all(uow, abc, press(uow, abc, "fill:factory:0"))
    press(uow, abc, next(one for one in data if one.endswith(":send")))
    found = uow.session.scalars(select(Company).where(Company.kind == "factory")).one()
    assert (found.state, found.answers["equipment"]) == ("submitted", ["Juki", "Gerber"])


def test_a_lot_and_an_offer_are_made_in_the_chat(uow: UnitOfWork) -> None:
    """A buyer places a lot and a factory answers one; each is there once, however often it is sent."""
    ivan, _ = factories.buyer(uow)
    abc, _ = factories.factory(uow)
    data = answer_all(uow, ivan, press(uow, ivan, "fill:lot:0"))
    send = next(one for one in data if one.endswith(":send"))
    press(uow, ivan, send)
    with pytest.raises(DomainError):
        press(uow, ivan, send)
    made = uow.session.scalars(select(Lot)).one()
    assert (made.state, made.quantity) == ("submitted", 20000)
    lot = factories.lot(uow, ivan, key="key-2")
    data = answer_all(uow, abc, press(uow, abc, f"fill:offer:{lot.id}"))
    press(uow, abc, next(one for one in data if one.endswith(":send")))
    offer = uow.session.scalars(select(Offer)).one()
    assert (offer.price_minor, offer.currency, offer.lead_time_days) == (320, "USD", 45)


def test_a_wrong_answer_is_asked_again(uow: UnitOfWork) -> None:
    """What cannot be an answer is refused in words and the same question goes on waiting."""
    ivan, _ = factories.buyer(uow)
    press(uow, ivan, "fill:lot:0")
    assert form_messages.take(Reply(uow, 7, ivan), "short")
    draft = drafts.asked_in_chat(uow, ivan)
    assert draft is not None
    assert (draft.step, "20" in said_to(uow, ivan.chat_id)[-1]) == ("chat:product", True)


def test_after_a_pause_messages_are_messages_again(uow: UnitOfWork) -> None:
    """A form that rests takes nothing of what is written, keeps its answers and goes on where it stopped."""
    ivan, _ = factories.buyer(uow)
    press(uow, ivan, "fill:lot:0")
    form_messages.take(Reply(uow, 7, ivan), WRITTEN["long_text"])
    draft = drafts.load(uow, ivan, "lot")
    assert draft is not None
    press(uow, ivan, f"form:{draft.id}:pause")
    assert form_messages.take(Reply(uow, 8, ivan), "Hello") is False
    text, _ = press(uow, ivan, "fill:lot:0")
    segment: Any = pack().forms["lot"].question("segment").label("ru")
    assert segment in text


@pytest.mark.parametrize("data", ["fill:factory:0", "fill:offer:1", "fill:lot:x", "fill:nothing:0"])
def test_nobody_fills_what_is_not_theirs(data: str, uow: UnitOfWork) -> None:
    """A registered buyer cannot begin another role's form, an offer, or what there is not."""
    ivan, _ = factories.buyer(uow)
    with pytest.raises(DomainError):
        press(uow, ivan, data)


def test_another_persons_form_stays_closed(uow: UnitOfWork) -> None:
    """The number of somebody else's draft opens, changes and sends nothing."""
    ivan, _ = factories.buyer(uow)
    anna, _ = factories.buyer(uow, "1002", company="Other")
    press(uow, ivan, "fill:lot:0")
    draft = drafts.load(uow, ivan, "lot")
    assert draft is not None
    for data in (f"form:{draft.id}:send", f"form:{draft.id}:anew", f"pick:{draft.id}:1:tshirts"):
        with pytest.raises(DomainError):
            press(uow, anna, data)
    assert drafts.load(uow, anna, "lot") is None


def test_what_is_not_complete_is_not_sent(uow: UnitOfWork) -> None:
    """Sending too early names what is missing and makes no lot."""
    ivan, _ = factories.buyer(uow)
    press(uow, ivan, "fill:lot:0")
    draft = drafts.load(uow, ivan, "lot")
    assert draft is not None
    with pytest.raises(InvalidInput):
        press(uow, ivan, f"form:{draft.id}:send")
    assert uow.session.scalars(select(Lot)).all() == []


def returned_company(uow: UnitOfWork, *fields: str) -> tuple[Person, Company]:
    """Give a buyer whose questionnaire came back with some fields open."""
    ivan, company = factories.buyer(uow, accepted=False)
    companies.request_corrections(uow, company.id, [{"field": f, "reason": "Неполно <b>"} for f in fields], "user/1")
    return ivan, company


def test_a_returned_questionnaire_is_mended_in_the_chat(uow: UnitOfWork) -> None:
    """Exactly the returned answers are asked, one by one, with the manager's reason and what was said before; the others stay."""
    ivan, company = returned_company(uow, "legal_address", "position")
    before = dict(company.answers)
    text, _ = press(uow, ivan, "fill:mend:0")
    assert all(part in text for part in ("1/2", "Неполно &lt;b&gt;", before["position"]))
    assert form_messages.take(Reply(uow, 7, ivan), "Директор")
    assert form_messages.take(Reply(uow, 8, ivan), "Москва, Лесная 5")
    draft = drafts.load(uow, ivan, f"mend:0:{int(company.submitted_at.timestamp())}") if company.submitted_at else None
    assert draft is not None
    press(uow, ivan, f"form:{draft.id}:send")
    assert company.state == "submitted"
    assert company.answers == {**before, "position": "Директор", "legal_address": "Москва, Лесная 5"}


def test_a_returned_lot_is_mended_in_the_chat(uow: UnitOfWork) -> None:
    """The lot keeps its number and its other answers; a second round asks again instead of taking the first one's answer."""
    ivan, _ = factories.buyer(uow)
    lot = factories.lot(uow, ivan, published=False)
    for turn, place in enumerate(("Термез", "Навои")):
        lots.request_corrections(uow, lot.id, [{"field": "place", "reason": "Какой город?"}], "user/1")
        lot.submitted_at = uow.now + timedelta(minutes=turn)
        text, _ = press(uow, ivan, f"fill:mend:{lot.id}")
        assert "Какой город?" in text
        assert form_messages.take(Reply(uow, 7 + turn, ivan), place)
        shown = sent(uow, "SendConversationMessage", chat_id=ivan.chat_id)[-1]
        press(uow, ivan, next(one for one in data_of(shown.buttons) if one.endswith(":send")))
        assert (lot.state, lot.fields["place"], lot.quantity) == ("submitted", place, 20000)


def returned_factory(uow: UnitOfWork, *fields: str, **answers: Any) -> tuple[Person, Company]:
    """Give a factory whose questionnaire came back with some fields open."""
    abc, company = factories.factory(uow, **answers)
    companies.request_corrections(uow, company.id, [{"field": f, "reason": "Нечитаемо"} for f in fields], "user/1")
    return abc, company


def waiting_draft(uow: UnitOfWork, person: Person) -> Draft:
    """Give the form whose question waits."""
    draft = drafts.asked_in_chat(uow, person)
    assert draft is not None
    return draft


def send_file(uow: UnitOfWork, person: Person, number: int, *, album: str = "", size: int = 9) -> None:
    """Send a file in the chat."""
    content = Content(
        "document", telegram_file_id=f"tg-{number}", file_name=f"scan-{number}.pdf", album=album, size=size
    )
    assert form_files.take_file(Reply(uow, number, person), content)


def fetch_next(uow: UnitOfWork, person: Person, refusal: str = "") -> File | None:
    """Let the oldest of the sent files be fetched, or be refused for its content."""
    sent_file = sent_files.settle(uow, sent_files.waiting(uow)[0].id)
    assert sent_file is not None
    reply, draft = Reply(uow, sent_file.update_id, person), uow.session.get_one(Draft, sent_file.draft_id)
    if refusal:
        form_files.file_refused(reply, draft, sent_file, refusal)
        return None
    file = sent_files.keep(uow, person.id, sent_files.Fetched("ab" * 32, 9, "application/pdf", "scan.pdf"))
    form_files.file_came(reply, draft, sent_file, file.id)
    return file


def give_file(uow: UnitOfWork, person: Person, number: int) -> File:
    """Send a file in the chat and let it be fetched."""
    send_file(uow, person, number)
    file = fetch_next(uow, person)
    assert file is not None
    return file


def test_a_returned_file_and_place_are_mended_in_the_chat(uow: UnitOfWork) -> None:
    """A file sent in the chat answers the question for one, a location that for a place; what was not returned stays."""
    abc, company = returned_factory(uow, "logo", "production_point")
    before = dict(company.answers)
    press(uow, abc, "fill:mend:0")
    assert form_files.take_file(Reply(uow, 5, abc), Content("photo", telegram_file_id="x", size=1)) is False
    assert form_messages.take_point(Reply(uow, 6, abc), 41.311081, 69.240562)
    file = give_file(uow, abc, 7)
    buttons = sent(uow, "SendConversationMessage", chat_id=abc.chat_id)[-1].buttons
    press(uow, abc, next(one for one in data_of(buttons) if one.endswith(":send")))
    point = {"lat": 41.311081, "lon": 69.240562}
    assert company.answers == {**before, "logo": file.id, "production_point": point}


def test_several_files_answer_one_question(uow: UnitOfWork) -> None:
    """Files sent one after another are counted once, under the last; the question waits for more until the person goes on."""
    abc, company = returned_factory(uow, "photos")
    press(uow, abc, "fill:mend:0")
    said = len(said_to(uow, abc.chat_id))
    send_file(uow, abc, 7)
    send_file(uow, abc, 8)
    first, second = fetch_next(uow, abc), fetch_next(uow, abc)
    assert first is not None
    assert second is not None
    assert len(said_to(uow, abc.chat_id)) == said + 1
    assert "2 fayl" in said_to(uow, abc.chat_id)[-1]
    draft = waiting_draft(uow, abc)
    press(uow, abc, f"pick:{draft.id}:0:-")
    press(uow, abc, f"form:{draft.id}:send")
    assert company.answers["photos"] == [first.id, second.id]


def test_a_certificate_is_mended_in_the_chat(uow: UnitOfWork) -> None:
    """The outdated one is taken out, another is given part by part, what is no day is refused, its scan is sent as a file."""
    old = {"certificate": "gots", "number": "1", "expires_on": "2099-01-01"}
    abc, company = returned_factory(uow, "certificates", certificates=[old])
    text, buttons = press(uow, abc, "fill:mend:0")
    assert "Нечитаемо" in text
    number = waiting_draft(uow, abc).id
    assert data_of(buttons)[:2] == [f"pick:{number}:0:+", f"pick:{number}:0:x0"]
    press(uow, abc, f"pick:{number}:0:x0")
    press(uow, abc, f"pick:{number}:0:+")
    press(uow, abc, f"pick:{number}:0:oeko_tex_100")
    for turn, typed in enumerate(("18.HUZ.1", "soon", "01.02.2099")):
        assert form_messages.take(Reply(uow, 7 + turn, abc), typed)
    assert waiting_draft(uow, abc).step == "chat:certificates.0.scan"
    file = give_file(uow, abc, 20)
    press(uow, abc, f"pick:{number}:0:-")
    press(uow, abc, f"form:{number}:send")
    new = {"certificate": "oeko_tex_100", "number": "18.HUZ.1", "expires_on": "2099-02-01", "scan": file.id}
    assert (company.state, company.answers["certificates"]) == ("submitted", [new])


def test_what_came_back_is_kept_when_it_is_passed_over(uow: UnitOfWork) -> None:
    """Whoever goes on without a new answer to what may be left out loses nothing of the earlier one."""
    abc, company = returned_factory(uow, "video_link", video_link="https://video.example/1")
    press(uow, abc, "fill:mend:0")
    number = waiting_draft(uow, abc).id
    press(uow, abc, f"pick:{number}:0:-")
    press(uow, abc, f"form:{number}:send")
    assert company.answers["video_link"] == "https://video.example/1"


def test_words_are_no_file(uow: UnitOfWork) -> None:
    """Typed words where a file is asked for are no answer and reach nobody else; a file that is too large is refused at once."""
    abc, _ = returned_factory(uow, "logo")
    press(uow, abc, "fill:mend:0")
    assert form_messages.take(Reply(uow, 7, abc), "logo.png")
    assert form_files.take_file(Reply(uow, 8, abc), Content("document", telegram_file_id="x", size=30 * 1024 * 1024))
    assert [("fayl" in words.lower()) for words in said_to(uow, abc.chat_id)[-2:]] == [True, True]
    assert (sent_files.waiting(uow), waiting_draft(uow, abc).answers) == ([], {})


class SilentBot:
    """A bot whose Telegram never answers."""

    def client(self) -> NoReturn:
        """Fail as when no connection comes about."""
        raise Retryable("Telegram cannot be reached.")


def test_a_file_that_telegram_never_gives_is_asked_for_again(transactions: Transactions, settings: Settings) -> None:
    """It is tried for hours without a word; then its sender is told once, and nothing waits any more."""
    job = SentFileJob(settings, transactions, cast("CurrentBot", SilentBot()))
    with transactions() as uow:
        abc, _ = returned_factory(uow, "logo")
        press(uow, abc, "fill:mend:0")
        form_files.take_file(Reply(uow, 7, abc), Content("document", telegram_file_id="x", file_name="scan.pdf"))
    assert job.run() == 0
    with transactions() as uow:
        uow.session.execute(update(SentFile).values(sent_at=uow.now - sent_files.KEPT_TRYING))
    assert (job.run(), job.run()) == (1, 0)
    with transactions() as uow:
        assert said_to(uow, abc.chat_id)[-1] == "Telegram bu faylni bermadi. Iltimos, qayta yuboring."


def test_a_file_that_comes_too_late_answers_nothing(uow: UnitOfWork) -> None:
    """When another question waits by the time the bytes are there, they are no answer to it, nor to the one passed over."""
    abc, _ = returned_factory(uow, "logo", "production_point")
    press(uow, abc, "fill:mend:0")
    draft = waiting_draft(uow, abc)
    waits = next(part for part in draft.step.split(":") if part in {"logo", "production_point"})
    assert waits == "production_point"
    assert form_messages.take_point(Reply(uow, 6, abc), 41.311081, 69.240562)
    send_file(uow, abc, 7)
    press(uow, abc, f"pick:{draft.id}:1:-")
    fetch_next(uow, abc)
    assert "logo" not in uow.session.get_one(Draft, draft.id).answers


def test_a_round_that_is_over_takes_nothing(uow: UnitOfWork) -> None:
    """Once the answers were mended elsewhere, what is typed is a message again and the old buttons are out of date."""
    ivan, company = returned_company(uow, "position")
    _, buttons = press(uow, ivan, "fill:mend:0")
    open_round = corrections.of_questionnaire(uow, ivan)
    assert open_round is not None
    companies.submit(uow, ivan, "buyer", {"position": "Директор"})
    assert form_messages.take(Reply(uow, 7, ivan), "Hello") is False
    for data in ("fill:mend:0", *data_of(buttons)):
        with pytest.raises(DomainError):
            press(uow, ivan, data)
    assert company.answers["position"] == "Директор"


def test_somebody_elses_lot_is_not_mended(uow: UnitOfWork) -> None:
    """The number of another buyer's returned lot opens nothing."""
    ivan, _ = factories.buyer(uow)
    anna, _ = factories.buyer(uow, "1002", company="Other")
    lot = factories.lot(uow, ivan, published=False)
    lots.request_corrections(uow, lot.id, [{"field": "place", "reason": "?"}], "user/1")
    with pytest.raises(NotFound):
        press(uow, anna, f"fill:mend:{lot.id}")

"""Forms by steps: drafts, faults, submitting, corrections, files."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from b24app.config import Settings
from b24app.services import companies, corrections, drafts, lots
from storage.models import Company, File, Lot, Member, Offer, Person
from storage.unit_of_work import Transactions
from tests import factories
from tests.contract.miniapp.conftest import Visitor

Visit = Callable[[Person], Visitor]
PERSON = {"q.full_name": "Иван Петров", "q.position": "Закупки", "q.phone": "+7 900 123-45-67", "q.email": "i@x.ru"}
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 40


def posted(answers: dict[str, Any]) -> dict[str, Any]:
    """Write answers as a browser posts them."""
    form: dict[str, Any] = {}
    for code, value in answers.items():
        if isinstance(value, dict):
            form |= {f"q.{code}.{part}": text for part, text in value.items()}
        else:
            form[f"q.{code}"] = value
    return form


def test_two_devices_on_one_step_keep_what_each_typed(transactions: Transactions, visitor: Visit) -> None:
    """A page opened before another device answered wipes nothing of that: it keeps only what was touched on it."""
    with transactions() as uow:
        ivan = factories.person(uow, "1")
    there = visitor(ivan)
    there.act("save_draft", form="buyer", step="person", changed=["", "full_name"], **PERSON | {"q.position": ""})
    stale = {"q.full_name": "", "q.position": "Закупки", "q.phone": "", "q.email": "i@x.ru"}
    for action, name in (("save_draft", "position"), ("next_step", "email")):
        there.act(action, form="buyer", step="person", changed=["", name], **stale)
    there.act("save_draft", form="buyer", step="person", changed=["", "phone"], **stale)
    with transactions() as uow:
        draft = drafts.load(uow, ivan, "buyer")
        kept = draft.answers if draft else {}
    # The first device's telephone was erased on the second one; its name was not.
    assert kept == {"full_name": "Иван Петров", "position": "Закупки", "email": "i@x.ru"}


def upload(there: Visitor, content: bytes, name: str) -> TestResponse:
    """Post a file."""
    data = {"file": (io.BytesIO(content), name)}
    answer = there.client.post("/app/files", data=data, headers=there.headers, content_type="multipart/form-data")
    # The test client spools large bodies into a file of its own and leaves it open.
    answer.request.environ["wsgi.input"].close()
    return answer


def test_a_draft_keeps_half_typed_answers(transactions: Transactions, visitor: Visit) -> None:
    """What is half typed is kept as it is, told what is wrong with it, and shown again on return."""
    with transactions() as uow:
        ivan = factories.person(uow, "1")
    there = visitor(ivan)
    saved = there.act("save_draft", form="buyer", step="person", **{**PERSON, "q.email": "ivan@"})
    assert list(saved.get_json()["faults"]) == ["email"]
    assert 'value="ivan@"' in there.get("/app/form/buyer/person").text
    assert there.get("/app/form/buyer").headers["X-Go"] == "/app/form/buyer/person"


def test_a_step_is_passed_only_when_it_is_right(transactions: Transactions, visitor: Visit) -> None:
    """A faulty step answers its faults in the reader's language; a right one leads on, and the next visit resumes there."""
    with transactions() as uow:
        ivan = factories.person(uow, "1")
    there = visitor(ivan)
    refused = there.act("next_step", form="buyer", step="person", **{**PERSON, "q.phone": ""})
    assert (refused.status_code, list(refused.get_json()["fields"])) == (422, ["phone"])
    passed = there.act("next_step", form="buyer", step="person", **PERSON)
    assert passed.get_json()["go"] == "/app/form/buyer/company"
    assert there.get("/app/form/buyer").headers["X-Go"] == "/app/form/buyer/company"


def test_a_questionnaire_needs_consent_and_is_sent_once(transactions: Transactions, visitor: Visit) -> None:
    """Without consent nothing is sent; with it one company appears, and a second press changes nothing."""
    with transactions() as uow:
        ivan = factories.person(uow, "1")
        drafts.save(uow, ivan, "buyer", dict(factories.BUYER_ANSWERS))
    there = visitor(ivan)
    assert "processing" in there.act("submit_form", form="buyer").get_json()["fields"]
    for _ in range(2):
        assert there.act("submit_form", form="buyer", processing="true").get_json()["go"] == "/app/"
    with transactions() as uow:
        assert uow.session.scalars(select(Company)).one().state == "submitted"


def test_an_unfinished_form_leads_to_its_first_fault(transactions: Transactions, visitor: Visit) -> None:
    """Submitting with something missing leads to the step where it is missing, with the fault shown."""
    with transactions() as uow:
        ivan = factories.person(uow, "1")
        drafts.save(uow, ivan, "buyer", {**factories.BUYER_ANSWERS, "legal_address": ""})
    there = visitor(ivan)
    go = there.act("submit_form", form="buyer", processing="true").get_json()["go"]
    assert go == "/app/form/buyer/company?faults"
    assert "Заполните" in there.get(go).text or "wrong" in there.get(go).text


def test_a_lot_submitted_twice_is_one_lot(transactions: Transactions, visitor: Visit) -> None:
    """The same draft submitted twice makes one lot."""
    with transactions() as uow:
        ivan, _ = factories.buyer(uow)
        draft = drafts.save(uow, ivan, "lot", factories.lot_answers(uow.now.date()))
        answers = dict(draft.answers)
    there = visitor(ivan)
    first = there.act("submit_form", form="lot", client_key=f"draft-{draft.id}").get_json()["go"]
    with transactions() as uow:
        drafts.save(uow, ivan, "lot", answers)
    second = there.act("submit_form", form="lot", client_key=f"draft-{draft.id}").get_json()["go"]
    assert first == second
    with transactions() as uow:
        assert len(uow.session.scalars(select(Lot)).all()) == 1


def test_a_correction_round_reopens_only_what_was_returned(transactions: Transactions, visitor: Visit) -> None:
    """The returned field is shown with its reason, no other; sending it mends that answer alone."""
    with transactions() as uow:
        ivan, company = factories.buyer(uow, accepted=False)
        reason = "Укажите <b>полный</b> адрес"
        companies.request_corrections(uow, company.id, [{"field": "legal_address", "reason": reason}], "user/1")
    there = visitor(ivan)
    page = there.get("/app/corrections").text
    assert ("Укажите &lt;b&gt;полный" in page, "q.legal_address" in page, "q.position" in page) == (True, True, False)
    sent = there.act("correct_questionnaire", **{"q.legal_address": "Москва, Лесная 5", "q.position": "Шпион"})
    assert sent.get_json()["go"] == "/app/"
    with transactions() as uow:
        answers = uow.session.get_one(Company, company.id).answers
    assert (answers["legal_address"], answers["position"]) == ("Москва, Лесная 5", "Head of purchasing")


def test_corrections_take_files_of_the_company_only(transactions: Transactions, visitor: Visit) -> None:
    """An id typed by hand opens no stranger's file, while one that a colleague uploaded is shown and stays."""
    with transactions() as uow:
        abc, company = factories.factory(uow)
        colleague, stranger = factories.person(uow, "2002", "uz", "factory"), factories.person(uow, "2003")
        uow.session.add(Member(company_id=company.id, person_id=colleague.id, role="sales"))
        theirs, foreign = (
            File(owner="x", person_id=one.id, name="logo.png", mime="image/png", size=1, sha256="0")
            for one in (colleague, stranger)
        )
        uow.session.add_all([theirs, foreign])
        uow.session.flush()
        company.answers = {**company.answers, "logo": theirs.id}
        companies.request_corrections(uow, company.id, [{"field": "logo", "reason": "?"}], "user/1")
    there = visitor(abc)
    assert f'value="{theirs.id}"' in there.get("/app/corrections").text
    for sent, kept in ((foreign.id, None), (theirs.id, theirs.id)):
        assert there.act("correct_questionnaire", **{"q.logo": str(sent)}).status_code == 200
        with transactions() as uow:
            assert uow.session.get_one(Company, company.id).answers.get("logo") == kept
            companies.request_corrections(uow, company.id, [{"field": "logo", "reason": "?"}], "user/1")


def test_what_was_mended_in_the_chat_stands_on_the_screen(transactions: Transactions, visitor: Visit) -> None:
    """Whoever begins in the chat and goes over to the Mini App finds the answer there; sending it again changes nothing."""
    with transactions() as uow:
        ivan, company = factories.buyer(uow, accepted=False)
        companies.request_corrections(uow, company.id, [{"field": "position", "reason": "?"}], "user/1")
        opened = corrections.of_questionnaire(uow, ivan)
        assert opened
        drafts.save(uow, ivan, opened.draft, {"position": "Директор"}, "review")
    there = visitor(ivan)
    assert 'value="Директор"' in there.get("/app/corrections").text
    answers = [there.act("correct_questionnaire", **{"q.position": said}) for said in ("Директор", "Никто")]
    assert [answer.get_json()["go"] for answer in answers] == ["/app/", "/app/"]
    with transactions() as uow:
        assert drafts.load(uow, ivan, opened.draft) is None
        assert uow.session.get_one(Company, company.id).answers["position"] == "Директор"


def test_a_returned_lot_is_mended(transactions: Transactions, visitor: Visit) -> None:
    """A lot given back keeps its number and its other answers when the returned one is mended."""
    with transactions() as uow:
        ivan, _ = factories.buyer(uow)
        lot = factories.lot(uow, ivan, published=False)
        lots.request_corrections(uow, lot.id, [{"field": "place", "reason": "Какой город?"}], "user/1")
    there = visitor(ivan)
    assert "Какой город?" in there.get(f"/app/lots/{lot.id}").text
    assert there.act("correct_lot", lot_id=lot.id, **{"q.place": "Термез"}).status_code == 200
    with transactions() as uow:
        mended = uow.session.get_one(Lot, lot.id)
    assert (mended.state, mended.fields["place"], mended.quantity) == ("submitted", "Термез", 20000)


def test_an_offer_is_made_and_changed(transactions: Transactions, visitor: Visit) -> None:
    """A factory's offer arrives in minor units; until it is decided the same form changes it, by what was touched on the page."""
    with transactions() as uow:
        ivan, _ = factories.buyer(uow)
        abc, _ = factories.factory(uow)
        lot = factories.lot(uow, ivan)
        form = posted(factories.offer_answers(uow.now.date()))
    there = visitor(abc)
    assert there.act("submit_offer", lot_id=lot.id, **{**form, "q.price.amount": ""}).status_code == 422
    for price in ("3.20", "3.10"):
        assert there.act("submit_offer", lot_id=lot.id, **{**form, "q.price.amount": price}).status_code == 200
    assert 'value="3.10"' in there.get(f"/app/tenders/{lot.id}/offer").text
    with transactions() as uow:
        offer = uow.session.scalars(select(Offer)).one()
    assert (offer.price_minor, offer.version) == (310, 2)
    stale = {**form, "changed": ["", "lead_time_days"], "q.lead_time_days": "50"}
    assert there.act("submit_offer", lot_id=lot.id, **stale).status_code == 200
    with transactions() as uow:
        offer = uow.session.scalars(select(Offer)).one()
    assert (offer.price_minor, offer.lead_time_days, offer.version) == (310, 50, 3)


@pytest.mark.parametrize(
    "given",
    [
        (PNG, "../../логотип.exe", "image/png"),
        (b"%PDF-1.7 x", "offer.pdf", "application/pdf"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 x", "price.xls", "application/vnd.ms-excel"),
        ("Текст".encode(), "note.txt", "text/plain"),
    ],
)
def test_a_file_is_known_by_its_content(
    given: tuple[bytes, str, str], transactions: Transactions, visitor: Visit, settings: Settings
) -> None:
    """Whatever a file is called, its kind is told by its bytes, which lie under their hash."""
    content, name, mime = given
    with transactions() as uow:
        ivan = factories.person(uow, "1")
    answer = upload(visitor(ivan), content, name)
    assert answer.status_code == 201
    with transactions() as uow:
        file = uow.session.get_one(File, answer.get_json()["id"])
    assert (file.mime, file.size, "/" in file.name) == (mime, len(content), False)
    assert (Path(settings.files_dir) / file.sha256[:2] / file.sha256).read_bytes() == content


@pytest.mark.parametrize(
    "content",
    [
        b"MZ\x90\0program",
        b"<html><script>alert(1)</script>",
        b'<?xml version="1.0"?><svg/>',
        b"",
        b"x" * (20 * 1024 * 1024 + 1),
    ],
    ids=["program", "page", "drawing with code", "empty", "too large"],
)
def test_unwanted_files_are_refused(
    content: bytes, transactions: Transactions, visitor: Visit, settings: Settings
) -> None:
    """Programs, pages and files over the limit are refused with a sentence, and leave neither row nor bytes."""
    with transactions() as uow:
        ivan = factories.person(uow, "1")
    answer = upload(visitor(ivan), content, "photo.png")
    assert (answer.status_code, bool(answer.get_json()["message"])) == (422, True)
    with transactions() as uow:
        assert uow.session.scalars(select(File)).all() == []
    assert [path for path in Path(settings.files_dir).rglob("*") if path.is_file()] == []


def test_anothers_file_cannot_be_attached(transactions: Transactions, visitor: Visit) -> None:
    """A file id typed by hand does not bring somebody else's file into a form."""
    with transactions() as uow:
        ivan, _ = factories.buyer(uow)
        anna = factories.person(uow, "1002")
    file_id = upload(visitor(anna), PNG, "secret.png").get_json()["id"]
    visitor(ivan).act("save_draft", form="lot", step="product", **{"q.product": "x", "q.files": [file_id]})
    with transactions() as uow:
        draft = drafts.load(uow, ivan, "lot")
    assert draft is not None
    assert "files" not in draft.answers


def test_uploads_have_a_daily_limit(
    transactions: Transactions, visitor: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever uploads without end is told to come back later."""
    monkeypatch.setattr("b24app.services.sent_files.DAILY_FILES", 2)
    with transactions() as uow:
        ivan = factories.person(uow, "1")
    there = visitor(ivan)
    assert [upload(there, PNG, f"{number}.png").status_code for number in range(3)] == [201, 201, 429]


def test_only_filled_steps_are_ticked(transactions: Transactions, visitor: Visit) -> None:
    """Whoever came to the last step past empty ones sees no tick before them; a filled one has its own."""
    with transactions() as uow:
        ivan = factories.person(uow, "1001")
        drafts.save(uow, ivan, "buyer", {}, "needs")
    assert visitor(ivan).get("/app/").text.count('class="done"') == 0
    with transactions() as uow:
        drafts.save(uow, ivan, "buyer", dict(factories.BUYER_ANSWERS), "company")
    assert visitor(ivan).get("/app/").text.count('class="done"') == 1

"""The factory's part of an audit: its documents, sent from the Mini App."""

from __future__ import annotations

from collections.abc import Callable

from b24app.services import audits
from b24app.services.industries import pack
from storage.models import AuditDocument, Person
from storage.unit_of_work import Transactions
from tests import factories
from tests.contract.miniapp.conftest import Visitor
from tests.contract.miniapp.test_forms import upload

Visit = Callable[[Person], Visitor]
CODE = pack().audit.documents[0].code


def test_a_factory_sends_what_is_asked_for(transactions: Transactions, visitor: Visit) -> None:
    """The screen names what is missing, takes the file, and shows that it is being checked; an accepted one takes no more."""
    with transactions() as uow:
        aziza, company = factories.factory(uow)
        audit = audits.request(uow, company.id, "", "user/1")
    there = visitor(aziza)
    assert "Yana 5 ta majburiy hujjatni yuborish kerak." in there.get("/app/audit").text
    file = upload(there, b"%PDF-1.7 registration", "guvohnoma.pdf").get_json()
    sent = there.act("send_audit_document", audit_id=audit.id, code=CODE, files=str(file["id"]))
    assert sent.get_json()["again"] is True
    page = there.get("/app/audit").text
    assert ("guvohnoma.pdf" in page, "tekshirilmoqda" in page) == (True, True)
    with transactions() as uow:
        audits.accept_document(uow, audit.id, CODE, "user/1")
    assert there.act("send_audit_document", audit_id=audit.id, code=CODE, files=str(file["id"])).status_code == 409


def test_no_file_is_no_document(transactions: Transactions, visitor: Visit) -> None:
    """Without a file, or with somebody else's, the field says so and nothing is kept."""
    with transactions() as uow:
        aziza, company = factories.factory(uow)
        bobur, _ = factories.factory(uow, "2002", company="XYZ")
        audit = audits.request(uow, company.id, "", "user/1")
    foreign = upload(visitor(bobur), b"%PDF-1.7 other", "boshqa.pdf").get_json()
    for files in ("", str(foreign["id"]), "0"):
        refused = visitor(aziza).act("send_audit_document", audit_id=audit.id, code=CODE, files=files)
        assert (refused.status_code, list(refused.get_json()["fields"])) == (422, [CODE])
    assert visitor(bobur).act("send_audit_document", audit_id=audit.id, code=CODE, files="1").status_code == 403
    with transactions() as uow:
        assert {row.state for row in uow.session.query(AuditDocument)} == {"waiting"}


def test_without_an_audit_the_screen_says_what_comes_first(transactions: Transactions, visitor: Visit) -> None:
    """A factory that nobody audits reads how an audit begins; a buyer has no such screen."""
    with transactions() as uow:
        aziza, _ = factories.factory(uow)
        ivan, _ = factories.buyer(uow)
    assert "Hozir audit yoʻq" in visitor(aziza).get("/app/audit").text
    assert visitor(ivan).get("/app/audit").status_code == 403

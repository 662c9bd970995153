"""Audits: from the request over documents, visit and scores to a badge, and what becomes of the badge."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from b24app.domain.deliveries import FireTrigger, SaveItem, ShowCard
from b24app.errors import InvalidInput, InvalidState, NotAllowed
from b24app.services import audit_verdicts, audits, cards, companies
from b24app.services.industries import pack
from storage.models import Audit, Company, CrmLink, File, Person
from storage.unit_of_work import UnitOfWork
from tests import factories
from tests.integration.services.outgoing import said_to, sent

RULES = pack().audit
ACTOR = "user/1"


def uploaded(uow: UnitOfWork, person: Person) -> int:
    """A file that a person put into the store."""
    file = File(owner="upload", person_id=person.id, name="a.pdf", mime="application/pdf", size=10, sha256="a" * 64)
    uow.session.add(file)
    uow.session.flush()
    return file.id


def send_all(uow: UnitOfWork, person: Person, audit: Audit) -> None:
    """Send every required document."""
    for document in RULES.documents:
        if document.required:
            audits.send_document(uow, person, audit.id, document.code, [uploaded(uow, person)])


def scored(uow: UnitOfWork, points: int, **changes: int) -> tuple[Person, Company, Audit]:
    """An audit whose lines all have the same points, but those named."""
    person, company = factories.factory(uow, verified=False)
    audit = audits.request(uow, company.id, "first audit", ACTOR)
    send_all(uow, person, audit)
    audits.accept_documents(uow, audit.id, ACTOR)
    audits.record_visit(uow, audit.id, uow.now, note="seen", video_url="", actor=ACTOR)
    given = {line.code: {"points": changes.get(line.code, points)} for line in RULES.checklist}
    return person, company, audits.save_scores(uow, audit.id, given, ACTOR)


def later(uow: UnitOfWork, days: int) -> UnitOfWork:
    """The same transaction on another day."""
    session: Session = uow.session
    return UnitOfWork(session, uow.now + timedelta(days=days))


def test_an_audit_ends_with_a_badge(uow: UnitOfWork) -> None:
    """Documents, visit, scores and verdict give the factory its badge, in the CRM and in the bot, and fire the trigger once."""
    person, company, audit = scored(uow, 4)
    assert (audit.score, companies.standing(company, uow.now).verified) == (80, False)
    audit_verdicts.decide(uow, audit.id, "pass", "", ACTOR)
    assert companies.standing(company, uow.now).verified
    assert company.verified_until is not None
    assert (company.verified_until - uow.now).days in {364, 365}
    assert sent(uow, "FireTrigger") == [FireTrigger(code="audit_passed", ref=f"audit/{audit.id}")]
    saves = [one for one in sent(uow, "SaveItem", ref=f"audit/{audit.id}") if isinstance(one, SaveItem)]
    assert (saves[-1].stage, saves[-1].fields["audit_score"]) == ("passed", 80)
    assert any("tekshirilgan" in text for text in said_to(uow, person.chat_id))


def test_documents_are_returned_with_a_reason_and_sent_again(uow: UnitOfWork) -> None:
    """A returned document takes the audit back, the factory reads why, and its next one is checked anew."""
    person, company = factories.factory(uow, verified=False)
    audit = audits.request(uow, company.id, "", ACTOR)
    assert audit.state == "requested"
    send_all(uow, person, audit)
    code = RULES.documents[0].code
    audits.return_document(uow, audit.id, code, "Muddati oʻtgan", ACTOR)
    assert audit.state == "documents"
    assert any("Muddati oʻtgan" in text for text in said_to(uow, person.chat_id))
    audits.accept_documents(uow, audit.id, ACTOR)
    assert audit.state == "documents"
    audits.send_document(uow, person, audit.id, code, [uploaded(uow, person)])
    audits.accept_document(uow, audit.id, code, ACTOR)
    assert audit.state == "visit"
    with pytest.raises(InvalidState):
        audits.send_document(uow, person, audit.id, code, [uploaded(uow, person)])


def test_a_card_accepts_all_documents_once(uow: UnitOfWork) -> None:
    """One press accepts what waits; the second is told that it was decided; the card closes."""
    person, company = factories.factory(uow, verified=False)
    audit = audits.request(uow, company.id, "", ACTOR)
    send_all(uow, person, audit)
    factories.managers(uow, "2", "3")
    assert "принят" in cards.act(uow, f"audit/{audit.id}", "accept", "user/2").lower()
    assert "#2" in cards.act(uow, f"audit/{audit.id}", "accept", "user/3")
    shown = [one for one in sent(uow, "ShowCard", card=f"audit/{audit.id}") if isinstance(one, ShowCard)]
    assert shown[-1].closed


def test_only_its_own_people_and_files_count(uow: UnitOfWork) -> None:
    """Another factory's person, and a file of somebody else, are refused."""
    person, company = factories.factory(uow, verified=False)
    stranger, _ = factories.factory(uow, "2002", company="XYZ")
    audit = audits.request(uow, company.id, "", ACTOR)
    code = RULES.documents[0].code
    with pytest.raises(NotAllowed):
        audits.send_document(uow, stranger, audit.id, code, [uploaded(uow, stranger)])
    with pytest.raises(InvalidInput):
        audits.send_document(uow, person, audit.id, code, [uploaded(uow, stranger)])


def test_one_audit_at_a_time(uow: UnitOfWork) -> None:
    """A factory is not audited twice at once, a buyer and an unchecked factory never."""
    _, company = factories.factory(uow, verified=False)
    audits.request(uow, company.id, "", ACTOR)
    _, buyer = factories.buyer(uow)
    _, unchecked = factories.factory(uow, "2002", accepted=False, verified=False, subscribed=False)
    for wrong in (company, buyer, unchecked):
        with pytest.raises(InvalidState):
            audits.request(uow, wrong.id, "", ACTOR)


def test_a_kinder_verdict_must_be_explained(uow: UnitOfWork) -> None:
    """Points that speak for conditions pass only with words that say why."""
    _, _, audit = scored(uow, 3)
    with pytest.raises(InvalidInput):
        audit_verdicts.decide(uow, audit.id, "pass", " ", ACTOR)
    audit_verdicts.decide(uow, audit.id, "pass", "A new line was shown working.", ACTOR)
    assert audit.state == "passed"


def test_conditions_that_are_not_met_in_time_fail(uow: UnitOfWork) -> None:
    """After the deadline the audit is failed by itself, once, and its trigger fires."""
    person, company, audit = scored(uow, 3)
    audit_verdicts.decide(uow, audit.id, "conditional", "Mend the fire exit.", ACTOR)
    assert any("Mend the fire exit." in text for text in said_to(uow, person.chat_id))
    assert audit_verdicts.expire(later(uow, 20)) == 0
    assert audit_verdicts.expire(later(uow, 40)) == 1
    assert audit_verdicts.expire(later(uow, 40)) == 0
    assert (audit.state, companies.standing(company, uow.now).verified) == ("failed", False)
    assert sent(uow, "FireTrigger") == [FireTrigger(code="audit_failed", ref=f"audit/{audit.id}")]


def test_nothing_is_decided_before_everything_is_scored(uow: UnitOfWork) -> None:
    """A verdict needs every line of the checklist."""
    person, company = factories.factory(uow, verified=False)
    audit = audits.request(uow, company.id, "", ACTOR)
    send_all(uow, person, audit)
    audits.accept_documents(uow, audit.id, ACTOR)
    audits.record_visit(uow, audit.id, uow.now, note="", video_url="", actor=ACTOR)
    audits.save_scores(uow, audit.id, {RULES.checklist[0].code: {"points": 5}}, ACTOR)
    with pytest.raises(InvalidState):
        audit_verdicts.decide(uow, audit.id, "pass", "", ACTOR)


def test_a_failed_audit_takes_the_badge(uow: UnitOfWork) -> None:
    """A factory that fails its yearly audit is not shown as verified any more."""
    _, company, audit = scored(uow, 1)
    companies.grant(
        uow, company.id, "verification", uow.now.date() + timedelta(days=9), reason="until the audit", actor=ACTOR
    )
    audit_verdicts.decide(uow, audit.id, "fail", "", ACTOR)
    assert not companies.standing(company, uow.now).verified


def test_the_yearly_audit_is_reminded_of_once_for_each_reminder(uow: UnitOfWork) -> None:
    """However often the job runs, a factory reads each reminder once."""
    person, company = factories.factory(uow)
    company.verified_until = uow.now + timedelta(days=25)
    uow.session.flush()
    before = len(said_to(uow, person.chat_id))
    for _ in range(3):
        assert audit_verdicts.remind(uow) == 1
    assert len(said_to(uow, person.chat_id)) == before + 1
    assert audit_verdicts.remind(later(uow, 20)) == 1
    assert len(said_to(uow, person.chat_id)) == before + 2


def test_an_ended_badge_is_told_and_shown(uow: UnitOfWork) -> None:
    """When its day has come, the CRM stops showing the badge and the factory is told once."""
    person, company = factories.factory(uow)
    company.verified_until = uow.now - timedelta(hours=1)
    link = CrmLink(ref=f"company/{company.id}", entity_type_id=4, entity_id="9")
    link.snapshot = {"verification_status": "verified"}
    uow.session.add(link)
    uow.session.flush()
    assert audit_verdicts.expire(uow) == 1
    audit_verdicts.expire(uow)
    ended = [text for text in said_to(uow, person.chat_id) if "muddati tugadi" in text]
    saves = [one for one in sent(uow, "SaveItem", ref=f"company/{company.id}") if isinstance(one, SaveItem)]
    assert (len(ended), saves[-1].fields["verification_status"]) == (1, "expired")


def test_a_badge_is_withdrawn_with_a_reason(uow: UnitOfWork) -> None:
    """After a complaint the badge goes at once, the factory reads why, and a second withdrawal finds none."""
    person, company = factories.factory(uow)
    audit_verdicts.withdraw_badge(uow, company.id, "Shikoyat", ACTOR)
    assert not companies.standing(company, uow.now).verified
    assert any("Shikoyat" in text for text in said_to(uow, person.chat_id))
    with pytest.raises(InvalidState):
        audit_verdicts.withdraw_badge(uow, company.id, "Shikoyat", ACTOR)
    assert company.verified_until == datetime(2026, 3, 2, 9, 30, tzinfo=UTC)

"""People and companies: registering once, corrections, acceptance, grants, publication."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from b24app.errors import InvalidInput, InvalidState, LimitExceeded
from b24app.services import companies, drafts, people, settings
from storage.models import AuditEntry
from storage.unit_of_work import UnitOfWork
from tests import factories
from tests.integration.services.outgoing import rows, said_to, sent


def test_meeting_again_refreshes_and_keeps_the_choices(uow: UnitOfWork) -> None:
    """A second start refreshes names and reachability and keeps language, role and the first deep link."""
    first = people.meet(uow, telegram_id="7", chat_id="7", first_name="A", payload="lot_1")
    people.choose_language(uow, first, "uz")
    people.set_state(uow, "7", "blocked")
    again = people.meet(uow, telegram_id="7", chat_id="7", first_name="B", payload="lot_2")
    assert (again.id, again.first_name, again.language, again.state, again.start_payload) == (
        first.id,
        "B",
        "uz",
        "active",
        "lot_1",
    )


def test_a_person_is_led_from_language_to_acceptance(uow: UnitOfWork) -> None:
    """The next step is always known."""
    met = people.meet(uow, telegram_id="7", chat_id="7")
    stages = [people.stage_of(uow, met)]
    people.choose_language(uow, met, "ru")
    stages.append(people.stage_of(uow, met))
    people.choose_role(uow, met, "buyer")
    stages.append(people.stage_of(uow, met))
    company = companies.submit(uow, met, "buyer", factories.BUYER_ANSWERS)
    stages.append(people.stage_of(uow, met))
    companies.accept(uow, company.id, "user/1")
    stages.append(people.stage_of(uow, met))
    assert stages == ["language", "role", "questionnaire", "submitted", "accepted"]


def test_consent_is_kept_with_its_text_and_can_be_taken_back(uow: UnitOfWork) -> None:
    """A consent names the version of its text, a repeat adds nothing, a withdrawal ends it."""
    met = factories.person(uow, "7")
    people.consent(uow, met, "marketing", True)
    people.consent(uow, met, "marketing", True)
    running = people.running_consent(uow, met, "marketing")
    assert running is not None
    assert (running.version, running.language) == ("2025-11", "ru")
    people.consent(uow, met, "marketing", False)
    assert people.running_consent(uow, met, "marketing") is None


def test_a_draft_survives_and_goes_with_the_submitting(uow: UnitOfWork) -> None:
    """What was entered is there again until the form is sent; absurd sizes are refused."""
    met = factories.person(uow, "7")
    drafts.save(uow, met, "buyer", {"company": "N"}, "person")
    kept = drafts.save(uow, met, "buyer", {"company": "Northern"}, "company")
    assert (kept.answers, kept.step) == ({"company": "Northern"}, "company")
    companies.submit(uow, met, "buyer", factories.BUYER_ANSWERS)
    assert drafts.load(uow, met, "buyer") is None
    with pytest.raises(LimitExceeded):
        drafts.save(uow, met, "lot", {"product": "x" * 300_000})


def test_a_buyer_becomes_a_lead_with_every_answer(uow: UnitOfWork) -> None:
    """The lead holds each answer, phone and e-mail, and the responsible employee is notified."""
    settings.put(uow, "responsible_ids", "5,6", "user/1")
    owner, company = factories.buyer(uow, accepted=False)
    (lead,) = sent(uow, "SaveItem", ref=f"lead/{company.id}")
    assert lead.fields["segments"] == ["tshirts"]
    assert lead.fields["yearly_volume"] == 50000
    assert {entry["typeId"] for entry in lead.fields["fm"]} == {"PHONE", "EMAIL"}
    assert lead.fields["telegram_id"] == owner.telegram_id
    (notice,) = sent(uow, "NotifyUser")
    assert notice.user_id in {"5", "6"}
    assert lead.fields["assignedById"] == notice.user_id


def test_an_accepted_buyer_becomes_contact_and_company(uow: UnitOfWork) -> None:
    """Approval makes the contact and the company, closes the lead and tells the person."""
    owner, company = factories.buyer(uow)
    refs = [row.payload["ref"] for row in rows(uow, "SaveItem")]
    assert {f"lead/{company.id}", f"company/{company.id}", f"contact/{owner.id}"} <= set(refs)
    (lead,) = sent(uow, "SaveItem", ref=f"lead/{company.id}")
    assert lead.fields["stageId"] == "CONVERTED"
    assert any("одобрена" in text for text in said_to(uow, owner.chat_id))


def test_a_second_acceptance_is_refused(uow: UnitOfWork) -> None:
    """Only the first decision counts."""
    _, company = factories.buyer(uow)
    with pytest.raises(InvalidState):
        companies.accept(uow, company.id, "user/2")


def test_faults_are_told_by_field_in_the_reader_language(uow: UnitOfWork) -> None:
    """Nothing is stored and each faulty field has its sentence."""
    met = factories.person(uow, "7")
    with pytest.raises(InvalidInput) as refusal:
        companies.submit(uow, met, "buyer", {**factories.BUYER_ANSWERS, "email": "x", "phone": ""})
    assert set(refusal.value.fields) == {"email", "phone"}
    assert refusal.value.fields["phone"] == ["Заполните это поле."]
    assert people.company_of(uow, met) is None


def test_the_same_questionnaire_again_changes_nothing(uow: UnitOfWork) -> None:
    """A repeated submit gives the same company; a different one is refused while it is checked."""
    owner, company = factories.buyer(uow, accepted=False)
    before = len(rows(uow))
    assert companies.submit(uow, owner, "buyer", factories.BUYER_ANSWERS).id == company.id
    assert len(rows(uow)) == before
    with pytest.raises(InvalidState):
        companies.submit(uow, owner, "buyer", {**factories.BUYER_ANSWERS, "company": "Other"})


def test_a_correction_round_takes_the_returned_fields_only(uow: UnitOfWork) -> None:
    """Only what was returned can change; afterwards the questionnaire waits again."""
    owner, company = factories.buyer(uow, accepted=False)
    companies.request_corrections(uow, company.id, [{"field": "legal_address", "reason": "no house number"}], "user/1")
    assert people.stage_of(uow, owner) == "changes_requested"
    assert any("no house number" in text for text in said_to(uow, owner.chat_id))
    companies.submit(uow, owner, "buyer", {"legal_address": "Moscow, Arbat 10", "company": "Hacked"})
    assert (company.state, company.name, company.corrections) == ("submitted", "Northern Style", [])
    assert company.answers["legal_address"] == "Moscow, Arbat 10"


@pytest.mark.parametrize(
    "corrections", [[], [{"field": "nothing", "reason": "x"}], [{"field": "company", "reason": " "}]]
)
def test_corrections_name_fields_and_reasons(uow: UnitOfWork, corrections: list[dict[str, str]]) -> None:
    """A questionnaire cannot be returned without saying what and why."""
    _, company = factories.buyer(uow, accepted=False)
    with pytest.raises(InvalidInput):
        companies.request_corrections(uow, company.id, corrections, "user/1")


def test_a_factory_is_a_company_unverified_and_hidden_until_granted(uow: UnitOfWork) -> None:
    """Registering shows a hidden, unverified company; subscription publishes, verification gives the badge."""
    _, company = factories.factory(uow, verified=False, subscribed=False)
    (item,) = sent(uow, "SaveItem", ref=f"company/{company.id}")
    assert (item.fields["verification_status"], item.fields["publication_status"]) == ("unverified", "hidden")
    until = uow.now.date() + timedelta(days=180)
    companies.grant(uow, company.id, "subscription_6m", until, reason="paid", actor="user/1")
    assert companies.standing(company, uow.now).published
    companies.grant(uow, company.id, "verification", until, reason="audit", actor="user/1")
    (item,) = sent(uow, "SaveItem", ref=f"company/{company.id}")
    assert item.fields["verification_status"] == "verified"
    assert item.fields["publication_status"] == "published"
    assert item.fields["subscribed_until"] == until.isoformat()


@pytest.mark.parametrize(
    "changes",
    [{"service": "free_lunch"}, {"until": -1}, {"reason": " "}],
)
def test_a_grant_needs_service_day_and_reason(uow: UnitOfWork, changes: dict[str, Any]) -> None:
    """A grant without a known service, a future day and a reason is refused by field."""
    _, company = factories.factory(uow, verified=False, subscribed=False)
    wanted = {"service": "verification", "until": 10, "reason": "audit", **changes}
    until = uow.now.date() + timedelta(days=wanted["until"])
    with pytest.raises(InvalidInput) as refusal:
        companies.grant(uow, company.id, wanted["service"], until, reason=wanted["reason"], actor="user/1")
    assert set(refusal.value.fields) == set(changes)


def test_a_suspended_factory_is_hidden_until_published_again(uow: UnitOfWork) -> None:
    """Suspending hides and tells why; a subscription does not lift it, a manager does."""
    owner, company = factories.factory(uow)
    companies.suspend(uow, company.id, "complaints", "user/1")
    assert any("complaints" in text for text in said_to(uow, owner.chat_id))
    until = uow.now.date() + timedelta(days=200)
    companies.grant(uow, company.id, "subscription_6m", until, reason="paid", actor="user/1")
    assert company.publication == "suspended"
    companies.publish(uow, company.id, "user/1")
    assert company.publication == "published"


def test_every_decision_names_who_took_it(uow: UnitOfWork) -> None:
    """The log tells who accepted, granted and suspended."""
    _, company = factories.factory(uow)
    companies.suspend(uow, company.id, "complaints", "user/9")
    entries = uow.session.query(AuditEntry).where(AuditEntry.subject == f"company/{company.id}").all()
    assert {entry.action for entry in entries} >= {
        "questionnaire_submitted",
        "questionnaire_accepted",
        "service_granted",
        "factory_suspended",
    }
    assert [entry.actor for entry in entries if entry.action == "factory_suspended"] == ["user/9"]


def test_a_secret_setting_never_reaches_the_log(uow: UnitOfWork) -> None:
    """The log says that the bot's token changed, not what it is."""
    settings.put(uow, "bot_token", "123:secret", "user/1")
    uow.session.flush()
    entries = uow.session.query(AuditEntry).where(AuditEntry.subject == "setting/bot_token").all()
    assert [entry.details for entry in entries] == [{"value": "***"}]


def test_blocking_the_bot_is_shown_on_the_card(uow: UnitOfWork) -> None:
    """An employee sees on the CRM card that the person cannot be reached, and nothing is sent there."""
    owner, company = factories.factory(uow)
    people.set_state(uow, owner.chat_id, "blocked")
    (item,) = sent(uow, "SaveItem", ref=f"contact/{owner.id}")
    assert item.fields["telegram_state"] == "blocked"
    before = len(said_to(uow, owner.chat_id))
    companies.suspend(uow, company.id, "complaints", "user/1")
    assert len(said_to(uow, owner.chat_id)) == before


def test_a_lapsed_subscription_hides_the_factory_once(uow: UnitOfWork) -> None:
    """When the paid time is over the profile is hidden, the people are told, nothing is lost."""
    owner, company = factories.factory(uow)
    uow.now += timedelta(days=200)
    assert companies.hide_lapsed(uow) == 1
    assert companies.hide_lapsed(uow) == 0
    assert (company.publication, company.state) == ("hidden", "accepted")
    assert any("Obuna tugadi" in text for text in said_to(uow, owner.chat_id))

"""CRM items and their timelines, on the stand-in portal."""

from __future__ import annotations

from sqlalchemy import delete

from b24app.domain.deliveries import AddLogMessage, AddTimelineComment, ForgetReach, SaveItem, ShowCard
from b24app.domain.outcomes import Done, Refused, TryLater
from storage.models import CrmLink, OutboxRow
from tests.contract.bitrix24.conftest import Carrier, envelope_of

LEAD = SaveItem(
    ref="lead/12",
    fields={
        "title": "Север Трейд",
        "name": "Иван",
        "company": "Север Трейд",
        "segments": ["tshirts", "denim"],
        "telegram_state": "active",
        "telegram_id": "7001",
        "fm": [{"typeId": "PHONE", "valueType": "WORK", "value": "+79161234567"}],
    },
)


def test_a_lead_holds_every_answer_in_custom_fields(carrier: Carrier) -> None:
    """Texts arrive as they are, choices as the portal's own options, phones as ways to reach the person."""
    carrier.done(LEAD)
    item = carrier.item("lead/12")
    assert item["title"] == "Север Трейд"
    assert item["UF_CRM_MP_TELEGRAM_ID"] == "7001"
    assert len(item["UF_CRM_MP_SEGMENTS"]) == 2
    assert item["originId"] == "lead/12"


def test_an_update_changes_the_item_it_created(carrier: Carrier) -> None:
    """The second save of one ref is an update, and it does not repeat the phone."""
    first = carrier.done(LEAD)
    second = carrier.done(SaveItem(ref="lead/12", fields={**LEAD.fields, "title": "Север"}))
    assert (second["entity_id"], carrier.item("lead/12")["title"]) == (first["entity_id"], "Север")


def test_a_lot_becomes_a_deal_on_its_stage(carrier: Carrier) -> None:
    """A stage of ours is the stage of our pipeline on the portal, and links point to the counterparts."""
    carrier.done(SaveItem(ref="company/1", fields={"title": "ABC Textiles"}))
    fields = {"title": "Лот 256", "lot_number": 256, "deal_kind": "lot", "award_sum": "1250.50|USD"}
    links = {"factory_company": "company/1"}
    carrier.done(SaveItem(ref="lot/256", fields=fields, links=links, stage="moderation", pipeline="orders"))
    item = carrier.item("lot/256")
    assert item["stageId"] == f"C{item['categoryId']}:MODERATION"
    assert int(item["UF_CRM_MP_LOT_NUMBER"]) == 256
    assert str(item["UF_CRM_MP_FACTORY_COMPANY"]) == str(carrier.item("company/1")["id"])
    carrier.done(SaveItem(ref="lot/256", stage="published", pipeline="orders"))
    assert carrier.item("lot/256")["stageId"].endswith(":PUBLISHED")


def test_a_field_that_nobody_declared_is_refused_before_the_call(carrier: Carrier) -> None:
    """The portal would ignore it without a word; we say so."""
    (outcome,) = carrier.send(SaveItem(ref="lead/1", fields={"title": "x", "no_such_field": 1}))
    assert outcome == Refused("No such fields of a lead: no_such_field.", "UNKNOWN_FIELD")


def test_what_needs_an_item_waits_for_it(carrier: Carrier) -> None:
    """A comment on a deal that is not there yet is put back, uncounted."""
    (outcome,) = carrier.send(AddTimelineComment(ref="lot/9", text="Добрый день", marker="message/1"))
    assert isinstance(outcome, TryLater)
    assert not outcome.counted


def test_what_could_not_have_been_sent_is_known_to_be_absent(carrier: Carrier) -> None:
    """A comment whose sender died before the item existed was never sent: it waits for its item, and no person is asked."""
    orphan = AddTimelineComment(ref="lot/999", text="x", marker="m-999")
    assert isinstance(carrier.gateway.prove([envelope_of(orphan)])[0], TryLater)


def test_a_created_item_is_found_again_by_our_ref(carrier: Carrier) -> None:
    """After a lost answer the look-up finds what was created and nothing that was not."""
    assert isinstance(carrier.gateway.prove([envelope_of(LEAD)])[0], TryLater)
    (created,) = carrier.gateway.send([envelope_of(LEAD)])
    proven = carrier.gateway.prove([envelope_of(LEAD)])[0]
    assert isinstance(created, Done)
    assert isinstance(proven, Done)
    assert proven.answer["entity_id"] == created.answer["entity_id"]


def test_a_comment_and_a_fact_are_found_again(carrier: Carrier) -> None:
    """Both stand on the timeline, and both can be proven after a lost answer."""
    carrier.done(LEAD)
    comment = AddTimelineComment(ref="lead/12", text="[b]Иван:[/b] здравствуйте", marker="message/1")
    fact = AddLogMessage(ref="lead/12", title="Анкета", text="Возвращена")
    for delivery in (comment, fact):
        assert isinstance(carrier.gateway.prove([envelope_of(delivery)])[0], TryLater)
        carrier.done(delivery)
        assert isinstance(carrier.gateway.prove([envelope_of(delivery)])[0], Done)


def test_a_fact_is_not_taken_for_an_earlier_one_with_the_same_words(carrier: Carrier) -> None:
    """What stands on the timeline for another row of ours proves nothing; once there are two of them, the second is found."""
    carrier.done(LEAD)
    fact = AddLogMessage(ref="lead/12", title="Анкета", text="Возвращена")
    with carrier.deployment.transactions() as uow:
        uow.send(fact, key="first")
        uow.session.flush()
        row = uow.session.query(OutboxRow).filter_by(key="first").one()
        row.state, row.answer = "done", {"log_id": carrier.done(fact)["log_id"]}
    assert isinstance(carrier.gateway.prove([envelope_of(fact)])[0], TryLater)
    second = carrier.done(fact)
    proven = carrier.gateway.prove([envelope_of(fact)])[0]
    assert isinstance(proven, Done)
    assert proven.answer["log_id"] == second["log_id"]


def test_a_card_is_shown_changed_and_closed_as_one_activity(carrier: Carrier) -> None:
    """The card of an offer is one activity from the first showing to its closing."""
    carrier.done(LEAD)
    shown = ShowCard(
        card="offer/17",
        ref="lead/12",
        title="Новое предложение",
        rows=[["Цена", "2,40 $"], ["Срок", "30 дней"]],
        buttons=[
            {"action": "allow", "title": "Разрешить", "kind": "primary"},
            {"action": "decline", "title": "Отклонить", "kind": "secondary"},
        ],
        responsible_id="1",
    )
    assert isinstance(carrier.gateway.prove([envelope_of(shown)])[0], TryLater)
    first = carrier.done(shown)
    proven = Carrier(carrier.deployment, carrier.gateway).gateway.prove([envelope_of(shown)])[0]
    assert isinstance(proven, TryLater)
    closed = carrier.done(
        ShowCard(card="offer/17", ref="lead/12", title="Предложение", rows=[["Итог", "Разрешено"]], closed=True)
    )
    assert closed["activity_id"] == first["activity_id"]
    activity = carrier.deployment.call("crm.activity.configurable.get", {"id": first["activity_id"]})
    assert activity["activity"]["fields"]["completed"] in (True, "Y")


def test_an_audit_is_an_item_of_the_smart_process(carrier: Carrier) -> None:
    """It stands on the stage of its state with its company and fields; a second save changes it; a lost answer is found again."""
    carrier.done(SaveItem(ref="company/1", fields={"title": "ABC Textiles"}))
    fields = {"title": "Аудит № 3", "audit_score": 80, "audit_valid_until": "2027-03-02"}
    first = carrier.done(SaveItem(ref="audit/3", fields=fields, links={"companyId": "company/1"}, stage="requested"))
    carrier.done(SaveItem(ref="audit/3", fields={"audit_verdict": "Пройден"}, stage="passed"))
    number = first["entity_type_id"]
    params = {"entityTypeId": number, "id": first["entity_id"], "useOriginalUfNames": "Y"}
    item = carrier.deployment.call("crm.item.get", params)["item"]
    assert item["stageId"].endswith(":SUCCESS")
    assert (item["xmlId"], item["companyId"]) == ("audit/3", int(carrier.item("company/1")["id"]))
    score = next(value for name, value in item.items() if name.endswith("_MP_AUDIT_SCORE"))
    assert int(score) == 80
    with carrier.deployment.transactions() as uow:
        uow.session.execute(delete(CrmLink).where(CrmLink.ref == "audit/3"))
    found = carrier.gateway.prove([envelope_of(SaveItem(ref="audit/3", fields=fields))])[0]
    assert found == Done({"entity_type_id": number, "entity_id": first["entity_id"], "found": True})


def test_every_way_to_reach_somebody_can_be_removed(carrier: Carrier) -> None:
    """Phones are found by the portal's own ids, also those an employee added, and are gone after one save; a missing item needs none."""
    carrier.done(LEAD)
    link = {"entityTypeId": 1, "id": carrier.item("lead/12")["id"]}
    added = {"fm": {"n0": {"typeId": "EMAIL", "valueType": "WORK", "value": "ivan@sever.example"}}}
    carrier.deployment.call("crm.item.update", {**link, "fields": added})
    reach = carrier.done(ForgetReach(ref="lead/12"))["reach"]
    assert sorted(reach.values()) == ["EMAIL", "PHONE"]
    emptied = {number: {"typeId": kind, "value": ""} for number, kind in reach.items()}
    carrier.done(SaveItem(ref="lead/12", fields={"fm": emptied}))
    assert not carrier.item("lead/12").get("fm")
    assert carrier.done(ForgetReach(ref="lead/999")) == {}

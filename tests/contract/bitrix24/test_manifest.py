"""app.yaml: read strictly, checked against the portal's limits, compared with what is there."""

from __future__ import annotations

import re

import pytest

from b24app.bitrix24.addresses import Addresses
from b24app.bitrix24.fields import FieldSpec, declared_fields, portal_value
from b24app.bitrix24.install.planning import Action, Applied, Snapshot, plan
from b24app.bitrix24.install.wanted import Element, wanted_elements
from b24app.bitrix24.openlines import clean_name
from b24app.manifest import MANIFEST_PATH, ManifestError, load_manifest, manifest
from b24app.services.industries import pack

TEXT = MANIFEST_PATH.read_text(encoding="utf-8")
ADDRESSES = Addresses("https://example.org", "page", "server")


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("scopes: [crm", "scopez: [crm", "unknown key 'scopez'"),
        ("    waits: true", "    waits: maybe", "must be yes or no"),
        ("version: 1", "version: 1\nversion: 2", "stands twice"),
        ("questionnaires:\n  lead: [buyer]", "questionnaires:\n  lead: buyer", "must be a list"),
        ('uz: "Buyurtmalar", ', "", "lacks 'uz'"),
    ],
)
def test_a_wrong_shape_is_refused_with_its_line(old: str, new: str, words: str) -> None:
    """The message says what is wrong and where, so that a start that fails is mended in a minute."""
    with pytest.raises(ManifestError, match=words) as caught:
        load_manifest(TEXT.replace(old, new, 1))
    assert caught.value.line > 0


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('color: "#55D0E0"', "color: blue", "must look like"),
        ("semantics: success", "semantics: process", "exactly one success"),
        ("id: textile_marketplace", "id: Textile.Marketplace", "connector id"),
        ("- ONAPPUNINSTALL", "- OnAppUninstall", "in capitals"),
        ("documents: [deal]", "documents: [contact]", "is not one of"),
        ("lot_number: {type: integer", "lot_number: {type: number", "type must be one of"),
    ],
)
def test_what_the_portal_would_refuse_is_refused_at_the_start(old: str, new: str, words: str) -> None:
    """The portal's documented limits hold before anything is sent to it."""
    with pytest.raises(ManifestError, match=words):
        load_manifest(TEXT.replace(old, new, 1))


def elements() -> list[Element]:
    """Give everything wanted."""
    return wanted_elements(manifest(), pack(), ADDRESSES, "ru", "1")


def test_every_answer_of_a_questionnaire_has_its_field() -> None:
    """Each question of buyer, factory and lot is a custom field of lead, company and deal, none twice."""
    declared = declared_fields(manifest(), pack())
    for object_name, form in (("lead", "buyer"), ("company", "factory"), ("company", "buyer"), ("deal", "lot")):
        assert {question.code for question in pack().form(form).questions} <= set(declared[object_name])
    keys = [element.key for element in elements()]
    assert len(keys) == len(set(keys))


def test_no_field_name_is_longer_than_the_portal_takes() -> None:
    """50 characters with the prefix, capital letters, digits and underscores."""
    for specs in declared_fields(manifest(), pack()).values():
        for spec in specs.values():
            name = re.sub(r"\{type:\w+\}", "123456", spec.name)
            assert len(name) <= 50, name
            assert name.replace("_", "").isalnum(), name
            assert name == name.upper()


def test_a_plan_names_what_is_missing_changed_adopted_and_gone() -> None:
    """Each difference is one step, and what is as wanted is none."""
    add, change, adopt, same = (Element(f"robot:{name}", name, {"v": name}) for name in ("a", "b", "c", "d"))
    snapshot = Snapshot(
        applied={
            "robot:b": Applied("old", "b"),
            "robot:d": Applied(same.fingerprint, "d"),
            "robot:gone": Applied("x", "gone"),
            "field:lead.gone": Applied("x", "7"),
        },
        present={"robot:b": "b", "robot:c": "c", "robot:d": "d"},
    )
    steps = [(step.action, step.key) for step in plan([add, change, adopt, same], snapshot)]
    assert steps == [
        (Action.ADD, "robot:a"),
        (Action.CHANGE, "robot:b"),
        (Action.ADOPT, "robot:c"),
        (Action.REMOVE, "robot:gone"),
    ]


def test_nothing_that_holds_data_is_ever_removed() -> None:
    """Pipelines, stages, fields and lines that the manifest forgot stay on the portal."""
    kinds = ("pipeline", "stage", "field", "connector", "line")
    applied = {f"{kind}:old": Applied("x", "1") for kind in kinds}
    assert plan([], Snapshot(applied=applied)) == []


def test_browsers_never_see_the_segment_of_server_called_addresses() -> None:
    """Only events and automation rules carry it."""
    seen = {element.kind for element in elements() if "/server/" in str(element.payload)}
    assert seen == {"event", "robot", "activity"}


@pytest.mark.parametrize(
    ("spec_type", "multiple", "value", "written"),
    [
        ("choice", False, "b", "12"),
        ("choice", True, ["a", "b", "unknown"], ["11", "12"]),
        ("choice", True, None, []),
        ("choice", False, "unknown", ""),
        ("boolean", False, True, "1"),
        ("boolean", False, False, "0"),
        ("money", False, {"amount_minor": 1250, "currency": "USD"}, "12.50|USD"),
        ("money", False, {"amount_minor": 1250, "currency": "JPY"}, "1250|JPY"),
        ("money", False, "5.00|USD", "5.00|USD"),
        ("date", False, "2026-03-02", "2026-03-02"),
        ("string", True, ["x", "y"], ["x", "y"]),
        ("text", False, ["x", "y"], "x\ny"),
        ("integer", False, 0, 0),
    ],
)
def test_a_value_is_written_as_the_portals_field_takes_it(
    spec_type: str, multiple: bool, value: object, written: object
) -> None:
    """Choices become the portal's ids, money amount and currency, emptiness an empty value."""
    spec = FieldSpec("lead", "x", spec_type, {"en": "x"}, multiple=multiple)
    assert portal_value(spec, value, {"a": "11", "b": "12"}, "en") == written


@pytest.mark.parametrize(
    ("name", "cleaned"),
    [
        ("Иван Петров", "Иван Петров"),
        ("Oʻtkir Gʻaniyev", "O'tkir G'aniyev"),
        ("🚀🚀🚀", "Guest"),
        ("ivan_777 <b>", "ivan b"),
        ("", "Guest"),
        ("Anna-Maria O’Neil", "Anna-Maria O'Neil"),
        ("Очень Длинное Имя Человека Которого Нет", "Очень Длинное Имя Человек"),
    ],
)
def test_a_name_is_fit_for_the_open_line(name: str, cleaned: str) -> None:
    """Letters, spaces, hyphens and apostrophes, at most 25 of them; nobody is nameless."""
    assert clean_name(name) == cleaned

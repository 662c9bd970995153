"""The form of a robot's settings, opened by the designer of automation."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from b24app.bitrix24.addresses import Addresses
from b24app.bitrix24.install.wanted import wanted_elements
from b24app.manifest import manifest
from b24app.services import industries
from tests.contract.placements.conftest import Desk

FIELDS = {"UF_CRM_1": {"Id": "UF_CRM_1", "Type": "string", "Name": "Лот <b>"}}


def opened(desk: Desk, code: str, *, template: Any = None, **values: Any) -> str:
    """Open the settings of a rule with its values so far; `template` is what the designer says of the other steps."""
    options = {"code": code, "current_values": values, "document_fields": FIELDS, "template": template}
    return desk.open("robot_settings", PLACEMENT_OPTIONS=json.dumps(options)).text


def test_the_values_so_far_are_shown(desk: Desk) -> None:
    """What the rule holds stands in the form; a property without a value has its default."""
    page = opened(desk, "wait_for_reply_activity", who="buyer", hours="72")
    assert re.findall(r'name="who" value="(\w+)" checked', page) == ["buyer"]
    assert re.findall(r'name="(hours|minutes)" value="(\d+)"', page) == [("hours", "72"), ("minutes", "0")]


def test_what_the_process_fills_in_stays_as_it_was_written(desk: Desk) -> None:
    """A placeholder in the place of a number is shown in a line of text, not lost in a field for numbers."""
    page = opened(desk, "notify_factories", limit="{=Document:UF_CRM_1}", minimum_score="40")
    assert '<input name="limit" value="{=Document:UF_CRM_1}">' in page
    assert 'type="range" name="minimum_score" value="40"' in page


def test_fields_of_the_document_are_offered_for_texts(desk: Desk) -> None:
    """They come by their names, written as text whatever stands in them."""
    page = opened(desk, "send_telegram", text_ru="Лот {lot_number}")
    assert '<option value="{=Document:UF_CRM_1}">Лот &lt;b&gt;</option>' in page
    assert ">Лот {lot_number}</textarea>" in page


@pytest.mark.parametrize("as_list", [True, False])
def test_what_earlier_steps_return_is_offered_for_texts(desk: Desk, as_list: bool) -> None:
    """Each earlier step that returns something stands by its name with its results, however the designer lists them."""
    score = {"Id": "best_score", "Type": "int", "Name": "Лучшая оценка <b>"}
    silent = {"Id": "A3_3", "Type": "x", "Name": "Молчун", "Return": []}
    step = {"Id": "A1_2", "Type": "rest_1", "Name": "Подобрать фабрики", "Return": [score]}
    steps = (
        [step, silent, "nonsense"] if as_list else {"A1_2": {**step, "Return": {"best_score": score}}, "A3_3": silent}
    )
    page = opened(desk, "send_telegram", template={"return_activities": steps})
    offered = page[page.index("<optgroup") : page.index("</optgroup>")]
    assert 'label="Подобрать фабрики"' in offered
    assert '<option value="{=A1_2:best_score}">Лучшая оценка &lt;b&gt;</option>' in offered
    assert "Молчун" not in page


@pytest.mark.parametrize("options", ["[]", "{}", "nonsense", '{"code": "publish_lot"}', '{"code": ["x"]}'])
def test_a_rule_without_settings_here_gets_a_quiet_page(desk: Desk, options: str) -> None:
    """Whatever the designer may send, the page answers in words."""
    answer = desk.open("robot_settings", PLACEMENT_OPTIONS=options)
    assert (answer.status_code, "Здесь нет настроек этого робота" in answer.text) == (200, True)


def test_the_installation_names_the_page() -> None:
    """Robots and activities with a form of ours are registered with its address, the others without one."""
    addresses = Addresses("https://app.example", "page", "server")
    made = wanted_elements(manifest(), industries.pack(), addresses, "ru", "1")
    forms = {one.key: one.payload.get("PLACEMENT_HANDLER") for one in made if one.kind in {"robot", "activity"}}
    own = "https://app.example/placements/page/robot_settings"
    assert forms["robot:notify_factories"] == forms["activity:wait_for_reply_activity"] == own
    assert forms["robot:publish_lot"] is None

"""Values that no honest page sends: every screen and every action answers them in words, never with a fault of ours."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from marshmallow import fields

from b24app.domain.buckets import Bucket
from b24app.services.industries import pack
from storage.models import Person
from telegram_bridge.miniapp import door
from tests.contract.miniapp.conftest import Visitor
from tests.contract.miniapp.market import Market, filled

Visit = Callable[[Person], Visitor]
HUGE = ("9" * 23, str(2**63 - 1))
ZERO = "a\0b"
ASKED = ("q", "before", "skip", "mark", "equipment", "segment", "volume", "unit", "days", "region", "from")
ODD = {fields.Integer: HUGE, fields.Date: ("0001-01-01", "9999-12-31"), fields.String: (ZERO,)}
BOTH_SIDES = ("buyer", "factory")


@pytest.fixture(autouse=True)
def _quick_fingers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(door, "ACTIONS", Bucket(rate=1000.0, burst=100_000))


def _typed(value: str) -> dict[str, str]:
    """Answer every question of every form, parts of points, sums and entries among them, with one value."""
    forms = (*pack().questionnaires.values(), *pack().forms.values())
    given = {}
    for question in (question for form in forms for question in form.questions):
        for end in ("", ".lat", ".lon", ".amount", ".currency", *(f".0.{part.code}" for part in question.questions)):
            given[f"q.{question.code}{end}"] = value
    return given


def _spoilt(form: Any, ids: dict[str, int]) -> Iterator[dict[str, str]]:
    """Give a form with everything right but one number, day or text, for each of them; then with wrong answers to questions."""
    right = filled(form, ids)
    for name, field in form.fields.items():
        for value in next((values for kind, values in ODD.items() if isinstance(field, kind)), ()):
            yield {**right, name: value}
    for value in (HUGE[0], ZERO):
        yield {**right, **_typed(value), "share.1": value, f"share.{2**63}": "1", "files": value, "form": "lot"}


def test_actions_refuse_what_the_database_cannot_hold(market: Market, forms: dict[str, Any], visitor: Visit) -> None:
    """Numbers beyond 64 bits, days at the ends of time and texts with a zero character are refused or cleaned wherever they stand."""
    broken = []
    for name, form in forms.items():
        for who in BOTH_SIDES:
            for given in _spoilt(form, market.ids):
                status = visitor(market.people[who]).act(name, **given).status_code
                if status == 403:
                    break
                if status >= 500:
                    broken.append((name, who, {key: given[key] for key in given if not key.startswith("q.")}))
    assert broken == []


def test_drafts_take_what_the_database_cannot_hold(market: Market, visitor: Visit) -> None:
    """Every step of a form is saved, and every screen of it opened, whatever was typed into its fields."""
    broken = []
    there = visitor(market.people["buyer"])
    for section in pack().form("lot").sections:
        for value in (*HUGE, "²", ZERO):
            for action in ("save_draft", "next_step"):
                kept = there.act(action, form="lot", step=section.code, **_typed(value))
                shown = there.get(f"/app/form/lot/{section.code}?faults")
                if kept.status_code >= 500 or shown.status_code != 200:
                    broken.append((action, section.code, value, kept.status_code, shown.status_code))
    assert broken == []


def _odd_addresses(rule: str, ids: dict[str, int]) -> Iterator[str]:
    """Give the address of a screen with numbers and names that nothing has, then with questions that make no sense."""
    if "<" in rule:
        for number, text in (("9" * 23, "a%00b"), (str(2**63 - 1), f"offer:{2**63}"), ("1", "lot:x")):
            yield re.sub(r"<\w+>", text, re.sub(r"<int:\w+>", number, rule))
    there = re.sub(r"<(?:int:)?(\w+)>", lambda found: str(ids.get(found[1], "lot")), rule)
    for value in (str(2**63), "a%00b"):
        yield f"{there}?{'&'.join(f'{name}={value}' for name in ASKED)}"
    for cursor in (f"{'9' * 19}.1", f"1.{'9' * 19}", "².²") if "catalogue" in rule else ():
        yield f"{there}?after={cursor}"


def test_screens_answer_whatever_is_asked_for(market: Market, web: Flask, visitor: Visit) -> None:
    """A number beyond 64 bits names nothing, a zero character finds nothing, and a filter without sense is passed over or refused."""
    broken = []
    rules = [rule.rule for rule in web.url_map.iter_rules() if "GET" in (rule.methods or set())]
    for rule in (rule for rule in rules if rule.startswith("/app/")):
        for who in BOTH_SIDES:
            for path in _odd_addresses(rule, market.ids):
                status = visitor(market.people[who]).get(path).status_code
                if status == 403:
                    break
                if status >= 500:
                    broken.append((path, who, status))
    assert broken == []


def test_a_number_that_nothing_can_have_is_not_found(market: Market, visitor: Visit) -> None:
    """A screen of one thing answers a number beyond 64 bits as it answers any other that is not there."""
    told = {
        (who, path): visitor(market.people[who]).get(f"/app/{path}/{'9' * 23}").status_code
        for who, paths in (("buyer", ("lots", "orders", "chats", "catalogue", "numbers")), ("factory", ("tenders",)))
        for path in paths
    }
    assert set(told.values()) == {404}, told


def test_a_text_in_place_of_a_file_is_no_file(market: Market, visitor: Visit) -> None:
    """A text where a file belongs, or a name with a zero character, is answered in words."""
    there = visitor(market.people["buyer"])
    as_text = there.client.post("/app/files", data={"file": "words"}, headers=there.headers)
    odd = {"file": (io.BytesIO(b"words"), "a\0b.txt")}
    as_file = there.client.post("/app/files", data=odd, headers=there.headers)
    assert (as_text.status_code, as_file.status_code) == (422, 201)


def test_an_entry_that_is_no_object_is_refused(visitor: Visit, web: Flask) -> None:
    """Launch data in a list, as a number or with a zero character open nothing and break nothing."""
    client = web.test_client()
    for sent in ([], [1], 5, "x", {"init_data": 5}, {"init_data": "a\0b=1"}, {"init_data": ["x"]}):
        assert client.post("/app/session", json=sent).status_code in {401, 422}, sent


def test_a_refusal_speaks_the_readers_language_and_names_the_field(market: Market, visitor: Visit) -> None:
    """A number that nothing can have leads to a page in Uzbek with a heading; a percent that is none is marked where it was typed."""
    there = visitor(market.people["factory"])
    page = there.get(f"/app/orders/{HUGE[0]}")
    assert (page.status_code, "<h1" in page.text, "Bu yerda hech narsa" in page.text) == (404, True, True)
    for percent in ("101", "-5", "", "half"):
        told = there.act("report_progress", order_id=str(market.ids["order_id"]), step="sewing", percent=percent)
        assert (told.status_code, list(told.get_json()["fields"])) == (422, ["percent"])


def test_an_empty_file_is_called_empty(market: Market, visitor: Visit) -> None:
    """A file of no bytes is refused for that, not for its kind."""
    there = visitor(market.people["factory"])
    sent = {"file": (io.BytesIO(b""), "guvohnoma.pdf")}
    told = there.client.post("/app/files", data=sent, headers=there.headers, content_type="multipart/form-data")
    assert (told.status_code, told.get_json()["message"]) == (422, "Fayl boʻsh.")

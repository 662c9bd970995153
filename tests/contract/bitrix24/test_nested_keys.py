"""Keys inside of `fields`, `filter`, `order` and `select`: each documented one counts, an unknown one as documented."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from sandbox.contract import method_facts
from tests.sandbox.portal.conftest import InstalledApp, with_every_scope

PICTURE = {"fileData": ["a.gif", "R0lGODlh"]}
DAY = "2030-05-06"
SPA_FLAGS = ["isStagesEnabled", "isCategoriesEnabled", "isClientEnabled", "isBeginCloseDatesEnabled", "isSourceEnabled"]
SPA_FLAGS += ["isLinkWithProductsEnabled", "isMycompanyEnabled", "isObserversEnabled"]
CLASSIC = ["lead", "deal", "contact", "company"]
VARIANTS = [("Lead", 1), ("Deal", 2), ("Contact", 3), ("Company", 4), ("Estimate", 7), ("Invoice", 31), ("SPA", 0)]
# Links are told by methods of their own, TRACE becomes marks of a visit, pipelines and names of properties are made up.
NOT_READ_BACK = frozenset(
    ["CONTACT_IDS", "COMPANY_IDS", "CONTACT_ID", "TRACE", "CATEGORY_ID", "categoryId", "propertyN"]
)
# Sections, and what belongs to sold content and is shown in lists only.
NOT_IN_GET = frozenset(
    ["IblockSection", "barcodeMulti", "recurSchemeLength", "recurSchemeType", "trialPriceId", "withoutOrder"]
)
# Lists of whole objects: their contents are filtered by through other fields.
WHOLE_OBJECTS = frozenset(["fm", "contacts"])


@pytest.fixture(scope="module")
def app() -> Iterator[InstalledApp]:
    """A portal with one of everything that fields lead to."""
    with with_every_scope() as installed:
        for kind in ("lead", "contact", "company", "deal", "quote"):
            installed.call(f"crm.{kind}.add", {"fields": {"TITLE": "x", "NAME": "x"}})
        yield installed


@pytest.fixture(scope="module")
def spa(app: InstalledApp) -> int:
    """A smart process with everything switched on."""
    fields = {"title": "Lots", **dict.fromkeys(SPA_FLAGS, "Y")}
    return int(app.call("crm.type.add", {"fields": fields})["type"]["entityTypeId"])


def value(app: InstalledApp, name: str, rule: dict[str, Any], described: dict[str, Any]) -> Any:
    """Something that fits a documented field; everything made for the fixture has number 1."""
    kind = (rule.get("types") or ["string"])[0]
    if rule.get("enum"):
        return rule["enum"][-1]
    if kind.startswith("crm_multifield"):
        return _reached(name)
    if kind == "crm_status":
        rows = app.call("crm.status.list", {"filter": {"ENTITY_ID": described["statusType"]}})
        return rows[-1]["STATUS_ID"]
    if kind == "file" or name.endswith("Picture"):
        return PICTURE
    many = kind.endswith("[]") or bool(described.get("isMultiple"))
    return [_plain(kind)] if many else _plain(kind)


def _reached(name: str) -> list[dict[str, str]]:
    if name == "fm":
        return [{"typeId": "PHONE", "valueType": "WORK", "value": "+998901112233"}]
    return [{"VALUE": "+998901112233" if name == "PHONE" else "x@example.com", "VALUE_TYPE": "WORK"}]


def _plain(kind: str) -> Any:
    base = kind.removesuffix("[]")
    if base in {"integer", "location"} or base.startswith("catalog_"):
        return 7
    if base == "user" or base.startswith("user."):
        return 2
    known = {"double": 12.5, "date": DAY, "datetime": f"{DAY}T10:00:00+03:00", "crm_currency": "USD"}
    known |= {"boolean": "Y", "char": "Y"}
    return known.get(base, 1 if base.startswith("crm_") else "Value")


def kept(sent: Any, found: Any) -> bool:
    """Whether a value came back, in whatever type the family prints."""
    if isinstance(sent, dict) or (isinstance(sent, list) and isinstance(sent[0], dict)):
        return bool(found)
    if isinstance(sent, list):
        return [str(item) for item in sent] == [str(item) for item in found or ()]
    if str(sent).startswith(DAY):
        return str(found).startswith(DAY)
    if isinstance(sent, int | float):
        return found not in {None, ""} and float(found) == float(sent)
    return str(found) == str(sent)


def lost(app: InstalledApp, table: dict[str, Any], described: dict[str, Any], send: Any) -> list[str]:
    """The documented fields that do not come back. `send` takes fields and gives the object that they made."""
    told = [name for name in table if "..." not in name and name not in NOT_READ_BACK | NOT_IN_GET]
    missing = []
    for name in told:
        sent = value(app, name, table[name], described.get(name, {}))
        found = send({name: sent}).get(name)
        if not kept(sent, found):
            missing.append(f"{name}={sent!r} came back as {found!r}")
    assert "NONSENSE" not in send({"NONSENSE": 1, "nonsense": 1})
    return missing


@pytest.mark.parametrize("kind", CLASSIC)
def test_classic_methods_keep_what_they_document(app: InstalledApp, kind: str) -> None:
    """Every documented field of add and update of leads, deals, contacts and companies is read back by get."""
    described = app.call(f"crm.{kind}.fields")
    label = {"NAME" if kind == "contact" else "TITLE": "x"}
    number = app.call(f"crm.{kind}.add", {"fields": label})

    def add(fields: dict[str, Any]) -> Any:
        made = app.call(f"crm.{kind}.add", {"fields": {**label, **fields}, "params": {"IMPORT": "Y"}})
        return app.call(f"crm.{kind}.get", {"id": made})

    def update(fields: dict[str, Any]) -> Any:
        app.call(f"crm.{kind}.update", {"id": number, "fields": fields})
        return app.call(f"crm.{kind}.get", {"id": number})

    for verb, send in (("add", add), ("update", update)):
        table = method_facts("bitrix24", f"crm.{kind}.{verb}")["params"]["fields"]["params"]
        assert lost(app, table, described, send) == [], verb


@pytest.mark.parametrize(("variant", "number"), VARIANTS)
def test_items_keep_what_is_documented_for_their_kind(app: InstalledApp, spa: int, variant: str, number: int) -> None:
    """Every documented field of crm.item.add and update comes back in the answer, for every kind of object."""
    place = {"entityTypeId": number or spa}
    described = app.call("crm.item.fields", place)["fields"]
    item = app.call("crm.item.add", {**place, "fields": {}})["item"]["id"]
    for verb, more in (("add", {}), ("update", {"id": item})):
        table = method_facts("bitrix24", f"crm.item.{verb}")["params"]["fields"]["params"]["_variants"][variant]

        def send(fields: dict[str, Any], verb: str = verb, more: dict[str, Any] = more) -> Any:
            return app.call(f"crm.item.{verb}", {**place, **more, "fields": fields})["item"]

        assert lost(app, table, described, send) == [], verb


@pytest.mark.parametrize(("family", "catalogue"), [("product", 23), ("product.sku", 23), ("product.offer", 24)])
def test_products_keep_what_is_documented_for_their_kind(app: InstalledApp, family: str, catalogue: int) -> None:
    """Every documented field of a product, a parent and a variation comes back in the answer."""
    name = f"catalog.{family}.add"
    table = {**method_facts("bitrix24", name)["params"]["fields"]["params"]}
    for made_up in ("iblockId", "parentId"):
        table.pop(made_up, None)
    base = {"iblockId": catalogue, "name": "x"}

    def send(fields: dict[str, Any]) -> Any:
        return next(iter(app.call(name, {"fields": {**base, **fields}}).values()))

    assert lost(app, table, {}, send) == []


@pytest.mark.parametrize("number", [1, 2, 3, 4, 7, 31, 0])
def test_every_field_can_be_filtered_and_ordered_by(app: InstalledApp, spa: int, number: int) -> None:
    """crm.item.list takes every described field that can be compared, and refuses what is none."""
    place = {"entityTypeId": number or spa}
    described = app.call("crm.item.fields", place)["fields"]
    wrong = []
    for name, facts in ((name, described[name]) for name in described if name not in WHOLE_OBJECTS):
        asked: dict[str, Any] = {**place, "filter": {name: 1}, "order": {name: "DESC"}, "select": ["id", name]}
        if facts["type"] in {"file", "crm_multifield"} or facts["isMultiple"]:
            del asked["order"]
        answer = app.portal.as_app(app.token, "crm.item.list", asked)
        if answer.status_code != 200:
            wrong.append((name, facts["type"], answer.json()))
    assert wrong == []
    for part in ({"filter": {"nonsense": 1}}, {"order": {"nonsense": "ASC"}}):
        answer = app.portal.as_app(app.token, "crm.item.list", {**place, **part})
        assert (answer.status_code, answer.json()["error"]) == (400, "INVALID_ARG_VALUE")


@pytest.mark.parametrize("kind", CLASSIC)
def test_classic_lists_pass_over_what_they_do_not_know(app: InstalledApp, kind: str) -> None:
    """Every described field can be filtered by; an unknown one changes nothing."""
    for name in app.call(f"crm.{kind}.fields"):
        app.call(f"crm.{kind}.list", {"filter": {name: 1}, "select": ["ID", name]})
    everything = app.call(f"crm.{kind}.list")
    assert app.call(f"crm.{kind}.list", {"filter": {"NONSENSE": 1}, "select": ["*", "NONSENSE"]}) == everything

"""`crm.*.contact.*` and `crm.contact.company.*`: links of one item with several contacts or companies."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

from sandbox.contract import method_facts
from sandbox.portal import validation
from sandbox.portal.call import Call, is_yes, to_int, to_map
from sandbox.portal.crm import access, items, types
from sandbox.portal.crm.types import EntityType
from sandbox.portal.errors import RestError
from sandbox.portal.registry import method
from sandbox.portal.store import Row


@dataclass(frozen=True, slots=True)
class Link:
    """One family: owner kind, name of the other side, keys in the item, key in requests."""

    owner: EntityType
    other: str
    many: str
    main: str | None
    request_key: str

    @property
    def sorts(self) -> str:
        """Where an item keeps the order numbers of its links."""
        return f"{self.many}Sort"


LINKS = (
    Link(types.SYSTEM[types.DEAL], "contact", "contactIds", "contactId", "CONTACT_ID"),
    Link(types.SYSTEM[types.LEAD], "contact", "contactIds", "contactId", "CONTACT_ID"),
    Link(types.SYSTEM[types.QUOTE], "contact", "contactIds", "contactId", "CONTACT_ID"),
    Link(types.SYSTEM[types.COMPANY], "contact", "contactIds", None, "CONTACT_ID"),
    Link(types.SYSTEM[types.CONTACT], "company", "companyIds", "companyId", "COMPANY_ID"),
)


def _owner(call: Call, link: Link) -> Row:
    number = call.integer("id")
    # One page of this family documents its refusals with status 200.
    facts = method_facts("bitrix24", call.method)
    status = 200 if {"code": "", "status": 200} in facts.get("errors", ()) else 400
    if number < 1:
        raise RestError("", "The parameter 'ownerEntityID' is invalid or not defined.", status)
    row = items.find(call.portal, link.owner, number)
    if row is None and access.level(call) != "none":
        raise RestError("", "Not found.", status)
    if row is None or not access.allows(call, row):
        code, status = validation.documented(facts, ("ACCESS_DENIED",), ("", 400))
        raise RestError(code, "Access denied!" if code else "Access denied.", status)
    return row


def _target(call: Call, link: Link) -> tuple[int, dict[str, Any]]:
    sent = call.get("fields")
    if not isinstance(sent, dict):
        raise RestError("", "The parameter 'fields' must be array.", 400)
    given = {str(key).upper(): value for key, value in sent.items()}
    number = to_int(given.get(link.request_key))
    if number <= 0:
        raise RestError("", "The parameter 'fields' is not valid.", 400)
    return number, given


class Bundle(NamedTuple):
    """All links of an item: numbers, their order, the main one."""

    ids: list[int]
    sorts: dict[str, int]
    main: int | None


def _store(call: Call, link: Link, row: Row, bundle: Bundle) -> None:
    ordered = sorted(bundle.ids, key=lambda number: bundle.sorts[str(number)])
    values: Row = {link.many: ordered, link.sorts: bundle.sorts}
    if link.main:
        values[link.main] = bundle.main if bundle.main in ordered else (ordered[0] if ordered else 0)
    items.update(call.portal, link.owner, row, values, call.actor)


def _sorts(link: Link, row: Row) -> dict[str, int]:
    known = row.get(link.sorts) or {}
    ids = row.get(link.many) or ()
    return {str(number): int(known.get(str(number), 10 * place)) for place, number in enumerate(ids, start=1)}


def _main(link: Link, row: Row) -> int | None:
    ids = row.get(link.many) or []
    return row.get(link.main) if link.main else (ids[0] if ids else None)


def add_link(call: Call, link: Link) -> bool:
    """Links one more; False when it is linked already."""
    row = _owner(call, link)
    number, given = _target(call, link)
    ids = list(row.get(link.many) or ())
    if number in ids:
        return False
    sorts = _sorts(link, row)
    sorts[str(number)] = to_int(given.get("SORT")) or max(sorts.values(), default=0) + 10
    main = number if is_yes(given.get("IS_PRIMARY")) else _main(link, row)
    _store(call, link, row, Bundle([*ids, number], sorts, main))
    return True


def delete_link(call: Call, link: Link) -> bool:
    """Unlinks one; False when it is not linked."""
    row = _owner(call, link)
    number, _given = _target(call, link)
    ids = list(row.get(link.many) or ())
    if number not in ids:
        return False
    ids.remove(number)
    _store(call, link, row, Bundle(ids, _sorts(link, row), _main(link, row)))
    return True


def get_links(call: Call, link: Link) -> list[dict[str, Any]]:
    """All links in their order."""
    row = _owner(call, link)
    sorts, main = _sorts(link, row), _main(link, row)
    return [
        {
            link.request_key: number,
            "SORT": sorts[str(number)],
            "ROLE_ID": 0,
            "IS_PRIMARY": "Y" if number == main else "N",
        }
        for number in row.get(link.many) or ()
    ]


def set_links(call: Call, link: Link) -> bool:
    """Replaces all links."""
    row = _owner(call, link)
    sent = call.get("items")
    if not isinstance(sent, list | dict):
        raise RestError("", "The parameter items must be array.", 400)
    ids: list[int] = []
    sorts: dict[str, int] = {}
    main: int | None = None
    for place, item in enumerate(to_map(sent).values()):
        given = {str(key).upper(): value for key, value in to_map(item).items()}
        number = to_int(given.get(link.request_key))
        if number <= 0 or number in ids:
            continue
        ids.append(number)
        sorts[str(number)] = to_int(given.get("SORT")) or (place + 1) * 10
        if main is None and is_yes(given.get("IS_PRIMARY")):
            main = number
    _store(call, link, row, Bundle(ids, sorts, main or (ids[0] if ids else None)))
    return True


def clear_links(call: Call, link: Link) -> bool:
    """Removes all links."""
    _store(call, link, _owner(call, link), Bundle([], {}, None))
    return True


def describe_link(_call: Call, link: Link) -> dict[str, Any]:
    """Descriptions of the fields of a link."""
    kinds = {link.request_key: "integer", "SORT": "integer", "IS_PRIMARY": "char"}
    return {
        name: {
            "type": kind,
            "isRequired": name == link.request_key,
            "isReadOnly": False,
            "isImmutable": False,
            "isMultiple": False,
            "isDynamic": False,
            "title": name,
        }
        for name, kind in kinds.items()
    }


VERBS: dict[str, Callable[[Call, Link], Any]] = {
    "add": add_link,
    "delete": delete_link,
    "fields": describe_link,
    "items.get": get_links,
    "items.set": set_links,
    "items.delete": clear_links,
}


def _register(link: Link, verb: str, act: Callable[[Call, Link], Any]) -> None:
    @method(f"crm.{link.owner.name.lower()}.{link.other}.{verb}", validate=False)
    def handler(call: Call) -> Any:
        return act(call, link)


for _link in LINKS:
    for _verb, _act in VERBS.items():
        _register(_link, _verb, _act)

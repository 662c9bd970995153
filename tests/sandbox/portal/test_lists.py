"""Filters, order, select and paging of list methods."""

from __future__ import annotations

from typing import Any

import pytest

from tests.sandbox.portal.conftest import Running


@pytest.fixture
def filled(portal: Running) -> Running:
    """A portal with 120 deals: amounts 1…120, every third won, two named by hand."""
    titles = {1: "mole", 2: "MOLAR"}
    commands = [
        f"crm.deal.add?fields[TITLE]={titles.get(n, f'Deal {n}')}&fields[OPPORTUNITY]={n}"
        f"&fields[STAGE_ID]={'WON' if n % 3 == 0 else 'NEW'}&fields[ORIGIN_ID]=o{n}"
        for n in range(1, 121)
    ]
    for start in (0, 50, 100):
        portal.call("batch", {"cmd": commands[start : start + 50]})
    return portal


def ids(portal: Running, **params: Any) -> list[int]:
    """Numbers of the deals on one page of crm.item.list."""
    listed = portal.call("crm.item.list", {"entityTypeId": 2, "select": ["id"], **params})["items"]
    return [item["id"] for item in listed]


def test_paging(filled: Running) -> None:
    """Pages of 50 with next and total; start=-1 without both."""
    first = filled.send("crm.deal.list", {"select": ["ID"]}).json()
    assert (len(first["result"]), first["next"], first["total"]) == (50, 50, 120)
    last = filled.send("crm.deal.list", {"start": 100}).json()
    assert (len(last["result"]), last["total"]) == (20, 120)
    assert "next" not in last
    scan = filled.send("crm.deal.list", {"start": -1, "filter": {">ID": 30}, "order": {"ID": "ASC"}}).json()
    assert [row["ID"] for row in scan["result"]] == [str(n) for n in range(31, 81)]
    assert not {"next", "total"} & scan.keys()


@pytest.mark.parametrize(
    ("conditions", "expected"),
    [
        ({"id": 5}, [5]),
        ({"@id": [7, 5, 999]}, [5, 7]),
        ({">=opportunity": 119}, [119, 120]),
        ({">opportunity": 118, "!opportunity": 119}, [120]),
        ({"<opportunity": 3}, [1, 2]),
        ({"%title": "mol"}, [1, 2]),
        ({"=%title": "mol%"}, [1, 2]),
        ({"%=title": "%e"}, [1]),
        ({"!%title": "deal"}, [1, 2]),
        ({"!=%title": "Deal%"}, [1, 2]),
        ({"originId": "o9", "stageId": "WON"}, [9]),
        ({"!@stageId": ["NEW"], "<id": 7}, [3, 6]),
        ({"logic": "OR", "0": {"id": 1}, "1": {"id": 4, "stageId": "NEW"}}, [1, 4]),
        ({"0": {"logic": "OR", "0": {"title": "mole"}, "1": {"originId": "o3"}}}, [1, 3]),
        ({">createdTime": "2999-01-01"}, []),
    ],
)
def test_filters(filled: Running, conditions: dict[str, Any], expected: list[int]) -> None:
    """Every documented prefix and logic group selects what it says."""
    assert ids(filled, filter=conditions) == expected


def test_order(filled: Running) -> None:
    """Items come in the asked order, by several fields."""
    assert ids(filled, order={"id": "DESC"})[:2] == [120, 119]
    assert ids(filled, order={"stageId": "DESC", "opportunity": "ASC"})[:2] == [3, 6]


def test_unknown_names(filled: Running) -> None:
    """Universal lists refuse unknown names and directions; classic ones pass them over."""
    for params in ({"filter": {"nothing": 1}}, {"order": {"nothing": "ASC"}}, {"order": {"id": "UP"}}):
        assert filled.refused("crm.item.list", {"entityTypeId": 2, **params}) == (400, "INVALID_ARG_VALUE")
    assert filled.send("crm.deal.list", {"filter": {"NOTHING": 1}}).json()["total"] == 120


def test_upper_case_reading(filled: Running) -> None:
    """Upper-case names in crm.item.list are taken or refused as the reading says."""
    assert ids(filled, filter={">ID": 119}) == [120]
    filled.control("readings", {"item_upper_case_names": "refused"})
    assert filled.refused("crm.item.list", {"entityTypeId": 2, "filter": {"ID": 1}}) == (400, "INVALID_ARG_VALUE")


def test_select(filled: Running) -> None:
    """Classic select knows `*` and `UF_*`; without select there are no user fields."""
    filled.call("crm.deal.userfield.add", {"fields": {"FIELD_NAME": "LOT", "USER_TYPE_ID": "string"}})
    filled.call("crm.deal.update", {"id": 1, "fields": {"UF_CRM_LOT": "L1"}})
    one = {"filter": {"ID": 1}}
    assert "UF_CRM_LOT" not in filled.call("crm.deal.list", one)[0]
    assert filled.call("crm.deal.list", {**one, "select": ["UF_*"]}) == [{"ID": "1", "UF_CRM_LOT": "L1"}]
    assert filled.call("crm.deal.list", {**one, "select": ["TITLE"]}) == [{"ID": "1", "TITLE": "mole"}]
    assert filled.call("crm.deal.list", {"filter": {"UF_CRM_LOT": "L1"}, "select": ["ID"]}) == [{"ID": "1"}]


def test_wrong_containers(filled: Running) -> None:
    """A filter that is no map is refused in the classic words."""
    answer = filled.send("crm.deal.list", {"filter": "x"})
    assert answer.json() == {"error": "", "error_description": "Parameter 'filter' must be array."}


def test_departments_are_sorted_by_one_name_and_filtered_by_another(portal: Running) -> None:
    """`sort` in small letters is the order of departments, `SORT` in capitals a field of theirs."""
    portal.call("department.add", {"NAME": "Аудит", "PARENT": 1, "SORT": 10})
    names = [row["NAME"] for row in portal.call("department.get", {"sort": "NAME", "order": "DESC"})]
    assert names == sorted(names, reverse=True)
    assert [row["NAME"] for row in portal.call("department.get", {"sort": "NAME", "SORT": 10})] == ["Аудит"]
    assert portal.call("department.get", {"sort": "ID", "SORT": "ID", "start": -1}) == []
    assert [row["NAME"] for row in portal.call("department.get", {"SORT": "NAME", "ORDER": "DESC"})] == names


def test_start_names_a_page(filled: Running) -> None:
    """A start between two pages means the page that it lies in."""
    first = filled.send("crm.deal.list", {"select": ["ID"]}).json()
    assert filled.send("crm.deal.list", {"select": ["ID"], "start": 1}).json()["result"] == first["result"]
    assert filled.send("user.get", {"start": 1}).json()["result"] == filled.send("user.get").json()["result"]


def test_the_top_of_the_company_has_no_department_above(portal: Running) -> None:
    """Asked for departments under none, a portal answers with the one at the top."""
    (top,) = portal.call("department.get", {"PARENT": 0})
    assert "PARENT" not in top


def test_rows_of_products_are_ordered_in_either_spelling(portal: Running) -> None:
    """Clients that write ID in upper case are understood in lists of product rows as in those of items."""
    deal = portal.call("crm.deal.add", {"fields": {"TITLE": "x"}})
    row = {"ownerId": deal, "ownerType": "D", "productName": "Cotton", "price": 1}
    number = portal.call("crm.item.productrow.add", {"fields": row})["productRow"]["id"]
    wanted = {"order": {"ID": "ASC"}, "filter": {"=ownerId": deal, "=ownerType": "D", "ID": number}}
    assert [one["id"] for one in portal.call("crm.item.productrow.list", wanted)["productRows"]] == [number]

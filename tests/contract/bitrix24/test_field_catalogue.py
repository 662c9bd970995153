"""The gateway's knowledge of the portal's fields: fresh enough, and no fresher."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from b24app.bitrix24.client import Answer, Command
from b24app.bitrix24.connection import Connection
from b24app.bitrix24.field_catalogue import KeptCatalogue, read_catalogue
from tests.contract.bitrix24.conftest import Deployment

NEW = ("lead", "UF_CRM_MP_MADE_LATER")


def test_a_field_made_a_moment_ago_is_noticed(installed: Deployment) -> None:
    """A wanted field that is missing is asked for again after a short while, and found once it was made."""
    now = [0.0]
    kept = KeptCatalogue(clock=lambda: now[0])
    connection = Connection(installed.client, installed.keeper, installed.portal_id())
    assert not kept.get(installed.portal_id(), connection).has(*NEW)
    installed.call("crm.lead.userfield.add", {"fields": {"FIELD_NAME": NEW[1], "USER_TYPE_ID": "string"}})
    assert not kept.get(installed.portal_id(), connection, [NEW]).has(*NEW)
    now[0] = 21.0
    assert kept.get(installed.portal_id(), connection, [NEW]).has(*NEW)


def test_options_are_known_by_our_codes(installed: Deployment) -> None:
    """A choice is written by the portal's id of the option, found by our code whatever an administrator renamed."""
    connection = Connection(installed.client, installed.keeper, installed.portal_id())
    catalogue = KeptCatalogue().get(installed.portal_id(), connection)
    ids = catalogue.option_ids("company", "UF_CRM_MP_PUBLICATION_STATUS")
    assert set(ids) == {"hidden", "unverified_visible", "published", "suspended"}
    assert len(set(ids.values())) == 4


class ManyChoices(Connection):
    """A portal on which leads have more choices than one page holds."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, Any]] = []

    def batch(self, commands: Sequence[Command], *, halt: bool = False) -> list[Answer]:
        """Answer every command; the leads' choices with a further page."""
        self.calls.append(("batch", len(commands)))
        return [
            Answer({"fields": {}}) if command.method == "crm.item.fields" else self._page(command.method)
            for command in commands
        ]

    def call(self, method: str, params: Mapping[str, Any] | None = None) -> Answer:
        """Give the second page."""
        self.calls.append((method, (params or {})["start"]))
        return Answer([{"FIELD_NAME": "SECOND", "LIST": [{"XML_ID": "b", "ID": "2"}]}])

    def _page(self, method: str) -> Answer:
        more = 50 if method == "crm.lead.userfield.list" else None
        return Answer([{"FIELD_NAME": "FIRST", "LIST": [{"XML_ID": "a", "ID": "1"}]}], next=more)


def test_the_catalogue_costs_one_call_and_one_for_each_further_page() -> None:
    """Fields and choices of all objects come in one batch; choices behind the first page are fetched as well."""
    portal = ManyChoices()
    catalogue = read_catalogue(portal, {})
    assert portal.calls == [("batch", 8), ("crm.lead.userfield.list", 50)]
    assert catalogue.option_ids("lead", "SECOND") == {"b": "2"}
    assert catalogue.option_ids("deal", "FIRST") == {"a": "1"}

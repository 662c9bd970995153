"""The gateway's knowledge of the portal's fields: fresh enough, and no fresher."""

from __future__ import annotations

from b24app.bitrix24.connection import Connection
from b24app.bitrix24.field_catalogue import KeptCatalogue
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

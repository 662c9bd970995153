"""The tab on an item of the smart process of disputes."""

from __future__ import annotations

from tests.contract.placements.conftest import Desk


def test_the_shell_says_what_is_not_done_by_itself(desk: Desk) -> None:
    """It opens on an item made by hand, names the steps of the portal's own bar, promises nothing and offers no button."""
    answer = desk.open("dispute_tab", "15", AUTH_ID="token-of-manager")
    assert answer.status_code == 200
    assert "пока не открывает и не решает споры сама" in answer.text
    assert answer.text.index("Доказательства") < answer.text.index("Экспертиза") < answer.text.index("Исполнен")
    assert "hx-post" not in answer.text


def test_the_shell_belongs_to_its_process_alone(desk: Desk) -> None:
    """The page of disputes does not open on items of the process of audits."""
    other = desk.open("audit_tab", "15")
    assert (other.status_code, "споры" in other.text) == (200, False)
    assert desk.open("dispute_tab", "15", PLACEMENT="CRM_DYNAMIC_1030_DETAIL_TAB").status_code == 403

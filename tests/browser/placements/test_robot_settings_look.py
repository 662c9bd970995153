"""The settings of robots in the designer's slider: what is chosen goes into the rule, at a phone's and a desk's width."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import FilePayload

from sandbox.visitors import until
from tests.browser.placements.conftest import Opened
from tests.browser.placements.test_look import broken_rules

Open = Callable[..., Opened]


def told(tab: Opened) -> dict[str, Any]:
    """Give what the designer was told last."""
    heard = tab.heard("setPropertyValue")
    return heard[-1] if heard else {}


def wait_for(tab: Opened, **values: str) -> None:
    """Wait until the designer knows these values."""
    until(f"the rule to hold {values}", lambda: values.items() <= told(tab).items(), 10)


@pytest.mark.parametrize("look", [("ru", False, 1180), ("uz", True, 320)])
def test_what_is_chosen_goes_into_the_rule(opened: Open, look: tuple[str, bool, int]) -> None:
    """Choices, numbers, lengths of time and texts reach the designer as properties of the robot; nothing leaves its frame."""
    language, dark, width = look
    name = f"{language}-{'dark' if dark else 'light'}-{width}"
    tab = opened("robot_settings", "notify_factories", width=width, dark=dark, language=language)
    wait_for(tab, limit="0", minimum_score="0")
    tab.app.locator("input[name=all][value=no]").check()
    tab.app.locator("input[name=limit]").fill("25")
    tab.app.locator("input[name=minimum_score]").fill("60")
    wait_for(tab, limit="25", minimum_score="60")
    tab.picture(f"robot-notify-{name}")
    assert (tab.overflow() <= 0, tab.faults, broken_rules(tab)) == (True, [], [])
    tab = opened("robot_settings", "wait_for_reply", width=width, dark=dark, language=language)
    tab.app.locator("[data-hours='72']").click()
    tab.app.locator("input[name=who][value=any]").check()
    wait_for(tab, who="any", hours="72", minutes="0")
    tab.picture(f"robot-wait-{name}")
    assert (tab.overflow() <= 0, tab.faults, broken_rules(tab)) == (True, [], [])
    tab = opened("robot_settings", "send_telegram", width=width, dark=dark, language=language)
    tab.app.locator("[name=text_ru]").fill("Лот № ")
    tab.app.locator("[data-put='{lot_number}']").click()
    tab.app.locator("select[data-put-chosen]").select_option("{=Document:TITLE}")
    wait_for(tab, to="buyer", text_ru="Лот № {lot_number}{=Document:TITLE}", text_uz="", button="none", file="")
    tab.app.locator("[name=to][value=representative]").check()
    tab.app.locator("[name=button][value=item]").check()
    tab.app.locator("#do-add_rule_file").set_input_files(
        FilePayload(name="prays-list.pdf", mimeType="application/pdf", buffer=b"%PDF-1.4")
    )
    tab.app.locator("#section-rule_file a").wait_for()
    wait_for(tab, to="representative", button="item")
    given = tab.app.locator("input[name=file]").input_value()
    wait_for(tab, file=given)
    tab.picture(f"robot-send-{name}")
    assert (tab.overflow() <= 0, tab.faults, broken_rules(tab)) == (True, [], [])
    tab.app.locator("[data-without-file]").click()
    wait_for(tab, file="")

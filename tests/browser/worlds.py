"""People at the pages of the stand-in worlds: a phone with Telegram, a desk with the portal.

Used by the story. They do what a person does: press what is shown and wait for words; they never sleep.
"""

from __future__ import annotations

import re
from pathlib import Path

from playwright.sync_api import Browser, FrameLocator, Locator, Page, expect

PATIENCE = 60_000


class TelegramPhone:
    """A person's Telegram on a phone: the chat with the bot, and the Mini App over it."""

    def __init__(self, browser: Browser, telegram: str, person_id: int, *, dark: bool = False) -> None:
        context = browser.new_context(
            viewport={"width": 390, "height": 800}, device_scale_factor=2, color_scheme="dark" if dark else "light"
        )
        self.page: Page = context.new_page()
        self.page.set_default_timeout(PATIENCE)
        self.faults: list[str] = []
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        self.page.goto(f"{telegram}/?people={person_id}")

    @property
    def app(self) -> FrameLocator:
        """The Mini App's document."""
        return self.page.frame_locator("iframe.app__frame")

    def open_chat(self, title: str) -> None:
        """Open a chat of the list."""
        if self.page.locator(".chat .back").is_visible():
            self.page.locator(".chat .back").click()
        self.page.locator(".chats__item", has_text=title).click()

    def start(self) -> None:
        """Press the start button of the bot's chat."""
        self.page.locator("button.start").click()

    def press_key(self, words: str) -> None:
        """Press a button under the newest message that has one of these words."""
        self.page.locator(".key", has_text=words).last.click()

    def read(self, words: str | re.Pattern[str]) -> Locator:
        """Wait for a message with these words."""
        found = self.page.locator(".message", has_text=words).last
        expect(found).to_be_visible(timeout=PATIENCE)
        return found

    def say(self, words: str) -> None:
        """Write a message."""
        self.page.locator("textarea.input").fill(words)
        self.page.locator("textarea.input").press("Enter")

    def press(self) -> None:
        """Press the big button below the Mini App."""
        self.page.locator(".app__button--main:not([disabled])").click()

    def view(self, name: str) -> Locator:
        """Wait for a screen of the Mini App."""
        found = self.app.locator(f'[data-view="{name}"]')
        found.wait_for()
        return found

    def close_app(self) -> None:
        """Close the Mini App."""
        self.page.get_by_role("button", name="Close Mini App").click()
        expect(self.page.locator("iframe.app__frame")).to_have_count(0)

    def picture(self, path: Path) -> None:
        """Keep what the phone shows."""
        path.parent.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=path, animations="disabled")


class PortalDesk:
    """An employee at the portal's pages, the administrator unless somebody else signed in."""

    def __init__(self, browser: Browser, portal: str) -> None:
        self.portal = portal
        self.page: Page = browser.new_context(viewport={"width": 1280, "height": 860}).new_page()
        self.page.set_default_timeout(PATIENCE)
        self.faults: list[str] = []
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))

    def go(self, path: str) -> None:
        """Open a page of the portal."""
        self.page.goto(self.portal + path)

    def open_card(self, section: str, title: str) -> None:
        """Open an item of a section (`lead`, `company`, `deal`) from its list, once it stands there."""
        self.go(f"/crm/{section}/" if section == "deal" else f"/crm/{section}/list/")
        self.page.locator("a[data-key]", has_text=title).first.click()
        expect(self.page.locator("#card-title")).to_contain_text(title)

    def tab(self, title: str) -> FrameLocator:
        """Open one of our tabs on the card; answers its frame's document."""
        tab = self.page.get_by_role("tab", name=title, exact=True)
        tab.click()
        panel = tab.get_attribute("aria-controls")
        return self.page.frame_locator(f"#{panel} iframe.app")

    def general(self) -> None:
        """Go back to the card's fields and timeline."""
        self.page.locator("#tab-general").click()

    def picture(self, path: Path) -> None:
        """Keep what the screen shows."""
        path.parent.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=path, animations="disabled")

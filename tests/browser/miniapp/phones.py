"""A phone with the Mini App open inside Telegram's frame, for tests and pictures."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

from playwright.sync_api import Browser, FrameLocator, Locator, Page

from tests.browser.worlds import PATIENCE
from tests.conftest import PROJECT
from tests.launching import DARK, LIGHT, fragment, init_data

PICTURES = Path(os.environ.get("PICTURES") or PROJECT / "build" / "pictures")
IVAN: dict[str, Any] = {"id": 5000000001, "first_name": "Ivan", "last_name": "Petrov", "language_code": "ru"}
ABC: dict[str, Any] = {"id": 5000000002, "first_name": "Aziza", "last_name": "Karimova", "language_code": "uz"}


@dataclass
class Phone:
    """A person's open Mini App: the host's page, the frame inside, and what the browser complained about."""

    page: Page
    app: FrameLocator
    complaints: list[str] = field(default_factory=list)

    def press(self) -> None:
        """Press the host's bottom button once it is enabled."""
        self.page.locator("#main:not([disabled])").click()

    def view(self, name: str) -> Locator:
        """Wait for a screen."""
        found = self.app.locator(f'[data-view="{name}"]')
        found.wait_for()
        return found

    def posted(self, kind: str) -> list[Any]:
        """Give what the Mini App told its host under a name."""
        return [data for name, data in self.page.evaluate("window.events") if name == kind]

    def tell(self, kind: str, data: dict[str, Any]) -> None:
        """Let the host send an event."""
        self.page.evaluate("([kind, data]) => window.tell(kind, data)", [kind, data])

    def picture(self, name: str) -> None:
        """Keep a picture of the phone."""
        PICTURES.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=PICTURES / f"miniapp-{name}.png")

    def overflow(self) -> int:
        """Give by how many pixels the page is wider than the phone."""
        return int(self.app.locator("html").evaluate("page => page.scrollWidth - page.clientWidth"))


def open_phone(
    browser: Browser,
    url: str,
    user: dict[str, Any],
    path: str = "/app/",
    *,
    width: int = 390,
    height: int = 780,
    dark: bool = False,
    **more: str,
) -> Phone:
    """Open the Mini App as `user` in the stand-in for Telegram at `url`."""
    page = browser.new_page(viewport={"width": width, "height": height}, device_scale_factor=2)
    page.set_default_timeout(PATIENCE)
    phone = Phone(page, page.frame_locator("#app"))
    page.on("pageerror", lambda error: phone.complaints.append(str(error)))
    page.on(
        "console",
        lambda said: phone.complaints.append(said.text) if "Content Security Policy" in said.text else None,
    )
    data = init_data(user, datetime.now(UTC), **more)
    spot = {"path": path, "launch": fragment(data, DARK if dark else LIGHT), "scheme": "dark" if dark else "light"}
    page.goto(f"{url}/host#{quote(json.dumps(spot))}")
    return phone

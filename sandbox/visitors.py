"""People at work without a browser: plain HTTP as their browsers would send it.

Used by the story and the functional tests. An employee opens pages of the application inside the portal, a person on Telegram
talks to the bot and opens the Mini App. Knows the public addresses of the worlds and what pages say of themselves.
"""

from __future__ import annotations

import html
import html.parser
import http.client
import json
import re
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

Found = TypeVar("Found")


class Failed(Exception):
    """Something that should have happened did not."""


@dataclass(frozen=True)
class Answer:
    """An HTTP answer: its status and its text."""

    status: int
    text: str

    def json(self) -> Any:
        """Give the decoded JSON."""
        return json.loads(self.text)

    def plain(self) -> str:
        """Give the page as a person reads it: without tags, white space folded."""
        return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", self.text)).split())


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        return None


_OPENER = urllib.request.build_opener(_NoRedirects)


def send(
    method: str,
    address: str,
    *,
    form: Mapping[str, Any] | None = None,
    body: Any = None,
    headers: Mapping[str, str] | None = None,
) -> Answer:
    """Send one request with a form or JSON; answers whatever comes, refusals too. Never follows a redirect.

    Raises OSError when the other side could not be reached or died in the middle of its answer.
    """
    data, kind = None, {}
    if form is not None:
        data, kind = (
            urllib.parse.urlencode(form, doseq=True).encode(),
            {"Content-Type": "application/x-www-form-urlencoded"},
        )
    elif body is not None:
        data, kind = json.dumps(body).encode(), {"Content-Type": "application/json"}
    request = urllib.request.Request(address, data=data, method=method, headers={**kind, **(headers or {})})
    try:
        with _OPENER.open(request, timeout=60) as answer:
            return Answer(answer.status, answer.read().decode(errors="replace"))
    except urllib.error.HTTPError as refused:
        with refused:
            return Answer(refused.code, refused.read().decode(errors="replace"))
    except http.client.HTTPException as error:
        raise ConnectionError(f"the answer broke off: {type(error).__name__}") from error


def control(method: str, address: str, body: Any = None) -> Any:
    """Use a world's control address; raises Failed on a refusal."""
    answer = send(method, address, body=body)
    if answer.status >= 400:
        raise Failed(f"{method} {address}: {answer.status} {answer.text[:500]}")
    return answer.json() if answer.text else None


def until(what: str, look: Callable[[], Found | None], seconds: float = 30.0) -> Found:
    """Look until something is there; raises Failed, naming what was waited for."""
    deadline = time.monotonic() + seconds
    while True:
        found = look()
        if found:
            return found
        if time.monotonic() > deadline:
            raise Failed(f"waited {seconds:.0f} s in vain for: {what}")
        time.sleep(0.1)


class _FormReader(html.parser.HTMLParser):
    """Reads what a form holds before anybody types: texts, ticked boxes, chosen options."""

    def __init__(self) -> None:
        super().__init__()
        self.values: dict[str, str] = {}
        self._select = ""

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attributes}
        if tag == "select":
            self._select = found.get("name", "")
        elif tag == "option" and self._select and ("selected" in found or self._select not in self.values):
            self.values[self._select] = found.get("value", "")
        elif tag == "input" and "name" in found and (found.get("type") != "checkbox" or "checked" in found):
            self.values[found["name"]] = found.get("value", "")


def filled_in(page: str) -> dict[str, str]:
    """Give a form as it stands on a page."""
    reader = _FormReader()
    reader.feed(page)
    return reader.values


class Frame:
    """A page of the application inside the portal, opened by a launch and acted in with its page token."""

    def __init__(self, application: str, launch: Mapping[str, Any]) -> None:
        self._application = application
        self.page = send("POST", launch["url"], form=launch["fields"])
        found = re.search(r'(?:data-token|name="page-token" content)="([^"]+)"', self.page.text)
        self._headers = {"X-Page-Token": html.unescape(found[1])} if found else {}

    def get(self, path: str) -> Answer:
        """Fetch a part of the page."""
        return send("GET", self._application + path, headers=self._headers)

    def post(self, path: str, form: Mapping[str, Any] | None = None) -> Answer:
        """Press a button of the page."""
        return send("POST", self._application + path, form=form or {}, headers=self._headers)


class Employee:
    """An employee of the portal."""

    def __init__(self, portal: str, application: str, app_id: str, user_id: int) -> None:
        self._portal, self._application, self._app_id, self.user_id = portal, application, app_id, user_id

    def rest(self, method: str, **params: Any) -> Any:
        """Call REST as this employee, the way the portal's own pages do; answers the result."""
        call = {"user_id": self.user_id, "method": method, "params": params}
        answer = control("POST", f"{self._portal}/sandbox/call", call)
        if "error" in answer:
            raise Failed(f"{method}: {answer}")
        return answer["result"]

    def open(self, placement: str, **options: Any) -> Frame:
        """Open a placement of the application on a card, or its menu item."""
        wanted = {"app_id": self._app_id, "user_id": self.user_id, "placement": placement, "options": options}
        frame = Frame(self._application, control("POST", f"{self._portal}/sandbox/launch", wanted))
        if frame.page.status != 200:
            raise Failed(f"{placement} answered {frame.page.status}: {frame.page.plain()[:300]}")
        return frame

    def reopen(self) -> Frame:
        """Open the application's own page, to which the portal gives new tokens."""
        launch = f"{self._portal}/sandbox/apps/{self._app_id}/install-launch"
        frame = Frame(self._application, control("POST", launch, {"user_id": self.user_id}))
        if frame.page.status != 200:
            raise Failed(f"the installation page answered {frame.page.status}: {frame.page.plain()[:500]}")
        return frame

    def install(self, seconds: float = 90.0) -> str:
        """Install the application and wait for its last step; answers what the page finally says."""
        frame = self.reopen()

        def reached(*states: str) -> dict[str, Any] | None:
            seen: dict[str, Any] = frame.get("/install/progress").json()
            return seen if seen["state"] in {*states, "failed"} else None

        seen = until("the questions before the installation", lambda: reached("asking"), seconds)
        if seen["state"] == "asking":
            begun = frame.post("/install/begin", filled_in(str(seen["html"])))
            if begun.status != 200 or begun.json()["state"] == "asking":
                raise Failed(f"the installation did not begin: {begun.plain()[:800]}")
        seen = until("the end of the installation", lambda: reached("done"), seconds)
        if seen["state"] == "failed":
            raise Failed(f"the installation failed: {Answer(200, seen['html']).plain()}")
        control("POST", f"{self._portal}/sandbox/apps/{self._app_id}/install-finish", {"user_id": self.user_id})
        return Answer(200, seen["html"]).plain()


class Telegrammer:
    """A person on Telegram in a private chat with the bot."""

    def __init__(self, telegram: str, application: str, bot: str, user_id: int) -> None:
        self._base = f"{telegram}/sandbox/users/{user_id}"
        self._application, self.bot, self.user_id = application, bot, user_id
        self._session = ""

    def act(self, name: str, **what: Any) -> Any:
        """Do something in the chat with the bot."""
        return control("POST", f"{self._base}/{name}", {"bot": self.bot, **what})

    def messages(self) -> list[dict[str, Any]]:
        """Give what the person sees in the chat with the bot, oldest first."""
        seen: Any = control("GET", f"{self._base}/chats/{self.bot}/messages")
        return list(seen["messages"] if isinstance(seen, dict) else seen)

    def wait_for(self, text: str, seconds: float = 30.0) -> dict[str, Any]:
        """Wait for a message that holds a text; answers the newest such message."""

        def look() -> dict[str, Any] | None:
            fitting = [m for m in self.messages() if text in str(m.get("text") or m.get("caption") or "")]
            return fitting[-1] if fitting else None

        return until(f"a Telegram message with {text!r} for {self.user_id}", look, seconds)

    def press(self, message: Mapping[str, Any], button: str) -> Any:
        """Press a button under a message by (part of) its text."""
        return control(
            "POST", f"{self._base}/press", {"chat_id": self.bot, "message_id": message["message_id"], "button": button}
        )

    def open_app(self, **how: Any) -> None:
        """Open the Mini App and trade its launch data for a session."""
        opened = self.act("open_webapp", **(how or {"menu": True}))
        answer = send("POST", f"{self._application}/app/session", body={"init_data": opened["init_data"]})
        if answer.status != 200:
            raise Failed(f"the Mini App refused the launch data: {answer.status} {answer.text[:200]}")
        self._session = answer.json()["token"]

    def screen(self, path: str) -> Answer:
        """Fetch a screen of the Mini App."""
        return send("GET", self._application + path, headers={"X-Session": self._session})

    def do(self, action: str, **fields: Any) -> Answer:
        """Perform a named action of the Mini App; raises Failed when it is refused."""
        answer = send(
            "POST", f"{self._application}/app/act/{action}", form=fields, headers={"X-Session": self._session}
        )
        if answer.status >= 400:
            raise Failed(f"{action} was refused: {answer.status} {answer.text[:800]}")
        return answer

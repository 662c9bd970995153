"""The pages in a real browser: a person writes, presses, uploads, pays, and uses a Mini App over the real bridge."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import requests
from playwright.sync_api import Browser, Page, expect

from tests.sandbox.telegram.client import ABC, IVAN, Telegram

APP = """<!doctype html><meta charset="utf-8"><p id="log"></p><script>
const log = (text) => { document.getElementById("log").append(text + "; "); };
const send = (eventType, eventData) => parent.postMessage(JSON.stringify({ eventType, eventData }), "*");
addEventListener("message", ({ data }) => {
  const { eventType, eventData } = JSON.parse(data);
  if (eventType === "theme_changed") log("theme " + eventData.theme_params.bg_color);
  else if (eventType === "viewport_changed") log("viewport " + (eventData.height > 100));
  else if (eventType === "main_button_pressed") {
    send("web_app_open_popup", { title: "", message: "Sure?", buttons: [{ id: "go", type: "ok" }] });
  } else if (eventType === "popup_closed") {
    log("popup " + eventData.button_id);
    send("web_app_open_invoice", { slug: location.search.slice(1) });
  }
  else if (eventType === "invoice_closed") log("invoice " + eventData.status);
  else if (eventType === "custom_method_invoked") log("stored " + eventData.result);
  else if (eventType === "back_button_pressed") log("back");
});
send("iframe_ready", { reload_supported: true });
send("web_app_ready");
send("web_app_setup_main_button", { is_visible: true, is_active: true, text: "Save" });
send("web_app_setup_back_button", { is_visible: true });
send("web_app_setup_closing_behavior", { need_confirmation: true });
send("web_app_invoke_custom_method", { req_id: "1", method: "saveStorageValue", params: { key: "k", value: "v" } });
log(new URLSearchParams(location.hash.slice(1)).get("tgWebAppData").includes("hash=") ? "signed" : "unsigned");
</script>"""


class AppHandler(BaseHTTPRequestHandler):
    """Serves the Mini App of these tests."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(APP.encode())

    def log_message(self, *_arguments: object) -> None:
        """Keeps the test output quiet."""


@pytest.fixture
def app_url() -> Iterator[str]:
    """The address of a Mini App on a free port."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), AppHandler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/app"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def page(browser: Browser, started: Telegram) -> Iterator[Page]:
    """Ivan's chat with the bot, watched for script errors."""
    opened = browser.new_page(viewport={"width": 900, "height": 800})
    problems: list[str] = []
    opened.on("pageerror", lambda error: problems.append(str(error)))
    opened.goto(f"{started.address}/?people={IVAN}")
    opened.locator(".chats__item", has=opened.locator("b", has_text="sandbox_700000001_bot")).first.click()
    yield opened
    opened.close()
    assert problems == []


class Answerer(threading.Thread):
    """A bot that answers buttons and checkouts until stopped."""

    def __init__(self, telegram: Telegram) -> None:
        super().__init__()
        # Sessions are not shared between threads.
        self.session = requests.Session()
        self.telegram = Telegram(telegram.address, self.session)
        self.done = threading.Event()

    def run(self) -> None:
        """Polls and answers."""
        while not self.done.is_set():
            for update in self.telegram.updates(timeout=1):
                if "callback_query" in update:
                    query_id = update["callback_query"]["id"]
                    self.telegram.call("answerCallbackQuery", callback_query_id=query_id, text="Got it")
                if "pre_checkout_query" in update:
                    query_id = update["pre_checkout_query"]["id"]
                    self.telegram.call("answerPreCheckoutQuery", pre_checkout_query_id=query_id, ok=True)

    def finish(self) -> None:
        """Stops it."""
        self.done.set()
        self.join()
        self.session.close()


@pytest.fixture
def answering(started: Telegram) -> Iterator[None]:
    """While it lasts, the bot answers."""
    bot = Answerer(started)
    bot.start()
    yield
    bot.finish()


def test_writing_and_live_updates(page: Page, started: Telegram) -> None:
    """What is typed reaches the bot, what the bot sends appears by itself, formatted and without running markup."""
    page.get_by_label("Message", exact=True).fill("Привет <b>")
    page.get_by_label("Message", exact=True).press("Enter")
    expect(page.locator(".message--out .text").last).to_have_text("Привет <b>")
    assert started.last_update()["message"]["text"] == "Привет <b>"
    started.call(
        "sendMessage",
        chat_id=IVAN,
        text="<b>bold</b> <img src=x>".replace("<img src=x>", "&lt;img&gt;"),
        parse_mode="HTML",
    )
    expect(page.locator(".message .text b")).to_have_text("bold")
    expect(page.locator(".message .text").last).to_have_text("bold <img>")


def test_the_newest_message_stays_above_the_keyboard(page: Page, started: Telegram) -> None:
    """A keyboard of the bot takes its height from older messages."""
    for number in range(12):
        started.call("sendMessage", chat_id=IVAN, text=f"Line {number}")
    rows = [[{"text": f"Choice {number}"}] for number in range(4)]
    started.call("sendMessage", chat_id=IVAN, text="Choose", reply_markup={"keyboard": rows})
    expect(page.get_by_role("button", name="Choice 3")).to_be_visible()
    expect(page.locator(".message .text").last).to_have_text("Choose")
    expect(page.locator(".message .text").last).to_be_in_viewport(ratio=1)


def test_editing_replying_and_deleting_by_menu(page: Page, started: Telegram) -> None:
    """The menu of a message edits, answers and deletes it."""
    sent = started.person(IVAN, "send", text="frist")["message_id"]
    started.updates()

    def choose(item: str) -> None:
        message = page.locator(f'.message[data-id="{sent}"]')
        message.hover()
        message.locator("summary").click()
        message.get_by_role("button", name=item, exact=True).click()

    choose("Edit")
    page.get_by_label("Message", exact=True).fill("first")
    page.get_by_label("Send").click()
    expect(page.locator(f'.message[data-id="{sent}"] .meta')).to_contain_text("edited")
    choose("Reply")
    page.get_by_label("Message", exact=True).fill("answer")
    page.get_by_label("Send").click()
    expect(page.locator(".quoted")).to_contain_text("first")
    kinds = [next(key for key in update if key != "update_id") for update in started.updates()]
    assert kinds == ["edited_message", "message"]
    choose("Delete")
    expect(page.locator(f'.message[data-id="{sent}"]')).to_have_count(0)


def test_buttons_and_uploads(page: Page, started: Telegram, tmp_path: Path) -> None:
    """A pressed button shows the bot's toast; a chosen file arrives as a document with its content."""
    markup = {"inline_keyboard": [[{"text": "Go", "callback_data": "go"}]]}
    started.call("sendMessage", chat_id=IVAN, text="?", reply_markup=markup)
    bot = Answerer(started)
    bot.start()
    page.get_by_role("button", name="Go", exact=True).click()
    expect(page.locator(".toast")).to_have_text("Got it")
    bot.finish()
    file = tmp_path / "спец.txt"
    file.write_text("content")
    page.locator('input[type="file"]').set_input_files(file)
    expect(page.locator(".file b")).to_have_text("спец.txt")
    document = started.last_update()["message"]["document"]
    assert (document["file_name"], document["file_size"]) == ("спец.txt", 7)


@pytest.mark.usefixtures("answering")
def test_a_mini_app_speaks_the_bridge(page: Page, started: Telegram, app_url: str) -> None:
    """Launch data, theme, viewport, buttons, popup, cloud storage, payment and closing confirmation work over the wire."""
    price = [{"label": "l", "amount": 5}]
    link = started.call("createInvoiceLink", title="T", description="D", payload="p", currency="XTR", prices=price)
    url = f"{app_url}?{link.rpartition('$')[2]}"
    started.call("setChatMenuButton", menu_button={"type": "web_app", "text": "Open", "web_app": {"url": url}})
    page.get_by_role("button", name="Open", exact=True).click()
    log = page.frame_locator(".app__frame").locator("#log")
    expect(log).to_contain_text("signed")
    expect(log).to_contain_text("theme #ffffff")
    expect(log).to_contain_text("viewport true")
    expect(log).to_contain_text("stored true")
    page.get_by_label("Light or dark").click()
    expect(log).to_contain_text("theme #212121")
    page.get_by_role("button", name="‹ Back").or_(page.get_by_label("Back", exact=True)).first.click()
    expect(log).to_contain_text("back;")
    page.get_by_role("button", name="Save").click()
    page.get_by_role("alertdialog").get_by_role("button", name="OK").click()
    expect(log).to_contain_text("popup go")
    page.get_by_role("button", name="Pay ⭐️ 5").click()
    expect(log).to_contain_text("invoice paid")
    page.get_by_label("Close Mini App").click()
    page.get_by_role("button", name="Close anyway").click()
    expect(page.locator(".app")).to_have_count(0)


def test_people_side_by_side_and_narrow(browser: Browser, started: Telegram) -> None:
    """Two people stand beside each other on a desk; at 320 pixels nothing overflows."""
    started.start(ABC)
    wide = browser.new_page(viewport={"width": 1200, "height": 700})
    wide.goto(f"{started.address}/?people={IVAN},{ABC}")
    expect(wide.locator(".pane")).to_have_count(2)
    left, right = (wide.locator(".pane").nth(number).bounding_box() for number in (0, 1))
    assert left is not None
    assert right is not None
    assert left["x"] + left["width"] <= right["x"]
    wide.close()
    narrow = browser.new_page(viewport={"width": 320, "height": 640})
    for path in (f"/?people={IVAN}", "/panel"):
        narrow.goto(started.address + path)
        expect(narrow.locator(".bar")).to_be_visible()
        assert narrow.evaluate("document.documentElement.scrollWidth") <= 320
    narrow.close()


def test_the_panel_moves_the_clock_and_adds_faults(browser: Browser, started: Telegram) -> None:
    """Buttons of the control panel change the world."""
    panel = browser.new_page()
    panel.goto(f"{started.address}/panel")
    panel.get_by_role("button", name="+1 day").click()
    expect(panel.locator("#notice")).to_have_text("Clock moved")
    assert started.look("clock")["offset_seconds"] > 86_000
    panel.get_by_role("button", name="Add").click()
    expect(panel.locator("#faults li")).to_have_count(1)
    panel.get_by_role("button", name="Clear all").click()
    expect(panel.locator("#faults li")).to_have_count(0)
    panel.close()

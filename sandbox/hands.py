"""What people of a play do with their hands: entering the bot, filling in forms, pressing what a page offers.

Called by the main story and by the little market. Knows how the bot's buttons and the Mini App's actions are called; not who plays,
nor what for.
"""

from __future__ import annotations

import re
from typing import Any

from sandbox import plot
from sandbox.visitors import Answer, Frame, Telegrammer, until
from sandbox.witness import expect

LIST_SECONDS = 90.0
Message = dict[str, Any]


def enter(person: Telegrammer, language: str, role: str) -> None:
    """Start the bot, choose language (as its button says it) and role by the buttons, open the Mini App."""
    person.act("start")
    person.press(until("the choice of language", lambda: _with_text(person, language)), language)
    choice = until("the choice of role", lambda: _with_data(person, f"role:{role}"))
    person.press(choice[0], choice[1])
    until("the invitation to the questionnaire", lambda: _with_app(person))
    person.open_app()


def fill(person: Telegrammer, form: str, steps: plot.Steps, **end: str) -> None:
    """Fill in a form of the Mini App step by step and hand it in; raises Failed unless it is accepted."""
    for step, answers in steps.items():
        typed = {f"q.{code}": value for code, value in answers.items()}
        person.do("next_step", form=form, step=step, **typed)
    ended = person.do("submit_form", form=form, **end).json()
    expect(f"the form {form} to be accepted", ended.get("done"), ended)


def press(frame: Frame, action: str, **form: str) -> None:
    """Press a button of a page inside the portal; raises Failed unless it is done."""

    def known() -> Answer | None:
        # An item stands in the CRM a moment before we have heard its number: after a crash, some seconds.
        answer = frame.post(f"/placements/act/{action}", form)
        return answer if answer.status != 404 else None

    answer = until(f"{action} to find its subject", known)
    expect(f"{action} to be done", answer.status == 200, f"{answer.status} {answer.plain()}")


def first_listed(person: Telegrammer, path: str) -> str:
    """Give the number of the first row of a list of the Mini App, waiting until there is one."""
    return until(
        f"a row at {path}", lambda: re.search(path + r"/(\d+)", person.screen(path).text), seconds=LIST_SECONDS
    )[1]


def _buttons(message: Message) -> list[Message]:
    rows = (message.get("reply_markup") or {}).get("inline_keyboard") or []
    return [button for row in rows for button in row]


def _with_text(person: Telegrammer, text: str) -> Message | None:
    return next((m for m in reversed(person.messages()) if any(text in b["text"] for b in _buttons(m))), None)


def _with_data(person: Telegrammer, data: str) -> tuple[Message, str] | None:
    for message in reversed(person.messages()):
        for button in _buttons(message):
            if button.get("callback_data") == data:
                return message, str(button["text"])
    return None


def _with_app(person: Telegrammer) -> Message | None:
    return next((m for m in reversed(person.messages()) if any("web_app" in b for b in _buttons(m))), None)

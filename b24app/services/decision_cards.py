"""The card of something that waits for an employee: facts and two buttons on a timeline, completed with how it ended.

Called by whatever asks employees to decide. Sends ShowCard. Knows nothing of what is decided.
"""

from __future__ import annotations

from b24app.domain.deliveries import ShowCard
from b24app.services import portals
from storage.unit_of_work import UnitOfWork

Choice = tuple[str, str]
"""A button: the action that it comes back as, its title."""


def ask(
    uow: UnitOfWork,
    name: str,
    ref: str,
    title: str,
    *,
    rows: list[list[str]],
    choices: tuple[Choice, Choice],
    responsible_id: str,
) -> None:
    """Show the card `name` (`offer/17`) on the timeline of `ref`, or change the one shown; the first choice stands out."""
    buttons = [
        {"action": action, "title": words, "kind": kind}
        for (action, words), kind in zip(choices, ("primary", "secondary"), strict=True)
    ]
    uow.send(ShowCard(card=name, ref=ref, title=title, rows=rows, buttons=buttons, responsible_id=responsible_id))


def close(uow: UnitOfWork, name: str, ref: str, title: str, outcome: str) -> None:
    """Complete the card with a sentence about how it ended."""
    rows = [[portals.speech(uow)("Result"), outcome]]
    uow.send(ShowCard(card=name, ref=ref, title=title, rows=rows, closed=True))

"""For whom an employee's words are, and which words they stand for. Called by `messages`. Sends nothing."""

from __future__ import annotations

from b24app.domain.reply_templates import called
from b24app.domain.side_marks import addressed
from b24app.errors import InvalidInput
from b24app.services import reply_templates
from storage.models import Conversation
from storage.unit_of_work import UnitOfWork


def marked(text: str, side: str) -> tuple[str, str]:
    """Give whom the words are for and the words: a mark at their start decides alone. InvalidInput for no side of ours."""
    marked, words = addressed(text)
    side = marked if marked != "both" else side
    if side not in {"both", "buyer", "factory", "note"}:
        raise InvalidInput(fields={"side": ["both, buyer, factory, note"]})
    return side, words


def words_meant(uow: UnitOfWork, conversation: Conversation, words: str, side: str) -> str:
    """Give the text that `#template name` stands for, in the language of whom it is for; NotFound for an unknown name."""
    name = called(words)
    if not name or side == "note":
        return words
    found = reply_templates.renderings(uow, conversation, reply_templates.named(uow, name), side)
    return "\n\n".join(rendering.text for rendering in found)

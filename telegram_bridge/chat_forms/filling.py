"""A form that is being filled in the chat: what is asked in this round, which question waits, where its answer belongs.

Called by the handler of such forms. Says nothing to anybody and stores nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from b24app.domain.industries import Kind, Question, Questionnaire
from b24app.services.short_forms import ShortForm
from storage.models import Draft
from telegram_bridge.chat_forms import questions as asking

FIRST, MORE = "chat", "more"


@dataclass(frozen=True)
class Spot:
    """The question that waits. Inside a group `part` is asked of entry number `entry`; else `part` is None."""

    top: Question
    entry: int = 0
    part: Question | None = None

    @property
    def question(self) -> Question:
        """Give what is asked, which may be a part of an entry."""
        return self.part or self.top

    @property
    def path(self) -> str:
        """Give the place of the answer: `logo`, `certificates.0.scan`."""
        return f"{self.top.code}.{self.entry}.{self.part.code}" if self.part else self.top.code

    @property
    def following(self) -> Spot:
        """Give the next part of the same entry, or the group itself once the entry is whole."""
        parts = self.top.questions
        place = parts.index(self.part) + 1 if self.part in parts else len(parts)
        return Spot(self.top, self.entry, parts[place]) if place < len(parts) else Spot(self.top)


@dataclass(frozen=True)
class Filling:
    """A form under way: its draft, what it asks, whether the questions that may be left out are being asked, what was returned."""

    draft: Draft
    form: Questionnaire
    more: bool
    returned: ShortForm | None = None

    @property
    def questions(self) -> list[Question]:
        """Give what is asked in this round."""
        if self.returned:
            return self.returned.questions
        # One that may be left out is asked among the first when its answer is to be changed.
        waits = "" if self.more else self.draft.step.partition(":")[2].partition(".")[0]
        return [one for one in self.form.questions if one.required != self.more or one.code == waits]

    def held(self, question: Question) -> Any:
        """Give the answer as it stands: what was given here, else what came back."""
        earlier: Mapping[str, Any] = self.returned.answers if self.returned else {}
        return self.draft.answers.get(question.code, earlier.get(question.code))

    def spot(self) -> Spot | None:
        """Give the question that waits, None when none does."""
        return self.spot_at(self.draft.step.partition(":")[2])

    def spot_at(self, path: str) -> Spot | None:
        """Give the question at a place (see `Spot.path`), None when this round does not ask it."""
        code, _, inside = path.partition(".")
        top = next((question for question in self.questions if question.code == code), None)
        if top is None or not inside:
            return Spot(top) if top else None
        entry, _, name = inside.partition(".")
        part = next((question for question in top.questions if question.code == name), None)
        return Spot(top, int(entry), part) if part and entry.isdigit() else Spot(top)

    def after(self, code: str) -> Question | None:
        """Give the question to ask next: the first unanswered one; among those that may be left out, only from `code` on."""
        asked = self.questions
        if (self.more or self.returned) and code:
            codes = [question.code for question in asked]
            asked = asked[codes.index(code) + 1 :] if code in codes else asked
        if not self.more and not self.returned:
            asked = [question for question in asked if question.required]
        return next((question for question in asked if asking.skipped(self.draft.answers, question)), None)

    def placed(self, spot: Spot, given: Any) -> dict[str, Any]:
        """Give all answers with one more; files are added to those that came before."""
        held = self.draft.answers.get(spot.top.code)
        if spot.part:
            entries = [dict(entry) for entry in self.held(spot.top) or ()]
            entries[spot.entry : spot.entry + 1] = [
                {**dict(*entries[spot.entry : spot.entry + 1]), spot.part.code: given}
            ]
            given = entries
        elif spot.question.kind is Kind.FILES:
            given = [*(held or ()), given]
        return {**self.draft.answers, spot.top.code: given}

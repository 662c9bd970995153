"""What every robot gets and gives. Imported by the robots and by `calls`; knows neither."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from b24app.errors import InvalidInput


@dataclass(frozen=True)
class RobotCall:
    """What a rule asks: `kind` and `subject_id` name our object (empty and 0 for an item that is not ours)."""

    code: str
    event_token: str
    entity_type_id: int
    entity_id: str
    kind: str
    subject_id: int
    workflow_id: str = ""
    properties: Mapping[str, Any] = field(default_factory=dict)

    @property
    def actor(self) -> str:
        """How the audit log names a decision that no person took."""
        return "automation"


@dataclass(frozen=True)
class Answer:
    """What the process gets: values for its next steps, named as app.yaml declares them, and a sentence for its log."""

    values: dict[str, Any]
    sentence: str


class Malformed(InvalidInput):
    """The automation rule sent something that cannot be read."""

    def __init__(self, message: str | None = None, **params: object) -> None:
        super().__init__(message or self.__doc__, code="bad_robot_call")
        self.params = params

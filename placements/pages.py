"""Every page of ours and the sections it is made of.

A section is the smallest thing that is rendered again: after an action, or later when it is slow. Called by `routes`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from placements.calls import Call
from placements.subjects import Subject
from storage.unit_of_work import UnitOfWork

Build = Callable[[UnitOfWork, Call, Subject], dict[str, Any]]


@dataclass(frozen=True)
class Section:
    """A part of a page: `build` gives the variables of `template`; a `lazy` one is fetched once the page stands.

    An `inner` one is fetched into another section when somebody asks for it, and is no part of the page that opens.
    """

    name: str
    template: str
    build: Build
    lazy: bool = False
    slot: str = ""
    inner: bool = False

    @property
    def element_id(self) -> str:
        """The id of the element that the section fills; sections sharing a slot replace each other."""
        return f"section-{self.slot or self.name}"


@dataclass(frozen=True)
class Page:
    """One widget: where the portal shows it, on which kind of entity, and its sections for each kind of subject.

    The empty kind stands for an item that is not ours. Without `placements` it may be opened under any name: the documentation
    gives none to the settings of a robot. `quiet` leaves out what the desk says on every other page. A page of a smart process names
    the `process`; its places and the number of its entity are known only on the portal, see `processes`.
    """

    code: str
    placements: frozenset[str]
    entity_type_id: int
    sections: dict[str, tuple[Section, ...]]
    process: str = ""
    quiet: bool = False

    def sections_of(self, subject: Subject) -> tuple[Section, ...]:
        """Give the sections that a subject has on this page."""
        return self.sections.get(subject.kind, self.sections[""])

    def opening(self, subject: Subject) -> tuple[Section, ...]:
        """Give what is shown first: of sections that share a slot, the first."""
        slots: dict[str, Section] = {}
        for section in self.sections_of(subject):
            if not section.inner:
                slots.setdefault(section.element_id, section)
        return tuple(slots.values())

    def section(self, subject: Subject, name: str) -> Section | None:
        """Give one section of a subject by its name, None when it has no such."""
        return next((section for section in self.sections_of(subject) if section.name == name), None)


def nothing(_uow: UnitOfWork, _call: Call, _subject: Subject) -> dict[str, Any]:
    """Build a section that says the same to everyone."""
    return {}

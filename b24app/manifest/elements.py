"""The shapes of app.yaml: one frozen dataclass per kind of element. Pure values; the reader fills them, checks judge them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

OBJECTS = ("lead", "contact", "company", "deal")
FIELD_TYPES = (
    "string",
    "text",
    "integer",
    "double",
    "boolean",
    "date",
    "datetime",
    "money",
    "url",
    "choice",
    "company",
    "deal",
)
PARAMETER_TYPES = ("bool", "date", "datetime", "double", "int", "select", "string", "text", "user")
ACTIVITY_SUFFIX = "_activity"
"""Ends the portal's code of an activity: robots and activities of one application share their codes there."""
ACTIVITY_ONLY = ("contact", "company")
"""Documents without stages: the portal has activities for them, but no robots."""
SEMANTICS = ("process", "success", "failure")


@dataclass(frozen=True)
class Title:
    """One text in every language of ours."""

    ru: str
    uz: str
    en: str

    def of(self, language: str) -> str:
        """Give the text in one language; English for one we do not speak."""
        return str(getattr(self, language, self.en))

    def portal_map(self) -> dict[str, str]:
        """Give the languages that a portal knows: it refuses keys of others, Uzbek among them."""
        return {"ru": self.ru, "en": self.en}


@dataclass(frozen=True)
class Stage:
    """A stage of a pipeline. `status` is the portal's own code; empty means our code in capitals."""

    title: Title
    color: str
    status: str = ""
    semantics: str = "process"


@dataclass(frozen=True)
class Pipeline:
    """A pipeline of one CRM object with its stages in order."""

    object: str
    title: Title
    stages: Mapping[str, Stage]


@dataclass(frozen=True)
class Field:
    """A custom field of a CRM object."""

    type: str
    title: Title
    options: Mapping[str, Title] = field(default_factory=dict)
    multiple: bool = False


@dataclass(frozen=True)
class FieldType:
    """A kind of field whose content a page of ours shows inside the card; `height` is in pixels."""

    title: Title
    description: Title
    height: int


@dataclass(frozen=True)
class Process:
    """A smart process: a kind of CRM item of our own, linked to companies, with its stages in order and its fields."""

    title: Title
    stages: Mapping[str, Stage]
    fields: Mapping[str, Field] = field(default_factory=dict)


@dataclass(frozen=True)
class Placement:
    """A page of ours inside the portal, by the portal's code of the place; `{process:audit}` stands for a process's number.

    `options` are those that placement.bind documents for the place.
    """

    placement: str
    title: Title
    options: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Parameter:
    """A property that a robot takes, or a value that it returns."""

    type: str
    title: Title
    required: bool = False
    multiple: bool = False
    default: Any = None
    options: Mapping[str, Title] = field(default_factory=dict)


@dataclass(frozen=True)
class Robot:
    """An automation rule or an activity.

    `waits` stops the process until we answer, `own_form` shows its settings as a page of ours.
    """

    documents: tuple[str, ...]
    title: Title
    description: Title
    waits: bool
    own_form: bool = False
    properties: Mapping[str, Parameter] = field(default_factory=dict)
    returns: Mapping[str, Parameter] = field(default_factory=dict)


@dataclass(frozen=True)
class Trigger:
    """Something that can move the stage of `object`."""

    object: str
    title: Title


@dataclass(frozen=True)
class Events:
    """The events that the portal sends us, and those it queues for us to fetch."""

    online: tuple[str, ...] = ()
    offline: tuple[str, ...] = ()


@dataclass(frozen=True)
class Connector:
    """The open-line connector and the line that it serves."""

    id: str
    title: Title
    line_title: Title
    color: str


@dataclass(frozen=True)
class Job:
    """A job of the worker; `cron` is when it starts by the clock, or empty."""

    cron: str = ""


@dataclass(frozen=True)
class Manifest:
    """The whole of app.yaml. Order of mappings is the order in the file."""

    version: int
    scopes: tuple[str, ...]
    pipelines: Mapping[str, Pipeline]
    questionnaires: Mapping[str, tuple[str, ...]]
    field_types: Mapping[str, FieldType]
    fields: Mapping[str, Mapping[str, Field]]
    processes: Mapping[str, Process]
    placements: Mapping[str, Placement]
    robots: Mapping[str, Robot]
    activities: Mapping[str, Robot]
    triggers: Mapping[str, Trigger]
    events: Events
    connector: Connector
    jobs: Mapping[str, Job]

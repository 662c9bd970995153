"""Doing the steps of a plan on the portal, batched where steps do not depend on each other. Called by `running`.

Each step is judged by itself: a refusal is kept with its reason and the others go on; a step is safe to be done again.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from b24app.bitrix24.client import Answer, Command
from b24app.bitrix24.connection import Connection
from b24app.bitrix24.install import process_fields, snapshot
from b24app.bitrix24.install.planning import Action, Step
from b24app.bitrix24.install.wanted import DEAL, Element
from b24app.bitrix24.processes import Places, filled, is_open, place_from, places_in
from b24app.domain.lines import QUIET
from b24app.errors import GatewayError, Rejected
from b24app.manifest.elements import OBJECTS

log = logging.getLogger(__name__)

STEPS_PER_BATCH = 20
ADDING = {
    "field_type": "userfieldtype.add",
    "robot": "bizproc.robot.add",
    "activity": "bizproc.activity.add",
    "trigger": "crm.automation.trigger.add",
    "placement": "placement.bind",
    "event": "event.bind",
    "offline": "event.bind",
}
CHANGING = {"trigger": "crm.automation.trigger.add", "field_type": "userfieldtype.update"}
BATCHED = ("field", *ADDING)
CHANGEABLE_FIELD_PARTS = ("SORT", "EDIT_FORM_LABEL", "LIST_COLUMN_LABEL", "LIST_FILTER_LABEL")


@dataclass(frozen=True)
class StepResult:
    """What became of a step: the portal's id, or why it was refused."""

    step: Step
    outside_id: str = ""
    error: str = ""


Report = Callable[[StepResult], None]


class Applier:
    """Applies plans to one portal. `owner_id` is the employee who answers on the open line until others are named."""

    def __init__(self, connection: Connection, *, known: Mapping[str, str], owner_ids: Sequence[str]) -> None:
        self._connection = connection
        self._known = dict(known)
        self._owner_ids = owner_ids
        self._stages: dict[str, dict[str, str]] = {}
        self._by_hand: dict[str, Callable[[Step, Element], str]] = {
            "pipeline": self._pipeline,
            "process": self._process,
            "stage": self._stage,
            "connector": self._connector,
            "line": self._line,
        }

    def apply(self, steps: Sequence[Step], report: Report) -> None:
        """Do every step in order and report each. Raises GatewayError when the portal gives no usable answer at all."""
        for group in _groups(steps):
            if group[0].key.partition(":")[0] in BATCHED:
                self._batched(group, report)
            else:
                for step in group:
                    report(self._single(step))

    def _single(self, step: Step) -> StepResult:
        if step.element is None:
            return StepResult(step)
        try:
            outside_id = self._by_hand[step.element.kind](step, step.element)
        except Rejected as error:
            return StepResult(step, step.outside_id, _reason(error))
        self._known[step.key] = outside_id
        return StepResult(step, outside_id)

    def _batched(self, steps: Sequence[Step], report: Report) -> None:
        places = places_in(self._known)
        ready = [step if step.element is None else _filled(step, step.element, places) for step in steps]
        for step, possible in zip(steps, ready, strict=True):
            if possible.element is not None and is_open(possible.element.payload):
                report(StepResult(step, step.outside_id, "Its smart process was not made."))
        pairs = [(s, r) for s, r in zip(steps, ready, strict=True) if not r.element or not is_open(r.element.payload)]
        if pairs:
            self._together(pairs, report)

    def _together(self, pairs: Sequence[tuple[Step, Step]], report: Report) -> None:
        commands = [(step, command) for step, possible in pairs for command in commands_for(possible)]
        answers = self._connection.batch([command for _, command in commands])
        last: dict[str, Answer] = {step.key: answer for (step, _), answer in zip(commands, answers, strict=True)}
        for step, possible in pairs:
            answer = last[step.key]
            if answer.error is not None and not isinstance(answer.error, Rejected):
                raise answer.error
            error = _reason(answer.error) if answer.error else ""
            report(StepResult(step, _outside_id(possible, answer), error))

    def _pipeline(self, step: Step, element: Element) -> str:
        fields = dict(element.payload)
        if step.action is Action.ADD:
            made = self._connection.call("crm.category.add", {"entityTypeId": DEAL, "fields": fields})
            category_id = str(made.result["category"]["id"])
            self._clear_default_stages(f"DEAL_STAGE_{category_id}")
            return category_id
        if step.action is Action.CHANGE:
            params = {"entityTypeId": DEAL, "id": int(step.outside_id), "fields": fields}
            self._connection.call("crm.category.update", params)
        return step.outside_id

    def _process(self, step: Step, element: Element) -> str:
        fields = dict(element.payload)
        if step.action is Action.ADD:
            place = snapshot.process_place(
                self._connection, self._connection.call("crm.type.add", {"fields": fields}).result["type"]
            )
            self._clear_default_stages(place.directory)
            return place.kept
        if step.action is Action.CHANGE:
            type_id = place_from(step.outside_id).type_id
            self._connection.call("crm.type.update", {"id": type_id, "fields": fields})
        return step.outside_id

    def _clear_default_stages(self, directory: str) -> None:
        # A new pipeline comes with stages of the portal's own; those without an item yet can go.
        rows = self._connection.read_all("crm.status.list", {"filter": {"ENTITY_ID": directory}})
        doomed = [row for row in rows if row.get("SYSTEM") != "Y"]
        self._connection.batch([Command("crm.status.delete", {"id": row["ID"]}) for row in doomed])

    def _stage(self, step: Step, element: Element) -> str:
        pipeline = element.name.partition(".")[0]
        entity = snapshot.directory_of(pipeline, self._known)
        if not entity:
            raise Rejected("Its pipeline was not made.")
        if pipeline not in self._stages:
            self._stages[pipeline] = snapshot.stage_ids(self._connection, entity)
        existing = self._stages[pipeline].get(element.payload["STATUS_ID"])
        fields = {key: value for key, value in element.payload.items() if key not in {"STATUS_ID", "SEMANTICS"}}
        if existing:
            self._connection.call("crm.status.update", {"id": int(existing), "fields": fields})
            return existing
        return str(self._connection.call("crm.status.add", {"fields": {"ENTITY_ID": entity, **element.payload}}).result)

    def _connector(self, step: Step, element: Element) -> str:
        answer = self._connection.call("imconnector.register", element.payload).result
        if not isinstance(answer, Mapping) or not answer.get("result"):
            said = answer if isinstance(answer, Mapping) else {}
            raise Rejected(str(said.get("error_description") or "refused"), code=str(said.get("error") or ""))
        return element.name

    def _line(self, step: Step, element: Element) -> str:
        line_id = step.outside_id or self._new_line(element)
        connect_line(self._connection, element.payload["CONNECTOR"], line_id, element.payload["LINE_NAME"])
        return line_id

    def _new_line(self, element: Element) -> str:
        params = {
            "LINE_NAME": element.payload["LINE_NAME"],
            "ACTIVE": "Y",
            "QUEUE": [{"ENTITY_TYPE": "user", "ENTITY_ID": user_id} for user_id in self._owner_ids],
            "QUEUE_TYPE": "all",
            "CRM": "N",
            "WELCOME_MESSAGE": "N",
            "VOTE_MESSAGE": "N",
            "WORKTIME_ENABLE": "N",
        }
        return str(self._connection.call("imopenlines.config.add", {"PARAMS": params}).result)


def connect_line(connection: Connection, connector: str, line_id: str, name: str) -> None:
    """Switch the connector on for an open line, name the channel there, keep the line's own voice still. Raises GatewayError."""
    data = {"ID": f"{connector}_line{line_id}", "NAME": name}
    *needed, quiet = connection.batch(
        [
            Command("imconnector.activate", {"CONNECTOR": connector, "LINE": line_id, "ACTIVE": "1"}),
            Command("imconnector.connector.data.set", {"CONNECTOR": connector, "LINE": line_id, "DATA": data}),
            Command("imopenlines.config.update", {"CONFIG_ID": line_id, "PARAMS": dict(QUIET)}),
        ]
    )
    for answer in needed:
        answer.value()
    if quiet.error is not None:
        # Only somebody who may change lines can do this; conversations work without it.
        log.warning("The open line keeps its own lead and texts: %s", quiet.error.code)


def _filled(step: Step, element: Element, places: Places) -> Step:
    """Put the numbers of processes into a step; the step that is remembered keeps its own words, and so its fingerprint."""
    return replace(step, element=replace(element, payload=filled(element.payload, places)))


def _groups(steps: Sequence[Step]) -> Iterator[Sequence[Step]]:
    group: list[Step] = []
    for step in steps:
        kind = step.key.partition(":")[0]
        if group and (group[0].key.partition(":")[0] != kind or len(group) >= STEPS_PER_BATCH):
            yield group
            group = []
        group.append(step)
    if group:
        yield group


def _reason(error: GatewayError) -> str:
    return f"{error.code}: {error}" if error.code else str(error)


def _outside_id(step: Step, answer: Answer) -> str:
    kind = step.key.partition(":")[0]
    if step.element is None:
        return step.outside_id
    if kind in {"placement", "field_type", "event", "offline"}:
        return snapshot.place_id(step.element.payload)
    if kind == "field" and step.action is Action.ADD:
        return str(answer.result["field"]["id"] if isinstance(answer.result, Mapping) else answer.result)
    return step.outside_id or step.element.name


def commands_for(step: Step) -> list[Command]:
    """Give the calls of one step of a kind that needs nothing from other steps; the last one decides."""
    kind, _, name = step.key.partition(":")
    if step.action is Action.REMOVE or step.element is None:
        return [_removal(kind, name, step)]
    payload = dict(step.element.payload)
    if kind == "field":
        return [_field_command(step, name.partition(".")[0], payload)]
    if kind in {"robot", "activity"} and step.action is not Action.ADD:
        return [Command(f"bizproc.{kind}.update", {"CODE": payload.pop("CODE"), "FIELDS": payload})]
    if kind == "placement" and step.action is not Action.ADD:
        where = {"PLACEMENT": payload["PLACEMENT"], "HANDLER": payload["HANDLER"]}
        return [Command("placement.unbind", where), Command("placement.bind", payload)]
    if kind in {"event", "offline"} and step.action is not Action.ADD:
        # Bound already, exactly as wanted: only our own note of it is missing.
        return [Command("server.time", {})]
    return [Command(ADDING[kind] if step.action is Action.ADD else CHANGING[kind], payload)]


def _field_command(step: Step, object_name: str, payload: Mapping[str, Any]) -> Command:
    adding, methods = step.action is Action.ADD, f"crm.{object_name}.userfield"
    if object_name not in OBJECTS:
        return process_fields.add(payload) if adding else process_fields.change(payload, step.outside_id)
    if adding:
        return Command(f"{methods}.add", {"fields": payload})
    changeable = {key: payload[key] for key in CHANGEABLE_FIELD_PARTS if key in payload}
    return Command(f"{methods}.update", {"id": step.outside_id, "fields": changeable})


def _removal(kind: str, name: str, step: Step) -> Command:
    what, _, handler = step.outside_id.partition(" ")
    if kind == "placement":
        what, handler = step.details.get("placement", what), step.details.get("handler", handler)
        return Command("placement.unbind", {"PLACEMENT": what, "HANDLER": handler})
    if kind == "event":
        what, handler = step.details.get("event", what), step.details.get("handler", handler)
        return Command("event.unbind", {"event": what, "handler": handler})
    if kind == "offline":
        return Command("event.unbind", {"event": name, "event_type": "offline"})
    if kind == "field_type":
        return Command("userfieldtype.delete", {"USER_TYPE_ID": name})
    if kind == "trigger":
        return Command("crm.automation.trigger.delete", {"CODE": name})
    return Command(f"bizproc.{kind}.delete", {"CODE": name})

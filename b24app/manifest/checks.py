"""What must hold in app.yaml beyond its shape: the portal's own limits, checked before anything is sent to it.

Called by `loading`. Limits come from the documentation of bizproc.robot.add, crm.automation.trigger.add, crm.status.add,
crm.deal.userfield.add, userfieldtype.add and imconnector.register.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from b24app.manifest.elements import (
    ACTIVITY_ONLY,
    FIELD_TYPES,
    OBJECTS,
    PARAMETER_TYPES,
    SEMANTICS,
    Field,
    Manifest,
    Parameter,
    Robot,
    Stage,
)

DRAWN_CODE = re.compile(r"^[a-z0-9]+$")
CODE = re.compile(r"^[a-z][a-z0-9_]*$")
COLOR = re.compile(r"^#[0-9A-Fa-f]{6}$")
STATUS = re.compile(r"^[A-Z0-9_]{1,18}$")
CONNECTOR = re.compile(r"^[a-z0-9_]+$")
PIPELINE_OBJECTS = ("deal",)
DOCUMENTS = ("lead", "deal")
ACTIVITY_DOCUMENTS = (*DOCUMENTS, *ACTIVITY_ONLY)
MAX_FIELD_CODE = 40


def faults(manifest: Manifest) -> list[str]:
    """Give every sentence about what is wrong; an empty list when the manifest can be applied."""
    return [
        *_codes(manifest),
        *_pipelines(manifest),
        *_fields(manifest),
        *_processes(manifest),
        *_automation("robot", manifest.robots, (*ACTIVITY_DOCUMENTS, *manifest.processes)),
        *_automation("activity", manifest.activities, (*ACTIVITY_DOCUMENTS, *manifest.processes)),
        *_rest(manifest),
    ]


def _codes(manifest: Manifest) -> Iterator[str]:
    named = {
        "pipeline": manifest.pipelines,
        "process": manifest.processes,
        "placement": manifest.placements,
        "robot": manifest.robots,
        "activity": manifest.activities,
        "trigger": manifest.triggers,
        "job": manifest.jobs,
    }
    for kind, codes in named.items():
        yield from (f"{kind} {code!r}: lower-case letters, digits and _ only" for code in codes if not CODE.match(code))


def _pipelines(manifest: Manifest) -> Iterator[str]:
    for code, pipeline in manifest.pipelines.items():
        if pipeline.object not in PIPELINE_OBJECTS:
            yield f"pipeline {code!r}: object must be one of {', '.join(PIPELINE_OBJECTS)}"
        yield from _stages(f"pipeline {code!r}", code, pipeline.stages)


def _stages(where: str, code: str, stages: Mapping[str, Stage]) -> Iterator[str]:
    order = [SEMANTICS.index(s.semantics) for s in stages.values() if s.semantics in SEMANTICS]
    if len(order) < len(stages):
        yield f"{where}: semantics must be one of {', '.join(SEMANTICS)}"
    if order != sorted(order) or order.count(1) != 1 or 2 not in order:
        yield f"{where}: stages in progress, then exactly one success, then failures"
    for name, stage in stages.items():
        if not COLOR.match(stage.color):
            yield f"stage {code}.{name}: color must look like #39A8EF"
        if not STATUS.match(stage.status or name.upper()):
            yield f"stage {code}.{name}: at most 18 capital letters, digits and _"


def _processes(manifest: Manifest) -> Iterator[str]:
    for code, process in manifest.processes.items():
        if code in OBJECTS or code in manifest.pipelines:
            yield f"process {code!r}: the name is taken by an object or a pipeline"
        yield from _stages(f"process {code!r}", code, process.stages)
        for name, field in process.fields.items():
            yield from _field(f"field {code}.{name}", name, field)
            if field.type == "choice":
                yield f"field {code}.{name}: a process has no fields of choice; its stages say as much"


def _fields(manifest: Manifest) -> Iterator[str]:
    for object_name in {*manifest.fields, *manifest.questionnaires}:
        if object_name not in OBJECTS:
            yield f"fields and questionnaires: {object_name!r} is not one of {', '.join(OBJECTS)}"
    for code in manifest.field_types:
        if not DRAWN_CODE.match(code) or code in FIELD_TYPES:
            yield f"field type {code!r}: lower-case letters and digits only, and not the name of a type of the portal"
    for object_name, declared in manifest.fields.items():
        for code, field in declared.items():
            name = f"field {object_name}.{code}"
            yield from _field(name, code, field, tuple(manifest.field_types))
            if field.type in manifest.field_types and code != field.type:
                yield f"{name}: a field that we draw has the code of its type"


def _field(name: str, code: str, field: Field, drawn: tuple[str, ...] = ()) -> Iterator[str]:
    if not CODE.match(code) or len(code) > MAX_FIELD_CODE:
        yield f"{name}: at most {MAX_FIELD_CODE} lower-case letters, digits and _"
    if field.type not in (*FIELD_TYPES, *drawn):
        yield f"{name}: type must be one of {', '.join((*FIELD_TYPES, *drawn))}"
    if (field.type == "choice") != bool(field.options):
        yield f"{name}: options belong to a choice, and a choice needs them"


def _automation(kind: str, declared: Mapping[str, Robot], documents: tuple[str, ...]) -> Iterator[str]:
    for code, robot in declared.items():
        if all(document in ACTIVITY_ONLY for document in robot.documents):
            yield f"{kind} {code!r}: no document of it is one with stages; a contact or company alone is not one of them"
        for document in robot.documents:
            if document not in documents:
                yield f"{kind} {code!r}: document {document!r} is not one of {', '.join(documents)}"
        if robot.returns and not robot.waits:
            yield f"{kind} {code!r}: only one that waits can return values"
        for name, parameter in {**robot.properties, **robot.returns}.items():
            yield from _parameter(f"{kind} {code}.{name}", name, parameter)


def _parameter(where: str, name: str, parameter: Parameter) -> Iterator[str]:
    if not CODE.match(name):
        yield f"{where}: lower-case letters, digits and _ only"
    if parameter.type not in PARAMETER_TYPES:
        yield f"{where}: type must be one of {', '.join(PARAMETER_TYPES)}"
    if (parameter.type == "select") != bool(parameter.options):
        yield f"{where}: options belong to a select, and a select needs them"
    if parameter.type == "select" and parameter.default is not None and parameter.default not in parameter.options:
        yield f"{where}: the default must be the code of an option"


def _rest(manifest: Manifest) -> Iterator[str]:
    for code, trigger in manifest.triggers.items():
        objects = (*DOCUMENTS, *manifest.processes)
        if trigger.object not in objects:
            yield f"trigger {code!r}: object must be one of {', '.join(objects)}"
    for event in (*manifest.events.online, *manifest.events.offline):
        if event != event.upper():
            yield f"event {event!r}: write it in capitals"
    if not CONNECTOR.match(manifest.connector.id):
        yield "connector id: lower-case letters, digits and _ only"

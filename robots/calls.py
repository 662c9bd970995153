"""A call of an automation rule, from the stored payload to its answer.

`handle` is run by inbox processing for source `bitrix24.robot`, once per event token: the token is the row's key and the key of the
answer. A refusal by the rules undoes what was begun and becomes a plain sentence in the process log. `give_up` answers for
a call that could not be worked, so that no process waits for ever. Knows no HTTP.
"""

from __future__ import annotations

import inspect
import logging
import re
from collections.abc import Mapping
from typing import Any, get_type_hints

from sqlalchemy import select

from b24app.domain.deliveries import FinishRobot
from b24app.errors import DomainError
from b24app.i18n import Texts
from b24app.manifest import ACTIVITY_SUFFIX
from b24app.services import portals
from robots.contract import Answer, Malformed, RobotCall
from robots.registry import ROBOTS, Run
from storage.models import CrmLink
from storage.unit_of_work import UnitOfWork

log = logging.getLogger(__name__)
ENTITY_TYPES = {"LEAD": 1, "DEAL": 2, "CONTACT": 3, "COMPANY": 4}
_DOCUMENT = re.compile(r"^(?P<kind>LEAD|DEAL|CONTACT|COMPANY|DYNAMIC_\d{1,9})_(?P<id>\d{1,18})$")
_TRUE, _FALSE = frozenset({"y", "1", "true"}), frozenset({"n", "0", "false", ""})


def handle(uow: UnitOfWork, payload: dict[str, Any]) -> None:
    """Run the robot a stored call names and answer the process. Raises only what is a fault of ours, to be tried again."""
    event_token = str(payload.get("event_token", ""))
    t = portals.speech(uow)
    answer: Answer | None
    try:
        with uow.session.begin_nested():
            answer = _run(uow, payload)
    except DomainError as error:
        answer = Answer({}, _refusal(error, t))
        log.info("robot %s refused: %s", payload.get("code"), error.code)
    if answer is not None:
        _finish(uow, event_token, answer)


def give_up(uow: UnitOfWork, payload: dict[str, Any]) -> None:
    """Let the process go on after its call failed for good on our side."""
    sentence = portals.speech(uow)("Not done: the application failed. The administrators see why.")
    _finish(uow, str(payload.get("event_token", "")), Answer({}, sentence))


def _finish(uow: UnitOfWork, event_token: str, answer: Answer) -> None:
    if event_token:
        finish = FinishRobot(event_token=event_token, return_values=answer.values, log_message=answer.sentence)
        uow.send(finish, key=f"robot:{event_token}", lane=f"robot:{event_token}")


def _run(uow: UnitOfWork, payload: Mapping[str, Any]) -> Answer | None:
    call = call_from(uow, payload)
    run = ROBOTS.get(call.code)
    if run is None:
        raise Malformed("This rule belongs to another version of the application. Add it to the stage again.")
    return run(uow, call, **parameters(run, call.properties))


def call_from(uow: UnitOfWork, payload: Mapping[str, Any]) -> RobotCall:
    """Read a stored payload; Malformed when it names no document of the CRM. Shape: the portal's robot handler call."""
    document = _listed(payload.get("document_id"))
    found = _DOCUMENT.match(str(document[2])) if len(document) == 3 else None
    if found is None:
        raise Malformed("This rule works only on items of the CRM.")
    type_name, entity_id = found["kind"], found["id"]
    type_id = ENTITY_TYPES.get(type_name) or int(type_name.removeprefix("DYNAMIC_"))
    ref = uow.session.scalar(
        select(CrmLink.ref).where(CrmLink.entity_type_id == type_id, CrmLink.entity_id == entity_id)
    )
    kind, _, number = (ref or "").partition("/")
    properties = payload.get("properties")
    return RobotCall(
        code=str(payload.get("code", "")).removesuffix(ACTIVITY_SUFFIX),
        event_token=str(payload.get("event_token", "")),
        entity_type_id=type_id,
        entity_id=entity_id,
        kind=kind,
        subject_id=int(number) if number.isdigit() else 0,
        workflow_id=str(payload.get("workflow_id", "")),
        properties=properties if isinstance(properties, dict) else {},
    )


def parameters(run: Run, given: Mapping[str, Any]) -> dict[str, Any]:
    """Turn properties, which arrive as strings, into the keyword parameters of a robot; what is missing keeps its default."""
    types = get_type_hints(run)
    found = {}
    for name, parameter in inspect.signature(run).parameters.items():
        if parameter.kind is not inspect.Parameter.KEYWORD_ONLY:
            continue
        value = given.get(name)
        if value is not None and (value != "" or types[name] is str):
            found[name] = _read(name, types[name], value)
        elif parameter.default is inspect.Parameter.empty:
            raise Malformed("The setting “{name}” of the rule is empty.", name=name)
    return found


def _read(name: str, kind: type, value: Any) -> Any:
    text = str(value).strip()
    if kind is int and re.fullmatch(r"[+-]?\d{1,18}", text):
        return int(text)
    if kind is bool and text.lower() in _TRUE | _FALSE:
        return text.lower() in _TRUE
    if kind is str and not isinstance(value, dict | list):
        return text
    raise Malformed("The setting “{name}” of the rule cannot be read: {value}", name=name, value=text[:60])


def _listed(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return [value[key] for key in sorted(value, key=str)]
    return list(value) if isinstance(value, list | tuple) else []


def _refusal(error: DomainError, t: Texts) -> str:
    faults = [fault for found in getattr(error, "fields", {}).values() for fault in found]
    return t("Refused: {reason}", reason=" ".join(faults) or t(error.message, **error.params))

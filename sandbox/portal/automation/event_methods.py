"""bizproc.event.send and bizproc.activity.log: an application answers a waiting robot, or writes into its log."""

from __future__ import annotations

from sandbox.portal.automation import components, handler_calls, journal, workflows
from sandbox.portal.call import Call, is_yes
from sandbox.portal.errors import RestError
from sandbox.portal.registry import method
from sandbox.portal.store import Row


def _waiting(call: Call, status: int) -> tuple[Row, Row, Row]:
    found = workflows.waiting_for(call.portal, call.text("EVENT_TOKEN"))
    if found is None:
        raise RestError("ACCESS_DENIED", "Access denied!", status)
    return found


@method("bizproc.event.send", validate=False, missing="Values that the robot did not declare are dropped silently.")
def event_send(call: Call) -> bool:
    """Returns declared values to the waiting robot and lets its workflow go on; a token works once."""
    _row, _branch, step = _waiting(call, 403)
    component = components.find(call.portal, step["app_id"], step["code"])
    declared = component["RETURN_PROPERTIES"] if component else {}
    given = call.mapping("RETURN_VALUES")
    values = {name: _cast(spec, given[name]) for name, spec in declared.items() if name in given}
    workflows.answered(call.portal, call.text("EVENT_TOKEN"), values, call.text("LOG_MESSAGE"))
    return True


def _cast(spec: Row, value: object) -> object:
    kind = str(spec["Type"])
    if is_yes(spec.get("Multiple")):
        items = value if isinstance(value, list) else [value]
        return [handler_calls.cast_value(kind, item) for item in items]
    return handler_calls.cast_value(kind, value[0] if isinstance(value, list) and value else value)


@method("bizproc.activity.log", validate=False)
def activity_log(call: Call) -> bool:
    """Writes into the log of a robot that was registered with USE_SUBSCRIPTION=Y."""
    row, _branch, step = _waiting(call, 400)
    component = components.find(call.portal, step["app_id"], step["code"])
    if component is None or not is_yes(component["USE_SUBSCRIPTION"]):
        raise RestError("ACCESS_DENIED", "Access denied!")
    if not call.text("LOG_MESSAGE"):
        raise RestError("ERROR_EMPTY_LOG_MESSAGE", "Empty log message!")
    journal.write(call.portal, row, "log", step, call.text("LOG_MESSAGE"))
    return True

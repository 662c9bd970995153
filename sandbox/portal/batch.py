"""`batch`: up to 50 commands in order, with references to earlier results."""

from __future__ import annotations

import re
from typing import Any

from sandbox.portal.call import Call, is_yes, to_map
from sandbox.portal.errors import RestError
from sandbox.portal.execute import Outcome, execute, refusal
from sandbox.portal.registry import method
from sandbox.wire import decode_query

MAX_COMMANDS = 50
_REFERENCE = re.compile(r"\$result((?:\[[^\]]*\])+)")
_KEY = re.compile(r"\[([^\]]*)\]")


def php_array(mapping: dict[str, Any]) -> Any:
    """A map as PHP prints it: keys 0, 1, 2… or no keys at all make a list."""
    if all(key == str(index) for index, key in enumerate(mapping)):
        return list(mapping.values())
    return mapping


@method("batch", validate=False)
async def batch(call: Call) -> Any:
    """Runs the commands and collects their results, errors, totals and times; without commands all of them are empty."""
    commands = to_map(call.get("cmd"))
    collected: dict[str, dict[str, Any]] = {
        key: {} for key in ("result", "result_error", "result_total", "result_next", "result_time")
    }
    for position, (key, command) in enumerate(commands.items()):
        outcome = await _one(call, command, position, collected["result"])
        _collect(collected, key, outcome)
        if outcome.error is not None and is_yes(call.get("halt")):
            break
    return {name: php_array(values) for name, values in collected.items()}


async def _one(call: Call, command: Any, position: int, results: dict[str, Any]) -> Outcome:
    if position >= MAX_COMMANDS:
        return refusal(RestError("ERROR_BATCH_LENGTH_EXCEEDED", "Max batch length exceeded", 400))
    if not isinstance(command, str):
        return refusal(RestError("ERROR_METHOD_NOT_FOUND", "Method not found!", 404))
    name, _, query = command.partition("?")
    name = name.strip().lower()
    if name == "batch":
        return refusal(RestError("ERROR_BATCH_METHOD_NOT_ALLOWED", "Method is not allowed for batch usage", 405))
    params = substitute(decode_query(query), results)
    rule = call.portal.faults.pick(name, "batch")
    return await execute(call.portal, call.identity, name, params, via="batch", rule=rule)


def _collect(collected: dict[str, dict[str, Any]], key: str, outcome: Outcome) -> None:
    if outcome.error is not None:
        collected["result_error"][key] = outcome.body
        return
    collected["result"][key] = outcome.body["result"]
    collected["result_time"][key] = outcome.time
    for name in ("total", "next"):
        if name in outcome.body:
            collected[f"result_{name}"][key] = outcome.body[name]


def substitute(value: Any, results: dict[str, Any]) -> Any:
    """Replaces `$result[key][field]…` in nested parameters; a parameter that is nothing else keeps the type."""
    if isinstance(value, dict):
        return {key: substitute(item, results) for key, item in value.items()}
    if isinstance(value, list):
        return [substitute(item, results) for item in value]
    if not isinstance(value, str) or "$result" not in value:
        return value
    if whole := _REFERENCE.fullmatch(value):
        return _look_up(whole[1], results)
    return _REFERENCE.sub(lambda found: _as_text(_look_up(found[1], results)), value)


def _look_up(path: str, results: Any) -> Any:
    node: Any = results
    for key in _KEY.findall(path):
        if isinstance(node, list) and key.isdigit() and int(key) < len(node):
            node = node[int(key)]
        elif isinstance(node, dict):
            node = node.get(key)
        else:
            return None
    return node


def _as_text(value: Any) -> str:
    return "" if value is None or isinstance(value, dict | list) else str(value)

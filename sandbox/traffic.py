"""Holding recorded calls against the documented interface: what was called that does not exist, lacks something or says too much.

Run on the recordings that `--record` leaves, by tests and by `python -m sandbox.traffic FILE…`. Knows only the contract data.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from sandbox.contract import load, method_facts

Facts = Mapping[str, Any]
ALWAYS_ALLOWED = {"auth", "access_token", "start"}


def faults_in(path: Path) -> list[str]:
    """Give what is wrong with the calls of one recording, each fault once, with how often it happened."""
    counted: dict[str, int] = {}
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            for fault in faults_of(json.loads(line)):
                counted[fault] = counted.get(fault, 0) + 1
    return [f"{fault} ({times}×)" for fault, times in sorted(counted.items())]


def faults_of(call: Facts) -> Iterator[str]:
    """Judge one recorded call."""
    world, method = str(call["world"]), str(call["method"])
    facts = method_facts(world, method)
    if not facts:
        yield f"{method}: unknown method"
        return
    if facts.get("deprecated"):
        yield f"{method}: deprecated, use {facts.get('replaced_by', 'another')}"
    params = call.get("params")
    known = facts.get("params") or {}
    if method != "batch":
        given = params if isinstance(params, Mapping) else {}
        # Some methods also take the fields of their objects as parameters: no name is wrong there.
        others = {str(name).lower() for name in given} if facts.get("open_params") else set()
        yield from _judge(method, given, known, ALWAYS_ALLOWED | others)


def _judge(place: str, given: Mapping[str, Any], known: Facts, extra: Iterable[str] = ()) -> Iterator[str]:
    lowered = {name.lower(): facts for name, facts in known.items()}
    wildcards = [name for name, facts in lowered.items() if facts.get("wildcard")]
    names = {str(name).lower() for name in given}
    for name, facts in known.items():
        if facts.get("required") is True and name.lower() not in names:
            yield f"{place}: {name} is missing"
    for name, value in given.items():
        facts = lowered.get(str(name).lower())
        if facts is None:
            if str(name).lower() not in extra and not _matches(str(name), wildcards):
                yield f"{place}: {name} is not documented"
        else:
            yield from _judge_value(f"{place}.{name}", value, facts)


def _matches(name: str, wildcards: Iterable[str]) -> bool:
    spelled = name.lower().replace("_", "")
    return any(spelled.startswith(re.split(r"[.*…]", wildcard)[0].replace("_", "")) for wildcard in wildcards)


def _judge_value(place: str, value: Any, facts: Facts) -> Iterator[str]:
    inner = facts.get("params")
    if not inner or place.endswith(("ilter", "ILTER")):
        return
    if "_variants" in inner:
        merged: dict[str, Any] = {}
        for variant in inner["_variants"].values():
            merged |= {name: {**part, "required": False} for name, part in variant.items()}
        inner = {**{name: part for name, part in inner.items() if name != "_variants"}, **merged}
    for entry in _entries(value, facts):
        if isinstance(entry, Mapping):
            yield from _judge(place, entry, inner)


def _entries(value: Any, facts: Facts) -> Iterable[Any]:
    if isinstance(value, list):
        return value
    if isinstance(value, Mapping) and facts.get("each"):
        return value.values()
    if isinstance(value, Mapping) and value and all(str(key).isdigit() for key in value):
        return value.values()
    return [value]


def main(arguments: list[str]) -> int:
    """Print the faults of recordings; answers 1 when there are any."""
    faults = [fault for name in arguments for fault in faults_in(Path(name))]
    sys.stdout.write(
        "\n".join(faults or [f"no faults against {len(load('bitrix24')['methods'])} documented methods"]) + "\n"
    )
    return 1 if faults else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))

"""Checks a call against the documented parameters of its method before the handler runs.

Unknown top-level names are kept (the real service ignores them); missing required ones, wrong types and over-long
texts are refused, in the code that the documentation of that method lists for such a mistake, when it lists one.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from sandbox.contract import method_facts
from sandbox.portal.errors import RestError

MISSING_CODES = (
    "100",
    "REQUIRED_ARG_MISSING",
    "ERROR_REQUIRED_PARAMETERS_MISSING",
    "FIELD_IS_REQUIRED",
    "ArgumentNullException",
    "ERROR_ARGUMENT",
    "WRONG_REQUEST",
    "PARAMS_ERROR",
    "",
)
INVALID_CODES = ("ERROR_ARGUMENT", "100", "WRONG_REQUEST", "")
INTEGER_TYPES = frozenset({"integer", "user", "crm_category"})
NUMBER_TYPES = frozenset({"double", "number"})
TEXT_TYPES = frozenset({"string", "text", "char", "date", "datetime", "crm_status", "crm_currency"})
TREE_TYPES = frozenset({"object", "array", "lang_map"})
POSITIONAL = "api-reference/disk/"
ORDERED = ("task.commentitem.", "task.elapseditem.", "task.checklistitem.")
"""Classes behind these methods count their arguments: the order of a request matters, its names do not."""
NO_VALUE: tuple[Any, ...] = (None, "")


@cache
def spellings(method: str) -> dict[str, str]:
    """Lower-cased parameter name → documented spelling."""
    return {name.lower(): name for name in method_facts("bitrix24", method).get("params", {})}


@cache
def exact_names(method: str) -> frozenset[str]:
    """Parameters that count in their documented spelling only.

    Methods that answer a missing parameter with code 100 bind parameters by name, and so do the methods of Drive:
    there `ID` is not `id`. Elsewhere case does not matter.
    """
    facts = method_facts("bitrix24", method)
    by_name = method.startswith("disk.") or any(error["code"] == "100" for error in facts.get("errors", ()))
    bound = {name for name in facts.get("params", {}) if by_name and name[:1].islower()}
    return frozenset(bound | set(facts.get("case_sensitive_keys", ())))


def respell(method: str, params: dict[str, Any]) -> dict[str, Any]:
    """The parameters under their documented names; wrongly spelled ones of strict methods are dropped."""
    if not params:
        return {}
    if method.startswith(ORDERED):
        params = _by_place(method, params)
    known, exact = spellings(method), exact_names(method)
    documented_names = method_facts("bitrix24", method).get("params", {})
    respelled = {}
    for key, value in params.items():
        name = key if key in documented_names else known.get(key.lower(), key)
        if name == key or name not in exact:
            respelled[name] = value
    return respelled


def _by_place(method: str, params: dict[str, Any]) -> dict[str, Any]:
    """Arguments under their documented names: those of a JSON list, and those that stand in another order than documented.

    A list may begin with a later argument, as a documented example does: an object is not taken for a number.
    """
    names = list(method_facts("bitrix24", method).get("params", {}))
    known = spellings(method)
    places = [names.index(known[key.lower()]) for key in params if key.lower() in known]
    if "0" not in params and places == sorted(places):
        return params
    types = {name: rule.get("types") for name, rule in method_facts("bitrix24", method).get("params", {}).items()}
    given = [value for key, value in params.items() if key.isdigit() or key.lower() in known]
    if "0" in params and given and isinstance(given[0], dict | list) and names and types[names[0]] == ["integer"]:
        names = names[1:]
    return dict(zip(names, given, strict=False))


def check(facts: dict[str, Any], params: dict[str, Any]) -> None:
    """Raises RestError for the first documented rule that `params` break."""
    for name, rule in facts.get("params", {}).items():
        value = params.get(name)
        if value is None or value == "":
            if rule.get("required") is True:
                raise missing(facts, name)
            continue
        check_value(facts, name, rule, value)
        nested = rule.get("params")
        if nested and isinstance(value, dict) and "_variants" not in nested and not rule.get("each"):
            _check_nested(facts, nested, value)


def _check_nested(facts: dict[str, Any], rules: dict[str, Any], values: dict[str, Any]) -> None:
    given = {key.lower(): value for key, value in values.items()}
    for name, rule in rules.items():
        if not isinstance(rule, dict):
            continue
        value = given.get(name.lower())
        if value is None or value == "":
            if rule.get("required") is True and not rule.get("default"):
                raise missing(facts, name)
            continue
        if limit := rule.get("max_length"):
            _check_length(facts, name, limit, value)


def check_value(facts: dict[str, Any], name: str, rule: dict[str, Any], value: Any) -> None:
    """Refuses a value of the wrong type or length."""
    kinds = set(rule.get("types", ()))
    if kinds and not any(_fits(kind, value) for kind in kinds):
        raise invalid(facts, name, value, "/".join(sorted(kinds)))
    if limit := rule.get("max_length"):
        _check_length(facts, name, limit, value)


def _check_length(facts: dict[str, Any], name: str, limit: int, value: Any) -> None:
    if isinstance(value, str) and len(value) > limit:
        raise invalid(facts, name, value[:20], f"string of at most {limit} characters")


def _fits(kind: str, value: Any) -> bool:
    tree = isinstance(value, dict | list)
    if kind in INTEGER_TYPES:
        return isinstance(value, int) or (isinstance(value, float | str) and _is_number(value, whole=True))
    if kind in NUMBER_TYPES:
        return isinstance(value, int | float) or (isinstance(value, str) and _is_number(value, whole=False))
    if kind in TEXT_TYPES or kind == "boolean":
        return not tree
    return tree if kind in TREE_TYPES or kind.endswith("[]") else True


def _is_number(value: float | str, *, whole: bool) -> bool:
    try:
        number = float(value)
    except ValueError:
        return False
    return not whole or number.is_integer()


def documented(facts: dict[str, Any], codes: tuple[str, ...], default: tuple[str, int]) -> tuple[str, int]:
    """The first of `codes` that the method documents, with its status; else the default."""
    listed = {error["code"]: error.get("status") or 400 for error in facts.get("errors", ())}
    for code in codes:
        if code in listed:
            return code, listed[code]
    return default


def missing(facts: dict[str, Any], name: str) -> RestError:
    """The refusal of a call that lacks a required parameter."""
    code, status = documented(facts, MISSING_CODES, ("100", 400))
    if code == "ERROR_ARGUMENT":
        return _wrong_argument(facts, name, f"Argument '{name}' is null or empty", status)
    return RestError(code, f"Could not find value for parameter {{{name}}}", status)


def _wrong_argument(facts: dict[str, Any], name: str, text: str, status: int) -> RestError:
    """The form of methods that name the argument; those of Drive, bound by position, give its place instead."""
    if facts.get("doc", "").startswith(POSITIONAL):
        place = list(facts["params"]).index(name)
        return RestError("ERROR_ARGUMENT", f"Invalid value of parameter {{Parameter #{place}}}", status)
    return RestError("ERROR_ARGUMENT", text, status, argument=name)


def invalid(facts: dict[str, Any], name: str, value: Any, wanted: str) -> RestError:
    """The refusal of a parameter of the wrong type."""
    code, status = documented(facts, INVALID_CODES, ("100", 400))
    if code == "ERROR_ARGUMENT":
        return _wrong_argument(facts, name, f"The value of an argument '{name}' must be of type {wanted}", status)
    shown = value if isinstance(value, str | int | float) else type(value).__name__
    text = f"Invalid value {{{shown}}} to match with parameter {{{name}}}. Should be value of type {wanted}."
    return RestError(code, text, status)

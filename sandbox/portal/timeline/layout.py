"""The layout of cards in the timeline: checked whole against its documented structure, normalized for reading.

Used by configurable activities and additional blocks. Unknown keys are refused, unlike everywhere else in CRM.
"""

from __future__ import annotations

import re
from typing import Any

from sandbox.contract import load
from sandbox.portal.call import is_yes, to_map
from sandbox.portal.errors import RestError
from sandbox.portal.portal import Portal
from sandbox.portal.readings import declare

Rules = dict[str, dict[str, Any]]

EMPTY_BLOCKS = declare(
    "empty_layout_blocks",
    "accepted",
    "refused",
    about="The text demands at least one block in a card's body; a sample of the same page, and the tests of the "
    "official client library, send none.",
)
KEY = re.compile(r"[A-Za-z0-9_-]+")
MAP_TYPES = frozenset({"TagDto", "FooterButtonDto", "MenuItemDto"})
LANGUAGES = [
    "ru",
    "en",
    "de",
    "la",
    "br",
    "fr",
    "it",
    "pl",
    "tr",
    "sc",
    "tc",
    "ja",
    "vn",
    "id",
    "ms",
    "th",
    "ua",
    "kz",
    "ar",
]
MOST_TAGS = 2
MOST_BLOCKS = 20


def check(portal: Portal, kind: str, value: Any) -> dict[str, Any]:
    """The normalized layout of `kind` (LayoutDto, RestAppLayoutDto). Raises RestError in the documented codes."""
    return _Checker(portal).structure(kind, value, "layout")


def empty(value: Any) -> bool:
    """Whether nothing was given."""
    return value is None or value in ("", [], {})


class _Checker:
    def __init__(self, portal: Portal) -> None:
        self.dtos: dict[str, Any] = load("bitrix24")["timeline_layout"]
        self.languages = set(portal.store.values.get("languages") or LANGUAGES)
        self.empty_blocks = portal.readings[EMPTY_BLOCKS] == "accepted"

    def structure(self, kind: str, value: Any, path: str) -> dict[str, Any]:
        given = self.mapping(value, path)
        if kind == "ContentBlockDto":
            return self.block(given, path)
        if kind == "ActionDto":
            return self.action(given, path)
        return self.fields(self.dtos[kind]["fields"], given, path)

    def mapping(self, value: Any, path: str) -> dict[str, Any]:
        if not isinstance(value, dict | list):
            raise RestError("WRONG_FIELD_VALUE", f"Field `{path}` must be an object")
        return to_map(value)

    def fields(self, rules: Rules, given: dict[str, Any], path: str) -> dict[str, Any]:
        for name in given:
            if name not in rules:
                raise RestError("FIELD_IS_REDUNDANT", f"Field `{name}` is redundant in `{path}`")
        checked = {}
        for name, rule in rules.items():
            here = f"{path}.{name}"
            if given.get(name) is None or given[name] == "":
                if rule.get("required"):
                    raise RestError("FIELD_IS_REQUIRED", f"Field `{name}` is required in `{path}`")
                continue
            checked[name] = self.field(name, rule, given[name], here)
        return checked

    def field(self, name: str, rule: dict[str, Any], value: Any, path: str) -> Any:
        kind = str(rule["types"][0])
        base = kind.removesuffix("[]")
        if kind == "textWithTranslation":
            return self.text(value, path)
        if base in MAP_TYPES or (base == "ContentBlockDto" and name == "blocks"):
            return self.items(base, rule, value, path)
        if base == "ContentBlockDto":
            return self.block(self.mapping(value, path), path, allowed=rule.get("block_types"))
        if base in self.dtos:
            return self.structure(base, value, path)
        return self.plain(kind, rule, value, path)

    def items(self, kind: str, rule: dict[str, Any], value: Any, path: str) -> dict[str, Any]:
        given = self.mapping(value, path)
        most = rule.get("max_items") or {"TagDto": MOST_TAGS, "ContentBlockDto": MOST_BLOCKS}.get(kind)
        if most and len(given) > most:
            raise RestError("TOO_MANY_ITEMS", f"Field `{path}` must have no more than {most} items")
        if kind == "ContentBlockDto" and not given and not self.empty_blocks:
            raise RestError("FIELD_IS_REQUIRED", f"Field `{path}` must have at least one item")
        checked = {}
        for key, item in given.items():
            if not KEY.fullmatch(key):
                raise RestError("KEY_CONTAIN_WRONG_SYMBOLS", f"Key `{key}` of `{path}` contains wrong symbols")
            here = f"{path}.{key}"
            if kind == "ContentBlockDto":
                checked[key] = self.block(self.mapping(item, here), here, allowed=rule.get("block_types"))
            else:
                checked[key] = self.structure(kind, item, here)
        return checked

    def block(self, given: dict[str, Any], path: str, *, allowed: list[str] | None = None) -> dict[str, Any]:
        checked = self.fields(self.dtos["ContentBlockDto"]["fields"], {"properties": {}, **given}, path)
        if allowed and checked["type"] not in allowed:
            raise RestError("ENUM_FIELD", f"Field `{path}.type` must be one of: {', '.join(allowed)}")
        rules = self.dtos["ContentBlockDto"]["by_type"][checked["type"]]["properties"]
        checked["properties"] = self.fields(rules, to_map(given.get("properties")), f"{path}.properties")
        return checked

    def action(self, given: dict[str, Any], path: str) -> dict[str, Any]:
        rules = dict(self.dtos["ActionDto"]["fields"])
        kind = given.get("type")
        variants = self.dtos["ActionDto"]["by_type"]
        if kind in variants:
            rules |= variants[kind]["fields"]
        else:
            self.fields(rules, {"type": kind}, path)
        checked = self.fields(rules, given, path)
        slider = checked.get("sliderParams", {})
        if "width" in slider and "leftBoundary" in slider:
            raise RestError("WRONG_FIELD_VALUE", f"`{path}.sliderParams` has both width and leftBoundary")
        return checked

    def text(self, value: Any, path: str) -> Any:
        if not isinstance(value, dict | list):
            return str(value)
        if not value or isinstance(value, list):
            raise RestError("WRONG_FIELD_VALUE", f"Field `{path}` must be a string or texts by language")
        for language in value:
            if language not in self.languages:
                raise RestError("WRONG_LANG", f"Language `{language}` of `{path}` is not set on the portal")
        return {language: str(text) for language, text in value.items()}

    def plain(self, kind: str, rule: dict[str, Any], value: Any, path: str) -> Any:
        if kind in {"array", "object"}:
            return self.mapping(value, path)
        if isinstance(value, dict | list):
            raise RestError("WRONG_FIELD_VALUE", f"Field `{path}` must be a {kind}")
        if kind == "boolean":
            return is_yes(value)
        choices = rule.get("enum") or (["web", "mobile"] if path.endswith(".scope") else None)
        if choices and str(value) not in choices:
            raise RestError("ENUM_FIELD", f"Field `{path}` must be one of: {', '.join(choices)}")
        if kind == "integer":
            if not str(value).isdigit():
                raise RestError("WRONG_FIELD_VALUE", f"Field `{path}` must be an integer")
            return int(value)
        return str(value)


def translated(value: Any, language: str) -> str:
    """The text that a user of `language` sees: theirs, else English, else the first."""
    if not isinstance(value, dict):
        return str(value)
    return str(value.get(language) or value.get("en") or next(iter(value.values()), ""))


def actions(layout: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Everything pressable: path (`footer.buttons.allow`, `header.title`) → action."""
    found: dict[str, dict[str, Any]] = {}
    _collect(layout, "", found)
    return found


def _collect(node: Any, path: str, found: dict[str, dict[str, Any]]) -> None:
    if not isinstance(node, dict):
        return
    for key, child in node.items():
        here = f"{path}.{key}" if path else key
        if key == "action" and isinstance(child, dict):
            found[path.removesuffix(".properties")] = child
        elif key == "titleAction":
            found[f"{path}.title"] = child
        elif key not in {"actionParams", "sliderParams"}:
            _collect(child, here, found)

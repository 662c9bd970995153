"""Reading the industry pack from its data file, strictly.

Called by services, by the manifest of custom fields and by every page that shows a form. A fault in the file stops the start with
the place named; nothing is guessed. Knows nothing of answers.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from b24app.domain.industries import (
    AuditDocument,
    AuditRules,
    Choice,
    Criterion,
    Currency,
    Kind,
    Pack,
    Price,
    Question,
    Questionnaire,
    Section,
    Words,
)
from b24app.domain.orders import REQUIRED_STEPS
from b24app.i18n import LANGUAGES

INDUSTRIES_DIR = Path(__file__).parents[1] / "industries"
PACK_FILE = INDUSTRIES_DIR / "textile.yaml"
LISTS = frozenset(
    {"units", "segments", "certificates", "incoterms", "payment_terms", "production_steps", "decline_reasons"}
)
_QUESTION_KEYS = frozenset(Question.__dataclass_fields__) - {"section"}


class PackError(Exception):
    """The data file of an industry is not well formed; the message names the place."""


@lru_cache(maxsize=1)
def pack() -> Pack:
    """Give the industry this deployment serves."""
    return read(PACK_FILE)


def read(path: Path) -> Pack:
    """Build a pack from a data file. PackError names the first place that is wrong."""
    return build(yaml.safe_load(path.read_text(encoding="utf-8")))


def build(data: Mapping[str, Any]) -> Pack:
    """Build a pack from the content of a data file. PackError names the first place that is wrong."""
    keys = ("code", "labels", "lists", "currencies", "matching", "consents", "audit", "questionnaires", "forms")
    _exactly(data, keys, "file")
    lists = {name: _choices(entries, f"lists.{name}") for name, entries in data["lists"].items()}
    if missing := LISTS - set(lists):
        raise PackError(f"lists: {', '.join(sorted(missing))} missing")
    _exactly(data["matching"], ("weights", "prior_rating", "prior_count", "suspend_below"), "matching")
    if missing := REQUIRED_STEPS - {step.code for step in lists["production_steps"]}:
        raise PackError(f"lists.production_steps: {', '.join(sorted(missing))} missing")
    weights = dict(data["matching"]["weights"])
    if sum(weights.values()) != 100:
        raise PackError(f"matching.weights: the total is {sum(weights.values())} and must be 100")
    return Pack(
        code=data["code"],
        labels=_words(data["labels"], "labels"),
        questionnaires={k: _form(k, v, lists, f"questionnaires.{k}") for k, v in data["questionnaires"].items()},
        forms={k: _form(k, v, lists, f"forms.{k}") for k, v in data["forms"].items()},
        lists=lists,
        currencies=tuple(Currency(code=c["code"], digits=c["digits"]) for c in data["currencies"]),
        weights=weights,
        prior_rating=float(data["matching"]["prior_rating"]),
        prior_count=int(data["matching"]["prior_count"]),
        suspend_below=float(data["matching"]["suspend_below"]),
        consents={
            topic: {version: _words(words, f"consents.{topic}.{version}") for version, words in versions.items()}
            for topic, versions in data["consents"].items()
        },
        audit=_audit(data["audit"]),
    )


def _audit(data: Mapping[str, Any]) -> AuditRules:
    whole = ("pass_from", "conditional_from", "conditional_days", "valid_days")
    _exactly(data, ("price", "documents", "checklist", "remind_days", *whole), "audit")
    _exactly(data["price"], ("amount_minor", "currency"), "audit.price")
    documents, checklist = [], []
    for number, entry in enumerate(data["documents"]):
        place = f"audit.documents[{number}]"
        _exactly(entry, ("code", "required", "labels"), place)
        labels = _words(entry["labels"], place)
        documents.append(AuditDocument(code=entry["code"], labels=labels, required=bool(entry["required"])))
    for number, entry in enumerate(data["checklist"]):
        place = f"audit.checklist[{number}]"
        _exactly(entry, ("code", "weight", "critical", "labels"), place)
        labels = _words(entry["labels"], place)
        weight, critical = int(entry["weight"]), bool(entry["critical"])
        checklist.append(Criterion(code=entry["code"], labels=labels, weight=weight, critical=critical))
    if (total := sum(line.weight for line in checklist)) != 100:
        raise PackError(f"audit.checklist: the weights total {total} and must be 100")
    return AuditRules(
        price=Price(amount_minor=int(data["price"]["amount_minor"]), currency=data["price"]["currency"]),
        documents=tuple(documents),
        checklist=tuple(checklist),
        remind_days=tuple(int(days) for days in data["remind_days"]),
        **{name: int(data[name]) for name in whole},
    )


def _exactly(found: Mapping[str, Any], keys: Iterable[str], place: str) -> None:
    keys = frozenset(keys)
    if unknown := set(found) - keys:
        raise PackError(f"{place}: unknown {', '.join(sorted(unknown))}")
    if missing := keys - set(found):
        raise PackError(f"{place}: {', '.join(sorted(missing))} missing")


def _words(found: Any, place: str) -> Words:
    if (
        not isinstance(found, dict)
        or set(found) != set(LANGUAGES)
        or not all(isinstance(v, str) for v in found.values())
    ):
        raise PackError(f"{place}: one text in each of {', '.join(LANGUAGES)} is needed")
    return found


def _choices(entries: Any, place: str) -> tuple[Choice, ...]:
    choices = []
    for number, entry in enumerate(entries):
        _exactly(entry, ("code", "labels"), f"{place}[{number}]")
        if not isinstance(entry["code"], str):
            raise PackError(f"{place}[{number}]: quote the code {entry['code']!r}, it is not read as text")
        choices.append(Choice(code=entry["code"], labels=_words(entry["labels"], f"{place}[{number}]")))
    if len({choice.code for choice in choices}) != len(choices):
        raise PackError(f"{place}: a code occurs twice")
    return tuple(choices)


def _form(code: str, data: Mapping[str, Any], lists: Mapping[str, tuple[Choice, ...]], place: str) -> Questionnaire:
    if unknown := set(data) - {"labels", "sections", "ordered"}:
        raise PackError(f"{place}: unknown {', '.join(sorted(unknown))}")
    sections = []
    for entry in data["sections"]:
        where = f"{place}.{entry['code']}"
        if unknown := set(entry) - {"code", "labels", "help", "questions"}:
            raise PackError(f"{where}: unknown {', '.join(sorted(unknown))}")
        sections.append(
            Section(
                code=entry["code"],
                labels=_words(entry["labels"], where),
                help=_words(entry["help"], f"{where}.help") if "help" in entry else {},
                questions=tuple(_question(item, entry["code"], lists, where) for item in entry["questions"]),
            )
        )
    pairs = tuple((first, second) for first, second in data.get("ordered", ()))
    form = Questionnaire(code=code, labels=_words(data["labels"], place), sections=tuple(sections), ordered=pairs)
    codes = [question.code for question in form.questions]
    if len(set(codes)) != len(codes):
        raise PackError(f"{place}: a question occurs twice")
    if unknown := {name for pair in pairs for name in pair} - set(codes):
        raise PackError(f"{place}.ordered: unknown {', '.join(sorted(unknown))}")
    return form


def _question(data: Mapping[str, Any], section: str, lists: Mapping[str, tuple[Choice, ...]], place: str) -> Question:
    where = f"{place}.{data.get('code', '?')}"
    if unknown := set(data) - _QUESTION_KEYS:
        raise PackError(f"{where}: unknown {', '.join(sorted(unknown))}")
    values = dict(data)
    for name in ("labels", "help", "example", "placeholder"):
        if name in values:
            _words(values[name], f"{where}.{name}")
    try:
        values["kind"] = Kind(data["kind"])
        options = values.get("options", ())
        values["options"] = lists[options] if isinstance(options, str) else _choices(options, f"{where}.options")
    except (KeyError, ValueError) as error:
        raise PackError(f"{where}: {error}") from error
    if (values["kind"] in {Kind.CHOICE, Kind.CHOICES}) != bool(values["options"]):
        raise PackError(f"{where}: options belong to choices, and only to them")
    values["questions"] = tuple(_question(item, section, lists, where) for item in data.get("questions", ()))
    if (values["kind"] is Kind.GROUP) != bool(values["questions"]):
        raise PackError(f"{where}: questions belong to groups, and only to them")
    return Question(**values, section=section)

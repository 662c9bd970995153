"""The custom fields that the application keeps on CRM objects, and how our values are written into them.

Declared fields are those of the manifest plus one per question of the questionnaires that it names. Pure; called by the installer,
which creates them, and by the CRM payload builder, which fills them. Documentation: crm.deal.userfield.add and crm.item.add.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from babel.numbers import get_currency_precision

from b24app.domain.industries import Kind, Pack, Question, Words, said
from b24app.manifest import Field, Manifest, Title

PREFIX = "UF_CRM_MP_"
PROCESS_PREFIX = "UF_CRM_{{type:{process}}}_MP_"
TEXT_ROWS = 6
LINKS = {"company": "COMPANY", "deal": "DEAL"}
USER_TYPES = {
    "string": "string",
    "text": "string",
    "integer": "integer",
    "double": "double",
    "boolean": "boolean",
    "date": "date",
    "datetime": "datetime",
    "money": "money",
    "url": "url",
    "choice": "enumeration",
    "company": "crm",
    "deal": "crm",
}
KINDS = {
    Kind.TEXT: "string",
    Kind.LONG_TEXT: "text",
    Kind.NUMBER: "double",
    Kind.INTEGER: "integer",
    Kind.CHOICE: "choice",
    Kind.CHOICES: "choice",
    Kind.BOOL: "boolean",
    Kind.DATE: "date",
    Kind.FILE: "text",
    Kind.FILES: "text",
    Kind.POINT: "string",
    Kind.LIST: "string",
    Kind.EMAIL: "string",
    Kind.PHONE: "string",
    Kind.URL: "url",
    Kind.MONEY: "money",
    Kind.GROUP: "text",
}
MULTIPLE_KINDS = {Kind.CHOICES, Kind.LIST}


@dataclass(frozen=True)
class FieldSpec:
    """One custom field: `code` as services name it, `type` of the manifest, options as (code, words)."""

    object: str
    code: str
    type: str
    words: Words
    multiple: bool = False
    options: Mapping[str, Words] = field(default_factory=dict)
    question: Question | None = None
    prefix: str = PREFIX

    @property
    def name(self) -> str:
        """The field's name on the portal."""
        return f"{self.prefix}{self.code.upper()}"


def declared_fields(manifest: Manifest, pack: Pack) -> dict[str, dict[str, FieldSpec]]:
    """Give the fields of every CRM object, by object and code, in the order people should see them."""
    declared: dict[str, dict[str, FieldSpec]] = {}
    for object_name in dict.fromkeys((*manifest.questionnaires, *manifest.fields)):
        found: dict[str, FieldSpec] = {}
        for form in manifest.questionnaires.get(object_name, ()):
            for question in pack.form(form).questions:
                found[question.code] = _merged(found.get(question.code), _of_question(object_name, question))
        for code, extra in manifest.fields.get(object_name, {}).items():
            found[code] = _of_manifest(object_name, code, extra)
        declared[object_name] = found
    for name, process in manifest.processes.items():
        prefix = PROCESS_PREFIX.format(process=name)
        specs = ((code, _of_manifest(name, code, extra)) for code, extra in process.fields.items())
        declared[name] = {code: replace(spec, prefix=prefix) for code, spec in specs}
    return declared


def _of_question(object_name: str, question: Question) -> FieldSpec:
    return FieldSpec(
        object=object_name,
        code=question.code,
        type=KINDS[question.kind],
        words=question.labels,
        multiple=question.kind in MULTIPLE_KINDS,
        options={choice.code: choice.labels for choice in question.options},
        question=question,
    )


def _merged(first: FieldSpec | None, other: FieldSpec) -> FieldSpec:
    """Let the first questionnaire describe a field that two ask for; of a choice, the options of both are needed."""
    if first is None:
        return other
    return FieldSpec(
        object=first.object,
        code=first.code,
        type=first.type,
        words=first.words,
        multiple=first.multiple or other.multiple,
        options={**other.options, **first.options},
        question=first.question,
    )


def _of_manifest(object_name: str, code: str, declared: Field) -> FieldSpec:
    return FieldSpec(
        object=object_name,
        code=code,
        type=declared.type,
        words=_words(declared.title),
        multiple=declared.multiple,
        options={option: _words(title) for option, title in declared.options.items()},
    )


def _words(title: Title) -> Words:
    return {"ru": title.ru, "uz": title.uz, "en": title.en}


def creation(spec: FieldSpec, language: str, sort: int) -> dict[str, Any]:
    """Give `fields` of crm.<object>.userfield.add; labels in the one language that the administrator chose.

    A type that is not of the manifest's is one of the portal's own codes, as those that an application draws have.
    """
    made: dict[str, Any] = {
        "USER_TYPE_ID": USER_TYPES.get(spec.type, spec.type),
        "FIELD_NAME": spec.name,
        "XML_ID": spec.code,
        "SORT": sort,
        "MULTIPLE": "Y" if spec.multiple else "N",
        "MANDATORY": "N",
        "SHOW_FILTER": "Y",
        "SETTINGS": _settings(spec),
        "LABEL": said(spec.words, language),
        **labels(spec, language),
    }
    if spec.options:
        made["LIST"] = options(spec, language)
    return {key: value for key, value in made.items() if value not in ({}, [])}


def labels(spec: FieldSpec, language: str) -> dict[str, Any]:
    """Give the labels of a field, as both creation and change take them."""
    label = said(spec.words, language)
    return {"EDIT_FORM_LABEL": label, "LIST_COLUMN_LABEL": label, "LIST_FILTER_LABEL": label}


def options(spec: FieldSpec, language: str) -> list[dict[str, Any]]:
    """Give the options of a choice; our code goes along as XML_ID, by which values are found again."""
    return [
        {"VALUE": said(words, language), "XML_ID": code, "SORT": (number + 1) * 10, "DEF": "N"}
        for number, (code, words) in enumerate(spec.options.items())
    ]


def _settings(spec: FieldSpec) -> dict[str, Any]:
    if spec.type == "text":
        return {"ROWS": TEXT_ROWS}
    if spec.type == "double":
        return {"PRECISION": 2}
    if spec.type in LINKS:
        return {LINKS[spec.type]: "Y"}
    return {}


def portal_value(spec: FieldSpec, value: Any, option_ids: Mapping[str, str], language: str) -> Any:
    """Write one of our values the way the portal's field takes it; nothing becomes an empty value.

    A choice gives option ids (unknown codes are left out), money `12.50|USD`, a boolean 1 or 0, lists of values a list, what has no
    field type of its own readable text.
    """
    if value is None or value == "":
        return [] if spec.multiple else ""
    if spec.type == "choice":
        chosen = [option_ids[code] for code in _listed(value) if code in option_ids]
        return chosen if spec.multiple else (chosen[0] if chosen else "")
    if spec.multiple:
        return [_plain(spec, item, language) for item in _listed(value)]
    return _plain(spec, value, language)


def _listed(value: Any) -> list[Any]:
    return list(value) if isinstance(value, (list, tuple)) else [value]


def _plain(spec: FieldSpec, value: Any, language: str) -> Any:
    if spec.type == "boolean":
        return "1" if value in (True, 1, "1", "true", "Y", "yes") else "0"
    if spec.type == "money":
        return _money(value)
    if spec.question is not None and isinstance(value, (dict, list)):
        return readable(spec.question, value, language)
    if isinstance(value, (dict, list)):
        return "\n".join(_lines(value))
    return value if isinstance(value, (int, float, str)) else str(value)


def _money(value: Any) -> str:
    if isinstance(value, Mapping):
        digits = get_currency_precision(str(value["currency"]))
        amount = Decimal(int(value["amount_minor"])).scaleb(-digits)
        return f"{amount:f}|{value['currency']}"
    return str(value)


def readable(question: Question, value: Any, language: str) -> str:
    """Write an answer of several parts as text: one line an entry, parts with their labels."""
    if question.kind is Kind.POINT and isinstance(value, Mapping):
        return ", ".join(str(value[part]) for part in ("lat", "lon", "address", "region") if value.get(part))
    if question.kind is Kind.GROUP:
        entries: Sequence[Any] = value if isinstance(value, list) else [value]
        return "\n".join(_entry(question.questions, entry, language) for entry in entries if isinstance(entry, Mapping))
    return "\n".join(_lines(value))


def _entry(parts: Sequence[Question], entry: Mapping[str, Any], language: str) -> str:
    said_parts = []
    for part in parts:
        answer = entry.get(part.code)
        if answer in (None, "", []):
            continue
        text = part.option_label(answer, language) if part.options and isinstance(answer, str) else _one_line(answer)
        said_parts.append(f"{part.label(language)}: {text}")
    return "; ".join(said_parts)


def _one_line(value: Any) -> str:
    return ", ".join(_lines(value))


def _lines(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        yield ", ".join(str(value.get("name") or part) for part in ([value] if value.get("name") else value.values()))
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from _lines(item)
    else:
        yield str(value)

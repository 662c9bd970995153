"""Custom fields of smart processes, which have methods and spellings of their own. Pure; called by the installer.

Documentation: userfieldconfig.add; such fields hang on `CRM_<type id>`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from b24app.bitrix24.client import Command
from b24app.bitrix24.fields import TEXT_ROWS, USER_TYPES, FieldSpec
from b24app.domain.industries import said

MODULE = "crm"
ENTITY = "CRM_{{type:{process}}}"


def creation(spec: FieldSpec, language: str, sort: int) -> dict[str, Any]:
    """Give `field` of userfieldconfig.add; the label in the language that the administrator chose, for every reader of the portal."""
    label = said(spec.words, language)
    made: dict[str, Any] = {
        "entityId": ENTITY.format(process=spec.object),
        "fieldName": spec.name,
        "userTypeId": USER_TYPES[spec.type],
        "xmlId": spec.code,
        "sort": sort,
        "multiple": "Y" if spec.multiple else "N",
        "showFilter": "Y",
        "editFormLabel": {"ru": label, "en": label},
    }
    return made | ({"settings": {"ROWS": TEXT_ROWS}} if spec.type == "text" else {})


def add(payload: Mapping[str, Any]) -> Command:
    """Give the call that makes a field."""
    return Command("userfieldconfig.add", {"moduleId": MODULE, "field": dict(payload)})


def change(payload: Mapping[str, Any], field_id: str) -> Command:
    """Give the call that brings a field's labels and place up to date; what it is cannot be changed."""
    changeable = {name: payload[name] for name in ("sort", "editFormLabel")}
    return Command("userfieldconfig.update", {"moduleId": MODULE, "id": field_id, "field": changeable})

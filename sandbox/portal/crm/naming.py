"""Spellings of CRM field names: `STAGE_ID`, `stageId`, `UF_CRM_5_1747`, `ufCrm5_1747`, `parentId136`."""

from __future__ import annotations

import re
from functools import lru_cache

_UF_NUMBERED = re.compile(r"UF_CRM_(\d+)_(\d+)")
_UF_LETTERS = re.compile(r"UF_CRM_(?:(\d+)_)?([A-Z_]+)")
_PARENT = re.compile(r"PARENT_ID_(\d+)")


@lru_cache(maxsize=20_000)
def to_upper(camel: str) -> str:
    """`isManualOpportunity` → `IS_MANUAL_OPPORTUNITY`; `parentId136` → `PARENT_ID_136`."""
    if camel.startswith("parentId") and camel[8:].isdigit():
        return f"PARENT_ID_{camel[8:]}"
    return re.sub(r"(?<!^)(?=[A-Z])", "_", camel).upper()


@lru_cache(maxsize=20_000)
def to_camel(upper: str) -> str:
    """`IS_MANUAL_OPPORTUNITY` → `isManualOpportunity`; user fields by their own documented rules."""
    if upper.startswith("UF_CRM_"):
        return _user_field(upper)
    if found := _PARENT.fullmatch(upper):
        return f"parentId{found[1]}"
    head, *rest = upper.lower().split("_")
    return head + "".join(map(str.capitalize, rest))


def _user_field(upper: str) -> str:
    if found := _UF_NUMBERED.fullmatch(upper):
        return f"ufCrm{found[1]}_{found[2]}"
    if found := _UF_LETTERS.fullmatch(upper):
        return f"ufCrm{found[1] or ''}{''.join(part.capitalize() for part in found[2].split('_'))}"
    return f"ufCrm_{upper.removeprefix('UF_CRM_')}"

"""Puts values into the codes `{Code}` of a template file: a .docx is rewritten inside, other files as text."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from html import escape
from typing import Any

from sandbox.portal.automation.placeholders import as_text
from sandbox.portal.crm import classic_view, types
from sandbox.portal.crm.naming import to_upper
from sandbox.portal.portal import Portal

NUMBER = "DocumentNumber"
OF_DOCUMENT = frozenset({NUMBER, "DocumentTitle", "DocumentCreateTime"})
CODE = re.compile(r"\{([A-Za-z][A-Za-z0-9_.]*)(?:~[^{}]*)?\}")
PARTS = re.compile(r"word/(document|header\d*|footer\d*)\.xml")


def merge(content: bytes, values: dict[str, Any]) -> bytes:
    """The file with every known code replaced; unknown ones become empty."""
    return _rewritten(content, lambda text, xml: CODE.sub(lambda found: _value(values, found[1], xml=xml), text))


def codes(content: bytes) -> list[str]:
    """The codes in a file, in order."""
    found: dict[str, None] = {}

    def note(text: str, _xml: bool) -> str:
        found.update(dict.fromkeys(CODE.findall(text)))
        return text

    _rewritten(content, note)
    return list(found)


def described(code: str, value: Any) -> dict[str, Any]:
    """What the methods that list fields say of a code; the number of the document is the one that must not be empty."""
    column = to_upper(code[:1].lower() + code[1:])
    chain = f"this.DOCUMENT.{column}" if code in OF_DOCUMENT else f"this.SOURCE.{column}"
    required = "Y" if code == NUMBER else "N"
    said = {"title": code, "value": value, "default": value, "chain": chain, "required": required}
    return {**said, "group": ["Document"]}


def _value(values: dict[str, Any], code: str, *, xml: bool) -> str:
    text = as_text(values.get(code))
    return escape(text) if xml else text


def _rewritten(content: bytes, change: Callable[[str, bool], str]) -> bytes:
    if not zipfile.is_zipfile(io.BytesIO(content)):
        try:
            return change(content.decode("utf-8"), False).encode()
        except UnicodeDecodeError:
            return content
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            part = source.read(name)
            if PARTS.fullmatch(name):
                part = change(part.decode("utf-8"), True).encode()
            target.writestr(name, part)
    return made.getvalue()


def values_of(portal: Portal, entity_type_id: int, item_id: int) -> dict[str, Any]:
    """The fields of an element as codes: `TITLE` is also `Title`, `COMPANY_ID` also `CompanyId`."""
    kind = types.find(portal, entity_type_id)
    row = portal.store.table(kind.table).get(str(item_id)) if kind else None
    if kind is None or row is None:
        return {}
    shown = classic_view.show(portal, kind, row, None, single=False)
    titled = {"".join(part.capitalize() for part in name.split("_")): value for name, value in shown.items()}
    return {**shown, **titled}

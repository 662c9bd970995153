"""`user.*` and `access.name`: employees."""

from __future__ import annotations

import re
from typing import Any

from sandbox.portal.call import Answer, Call, is_yes, to_map
from sandbox.portal.errors import RestError
from sandbox.portal.events import emit
from sandbox.portal.filters import UnknownFieldError, compile_filter, sort_rows, split_operator
from sandbox.portal.methods.user_scopes import shown
from sandbox.portal.registry import method
from sandbox.portal.store import Row

FIELDS = {
    "ID": "integer",
    "XML_ID": "string",
    "ACTIVE": "boolean",
    "NAME": "string",
    "LAST_NAME": "string",
    "SECOND_NAME": "string",
    "TITLE": "string",
    "EMAIL": "string",
    "LAST_LOGIN": "datetime",
    "DATE_REGISTER": "datetime",
    "TIME_ZONE": "string",
    "IS_ONLINE": "string",
    "TIMESTAMP_X": "datetime",
    "LAST_ACTIVITY_DATE": "datetime",
    "PERSONAL_GENDER": "string",
    "PERSONAL_PROFESSION": "string",
    "PERSONAL_WWW": "string",
    "PERSONAL_BIRTHDAY": "date",
    "PERSONAL_PHOTO": "string",
    **dict.fromkeys(("PERSONAL_ICQ", "PERSONAL_PHONE", "PERSONAL_FAX", "PERSONAL_MOBILE", "PERSONAL_PAGER"), "string"),
    **dict.fromkeys(("PERSONAL_STREET", "PERSONAL_CITY", "PERSONAL_STATE", "PERSONAL_ZIP"), "string"),
    **dict.fromkeys(("PERSONAL_COUNTRY", "PERSONAL_MAILBOX", "PERSONAL_NOTES"), "string"),
    **dict.fromkeys(("WORK_PHONE", "WORK_COMPANY", "WORK_POSITION", "WORK_DEPARTMENT", "WORK_WWW"), "string"),
    **dict.fromkeys(("WORK_FAX", "WORK_PAGER", "WORK_STREET", "WORK_MAILBOX", "WORK_CITY", "WORK_STATE"), "string"),
    **dict.fromkeys(("WORK_ZIP", "WORK_COUNTRY", "WORK_PROFILE", "WORK_LOGO", "WORK_NOTES"), "string"),
    **dict.fromkeys(("UF_SKYPE_LINK", "UF_ZOOM"), "string"),
    "UF_EMPLOYMENT_DATE": "date",
    "UF_TIMEMAN": "string",
    "UF_DEPARTMENT": "integer",
    **dict.fromkeys(("UF_INTERESTS", "UF_SKILLS", "UF_WEB_SITES", "UF_XING", "UF_LINKEDIN", "UF_TWITTER"), "string"),
    **dict.fromkeys(("UF_SKYPE", "UF_DISTRICT", "UF_PHONE_INNER"), "string"),
    "USER_TYPE": "string",
}
_BLANK: dict[str, Any] = dict.fromkeys(FIELDS, "")
SEARCHED = ("NAME", "LAST_NAME", "WORK_POSITION", "EMAIL")
PRIVATE = frozenset({"ADMIN", "LANGUAGE", "CRM_ACCESS"})
_WORD = re.compile(r"\w+")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


def describe(row: Row) -> dict[str, Any]:
    """A user the way `user.get` prints it: empty texts for what is not filled in."""
    printed = _BLANK.copy()
    for name, value in row.items():
        if name in _BLANK or name.startswith("UF_USR_"):
            printed[name] = value
    printed["IS_ONLINE"] = "Y" if row["ACTIVE"] else "N"
    printed["UF_DEPARTMENT"] = list(row.get("UF_DEPARTMENT", []))
    return printed


def kind_of(name: str) -> str | None:
    """The kind of a user field."""
    return FIELDS.get(name.upper()) or ("string" if name.upper().startswith(("UF_", "PERSONAL_", "WORK_")) else None)


@method("user.current")
def current(call: Call) -> dict[str, Any]:
    """The caller."""
    return shown(call.identity, describe(call.user))


@method("user.get", validate=False, ignores=("ADMIN_MODE", "IMAGE_RESIZE"))
def get(call: Call) -> Answer:
    """Users by filter; filter fields may also stand at the top level."""
    top = {key: value for key, value in call.params.items() if kind_of(split_operator(key)[1])}
    return _select(call, {**top, **to_map(call.get("FILTER"))})


@method("user.search", ignores=("ADMIN_MODE",), missing="UF_DEPARTMENT_NAME is not searched.")
def search(call: Call) -> Answer:
    """Users by personal data, each field as a part of the text, or FIND in all of them."""
    wanted = {**call.params, **to_map(call.get("FILTER"))}
    if find := wanted.get("FIND"):
        words = str(find).casefold().split()
        return _answer(call, [row for row in _all(call) if _found(row, words)])
    return _select(call, {f"%{key}" if key in SEARCHED else key: wanted[key] for key in wanted if kind_of(key)})


def _found(row: Row, words: list[str]) -> bool:
    held = _WORD.findall(" ".join(str(row.get(name, "")) for name in SEARCHED).casefold())
    wanted = [part for word in words for part in _WORD.findall(word)]
    return all(any(one.startswith(part) for one in held) for part in wanted)


def _all(call: Call) -> list[Row]:
    return sorted(call.portal.users.values(), key=lambda row: int(row["ID"]))


def _select(call: Call, wanted: dict[str, Any]) -> Answer:
    conditions = {key: _yes_no(key, value) for key, value in wanted.items()}
    search_text = conditions.pop("NAME_SEARCH", None)
    try:
        test = compile_filter({key.upper(): value for key, value in conditions.items()}, kind_of)
    except UnknownFieldError:
        test = None
    rows = [row for row in _all(call) if test is None or test(row)]
    if search_text:
        rows = [row for row in rows if _found(row, str(search_text).casefold().split())]
    return _answer(call, rows)


def _yes_no(key: str, value: Any) -> Any:
    return is_yes(value) if split_operator(key)[1].upper() == "ACTIVE" else value


def _answer(call: Call, rows: list[Row]) -> Answer:
    field = call.text("sort", "ID").upper()
    if kind_of(field):
        rows = sort_rows(rows, {field: call.text("order", "ASC")}, kind_of)
    answer = call.page(rows)
    answer.result = [shown(call.identity, describe(row)) for row in answer.result]
    if chosen := set(map(str, to_map(call.get("select")).values())):
        answer.result = [_narrow(item, chosen) for item in answer.result]
    return answer


def _narrow(item: dict[str, Any], chosen: set[str]) -> dict[str, Any]:
    own = "UF_*" in chosen
    return {k: v for k, v in item.items() if k in chosen or "*" in chosen or (own and k.startswith("UF_"))}


@method("user.fields")
def fields(call: Call) -> dict[str, str]:
    """Names of the fields that the caller may see, with their titles."""
    return shown(call.identity, {name: name.replace("_", " ").capitalize() for name in FIELDS})


@method("user.admin", scopes=())
def is_admin(call: Call) -> bool:
    """Whether the caller administers the portal."""
    return call.admin


def _refused_argument(text: str) -> RestError:
    return RestError("ERROR_ARGUMENT", text, 400, argument="")


def _require_inviter(call: Call) -> None:
    if not call.admin:
        raise RestError("ERROR_CORE", "access_denied", 400)


@method("user.add", validate=False, admin_only=False, missing="No invitation is sent; workgroups do not exist.")
def add(call: Call) -> int:
    """Invites an employee, or with EXTRANET an outside person into a workgroup."""
    _require_inviter(call)
    email = call.text("EMAIL")
    if not _EMAIL.fullmatch(email):
        raise _refused_argument("wrong_email")
    if any(row["EMAIL"].lower() == email.lower() for row in call.portal.users.values()):
        raise _refused_argument("A user with this email already exists")
    row = {"ACTIVE": True, "NAME": "", "LAST_NAME": "", "ADMIN": False, "LANGUAGE": "en", "CRM_ACCESS": "own"}
    row |= {"DATE_REGISTER": call.portal.stamp(), **_place(call)}
    call.portal.store.insert("users", row | _given(call) | {"USER_TYPE": row["USER_TYPE"]})
    added = list(call.portal.users.values())[-1]
    emit(call.portal, "ONUSERADD", describe(added), call.actor)
    return int(added["ID"])


def _place(call: Call) -> dict[str, Any]:
    """What says where a new user belongs. Refuses users who belong nowhere."""
    if not is_yes(call.get("EXTRANET")):
        if not call.get("UF_DEPARTMENT"):
            raise _refused_argument("no_extranet_field")
        return {"USER_TYPE": "employee"}
    groups = call.get("SONET_GROUP_ID")
    if not groups:
        raise RestError("ERROR_GROUPID", "Group code not specified", 400)
    if not all(str(group).isdigit() for group in (groups if isinstance(groups, list) else [groups])):
        raise RestError("ERROR_NO_GROUP", "Group is specified incorrectly", 400)
    return {"USER_TYPE": "extranet", "UF_DEPARTMENT": [], "CRM_ACCESS": "none"}


def _given(call: Call) -> dict[str, Any]:
    given = {key.upper(): value for key, value in call.params.items()}
    values = {key: value for key, value in given.items() if kind_of(key) and key not in PRIVATE | {"ID"}}
    if "ACTIVE" in values:
        values["ACTIVE"] = is_yes(values["ACTIVE"])
    if "UF_DEPARTMENT" in values:
        departments = values["UF_DEPARTMENT"]
        chosen = departments if isinstance(departments, list) else [departments]
        values["UF_DEPARTMENT"] = [int(item) for item in chosen if str(item).isdigit()]
    return values


@method("user.update", validate=False, admin_only=False)
def update(call: Call) -> bool:
    """Changes an employee."""
    _require_inviter(call)
    row = call.portal.users.get(call.text("ID"))
    if row is None:
        raise RestError("ERROR_CORE", "access_denied", 400)
    row.update(_given(call))
    call.portal.store.touch()
    return True


GROUPS = {"AU": "Все авторизованные пользователи", "G1": "Администраторы", "G2": "Все пользователи"}


def codes_of(user: Row) -> set[str]:
    """Access codes that a user has."""
    departments = {f"{start}{number}" for number in user.get("UF_DEPARTMENT", ()) for start in ("D", "DR")}
    return {f"U{user['ID']}", "AU", "G2", *departments, *({"G1"} if user["ADMIN"] else ())}


@method("user.access", scopes=(), missing="Workgroups and roles have no codes.")
def has_access(call: Call) -> bool:
    """Whether the caller has one of the access codes."""
    sent = call.get("ACCESS")
    wanted = {str(code) for code in to_map(sent).values()} or {str(sent)}
    return bool(wanted & codes_of(call.user))


@method("access.name", scopes=(), missing="Users, departments and three groups are named, nothing else.")
def access_name(call: Call) -> dict[str, Any]:
    """Names of access codes."""
    named = {}
    for code in map(str, to_map(call.get("ACCESS")).values()):
        user = call.portal.users.get(code[1:]) if code.startswith("U") else None
        department = call.portal.store.table("departments").get(code.lstrip("DR"))
        if code in GROUPS:
            named[code] = {"provider": "Группы", "name": GROUPS[code], "provider_id": "group"}
        elif user:
            named[code] = {"provider": "User", "name": f"{user['NAME']} {user['LAST_NAME']}", "provider_id": "user"}
        elif department and code.startswith("D"):
            named[code] = {"provider": "Department", "name": department["NAME"], "provider_id": "intranet"}
    return named

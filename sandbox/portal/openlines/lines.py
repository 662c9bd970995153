"""imopenlines.config.*: open lines with their queues of operators."""

from __future__ import annotations

from typing import Any

from sandbox.portal.call import Answer, Call, to_int, to_map
from sandbox.portal.errors import RestError
from sandbox.portal.events import emit
from sandbox.portal.hooks import listen
from sandbox.portal.identity import Actor
from sandbox.portal.listing import filtered, ordered, selected
from sandbox.portal.openlines import line_selection
from sandbox.portal.portal import Portal
from sandbox.portal.registry import method
from sandbox.portal.store import Row

TABLE = "lines"
NUMBERED = (
    "WELCOME_BOT_ID",
    "WELCOME_FORM_ID",
    *(f"{when}_{what}_ID" for when in ("NO_ANSWER", "WORKTIME_DAYOFF", "CLOSE") for what in ("FORM", "BOT")),
)
KPI: Row = {"TIME": "0", "ALERT": "N", "LIST": None, "TEXT": ""}
DEFAULTS: Row = {
    "ACTIVE": "Y",
    "LINE_NAME": "",
    "CRM": "Y",
    "CRM_CREATE": "lead",
    "CRM_CREATE_SECOND": "0",
    "CRM_CREATE_THIRD": "N",
    "CRM_FORWARD": "Y",
    "CRM_CHAT_TRACKER": "Y",
    "CRM_TRANSFER_CHANGE": "Y",
    "CRM_SOURCE": "create",
    "QUEUE_TIME": "60",
    "NO_ANSWER_TIME": "60",
    "QUEUE_TYPE": "evenly",
    "CHECK_AVAILABLE": "N",
    "WATCH_TYPING": "Y",
    "WELCOME_BOT_ENABLE": "N",
    "WELCOME_MESSAGE": "N",
    "WELCOME_MESSAGE_TEXT": "",
    "VOTE_MESSAGE": "N",
    "VOTE_MESSAGE_2_TEXT": "Оцените, пожалуйста, качество обслуживания: 1 — хорошо, 0 — плохо.",
    "VOTE_MESSAGE_2_LIKE": "Спасибо за оценку!",
    "VOTE_MESSAGE_2_DISLIKE": "Спасибо за оценку! Мы постараемся исправиться.",
    "AGREEMENT_MESSAGE": "N",
    "CATEGORY_ENABLE": "N",
    "CATEGORY_ID": "0",
    "NO_ANSWER_RULE": "none",
    "NO_ANSWER_TEXT": "",
    "WORKTIME_ENABLE": "N",
    "WORKTIME_FROM": "9",
    "WORKTIME_TO": "18.30",
    "WORKTIME_TIMEZONE": "",
    "WORKTIME_DAYOFF": [],
    "WORKTIME_HOLIDAYS": [""],
    "WORKTIME_DAYOFF_RULE": "none",
    "WORKTIME_DAYOFF_TEXT": "",
    "CLOSE_RULE": "none",
    "CLOSE_TEXT": "",
    "FULL_CLOSE_TIME": "10",
    "AUTO_CLOSE_RULE": "none",
    "AUTO_CLOSE_TIME": "14400",
    "AUTO_CLOSE_TEXT": "",
    "AUTO_EXPIRE_TIME": "86400",
    "TEMPORARY": "N",
    "XML_ID": None,
    "LANGUAGE_ID": "ru",
    "SESSION_PRIORITY": "0",
    "TYPE_MAX_CHAT": "answered_new",
    "MAX_CHAT": "0",
    "OPERATOR_DATA": "profile",
    "CONFIRM_CLOSE": "N",
    "VOTE_TIME_LIMIT": "0",
    "VOTE_BEFORE_FINISH": "Y",
    "VOTE_CLOSING_DELAY": "Y",
    "VOTE_MESSAGE_1_TEXT": "Оцените, пожалуйста, качество обслуживания.",
    "VOTE_MESSAGE_1_LIKE": "Спасибо за оценку!",
    "VOTE_MESSAGE_1_DISLIKE": "Спасибо за оценку! Мы постараемся исправиться.",
    "AGREEMENT_ID": "0",
    "WELCOME_BOT_JOIN": "always",
    "WELCOME_BOT_TIME": "0",
    "WELCOME_BOT_LEFT": "close",
    **dict.fromkeys(NUMBERED, "0"),
    "AUTO_CLOSE_FORM_ID": "0",
    "AUTO_CLOSE_BOT_ID": "0",
    "QUICK_ANSWERS_IBLOCK_ID": "0",
    "DEFAULT_OPERATOR_DATA": [],
    "KPI_CHECK_OPERATOR_ACTIVITY": "N",
    "SEND_NOTIFICATION_EMPTY_QUEUE": "N",
    "USE_WELCOME_FORM": "N",
    "WELCOME_FORM_DELAY": "Y",
    "SEND_WELCOME_EACH_SESSION": "N",
    "IGNORE_WELCOME_FORM_RESPONSIBLE": "N",
    **{f"KPI_{when}_ANSWER_{name}": value for when in ("FIRST", "FURTHER") for name, value in KPI.items()},
}
LISTS = frozenset({"WORKTIME_DAYOFF", "WORKTIME_HOLIDAYS"})
WITHOUT_EFFECT = "Queue times, welcome bots and forms are kept, not acted upon."
HIDDEN = ("_queue",)
COLUMNS = frozenset({"ID", *DEFAULTS, "DATE_CREATE", "DATE_MODIFY", "MODIFY_USER_ID"})


@listen("seed")
def seed(portal: Portal) -> None:
    """The line that every portal has."""
    add(portal, "1", {"LINE_NAME": "Открытая линия"}, [["user", user_id] for user_id in ("1", "2", "3")])


def add(portal: Portal, user_id: str, params: Row, queue: list[list[str]]) -> Row:
    """A new line; `queue` holds pairs of `user` or `department` and id."""
    now = portal.stamp()
    row = {
        **DEFAULTS,
        "DATE_CREATE": now,
        "DATE_MODIFY": now,
        "MODIFY_USER_ID": user_id,
        **params,
        "_queue": queue,
    }
    portal.store.insert(TABLE, row)
    row["LINE_NAME"] = row["LINE_NAME"] or f"Open channel {row['ID']}"
    return row


def find(portal: Portal, line_id: Any) -> Row | None:
    """A line by number."""
    return portal.store.table(TABLE).get(str(line_id))


def every(portal: Portal) -> list[Row]:
    """All lines."""
    return list(portal.store.rows(TABLE))


def active(portal: Portal, line_id: Any) -> bool:
    """Whether a line exists and takes dialogs."""
    row = find(portal, line_id)
    return row is not None and row["ACTIVE"] == "Y"


def operators(portal: Portal, row: Row) -> list[str]:
    """Employees of the queue in order, departments unfolded."""
    found: list[str] = []
    for kind, item_id in row["_queue"]:
        if kind == "department":
            people = (user for user in portal.users.values() if to_int(item_id) in user.get("UF_DEPARTMENT", ()))
            found += [user["ID"] for user in people]
        else:
            found.append(item_id)
    return [user_id for user_id in dict.fromkeys(found) if portal.users.get(user_id, {}).get("ACTIVE")]


def _columns(params: dict[str, Any]) -> tuple[Row, list[list[str]] | None]:
    fields = {name.upper(): value for name, value in params.items()}
    queue = fields.pop("QUEUE", None)
    row = {name: _kept(name, value) for name, value in fields.items() if name in DEFAULTS}
    if queue is None:
        return row, None
    return row, [_place(item) for item in to_map(queue).values()]


def _kept(name: str, value: Any) -> Any:
    if name in LISTS:
        return [str(item) for item in to_map(value).values()] if isinstance(value, list | dict) else split(value)
    return value if value is None or name == "DEFAULT_OPERATOR_DATA" else str(value)


def split(value: Any) -> list[str]:
    """The parts of a text between commas; an empty text has one empty part, as lines print it."""
    return str(value or "").replace(" ", "").split(",")


def _place(item: Any) -> list[str]:
    if isinstance(item, dict):
        return [str(item.get("ENTITY_TYPE", "user")).lower(), str(item.get("ENTITY_ID", ""))]
    return ["user", str(item)]


@method("imopenlines.config.add", missing=WITHOUT_EFFECT)
def config_add(call: Call) -> int:
    """A new line; without a queue the caller answers alone."""
    params, queue = _columns(call.mapping("PARAMS"))
    return int(add(call.portal, call.user_id, params, queue or [["user", call.user_id]])["ID"])


def _required(call: Call) -> Row | None:
    if call.integer("CONFIG_ID") <= 0:
        raise RestError("CONFIG_ID_EMPTY", "Config ID can't be empty")
    return find(call.portal, call.integer("CONFIG_ID"))


def _changeable(call: Call) -> Row:
    row = _required(call)
    if row is None or not call.admin:
        raise RestError("CONFIG_WRONG_USER_PERMISSION", "Permission denied", 403)
    return row


@method("imopenlines.config.update", validate=False, missing=WITHOUT_EFFECT)
def config_update(call: Call) -> bool:
    """Changes a line."""
    row = _changeable(call)
    params, queue = _columns(call.mapping("PARAMS"))
    row.update(params, DATE_MODIFY=call.portal.stamp(), MODIFY_USER_ID=call.user_id)
    if queue is not None:
        row["_queue"] = queue
    call.portal.store.touch()
    return True


@method("imopenlines.config.delete", validate=False)
def config_delete(call: Call) -> bool:
    """Deletes a line; connector owners are told its number."""
    row = _changeable(call)
    del call.portal.store.table(TABLE)[row["ID"]]
    for key in [key for key in call.portal.store.table("connector_states") if key.endswith(f":{row['ID']}")]:
        del call.portal.store.table("connector_states")[key]
    call.portal.store.touch()
    emit(call.portal, "OnImConnectorLineDelete", int(row["ID"]), Actor(call.user_id))
    return True


def shown(portal: Portal, row: Row, *, queue: bool) -> Row:
    """A line as methods print it."""
    plain = {key: value for key, value in row.items() if key not in HIDDEN}
    if not queue:
        return plain
    people = operators(portal, row)
    blank = {"USER_NAME": None, "USER_WORK_POSITION": None, "USER_AVATAR": None, "USER_AVATAR_ID": "0"}
    full = {
        user_id: {"ID": str(place + 1), "SORT": str(place), "USER_ID": user_id, "DEPARTMENT_ID": "0", **blank}
        for place, user_id in enumerate(people)
    }
    users = {user_id: dict(blank) for user_id in people}
    return {**plain, "QUEUE": people, "QUEUE_FULL": full, "QUEUE_USERS_FIELDS": users, "QUEUE_ONLINE": "Y"}


@method("imopenlines.config.get", validate=False, ignores=("SHOW_OFFLINE",))
def config_get(call: Call) -> Row | bool:
    """One line; False when it does not exist."""
    row = _required(call)
    if row is None:
        return False
    # Its moments come as empty objects, unlike those of imopenlines.config.list.get.
    return shown(call.portal, row, queue=call.text("WITH_QUEUE", "Y") != "N") | {"DATE_CREATE": {}, "DATE_MODIFY": {}}


@method("imopenlines.config.list.get")
def config_list(call: Call) -> Answer:
    """Lines by filter."""
    wanted = line_selection.read(call, COLUMNS)
    rows = ordered(filtered(call.portal.store.rows(TABLE), wanted.filter), wanted.order, {"ID": "ASC"})
    rows = rows[wanted.start : wanted.start + wanted.limit]
    lines = [selected(shown(call.portal, row, queue=False), wanted.select) for row in rows]
    if wanted.queue:
        lines = [{**line, **_queue(call.portal, row)} for line, row in zip(lines, rows, strict=True)]
    if wanted.config_queue:
        queues = [[{"ENTITY_ID": item_id, "ENTITY_TYPE": kind} for kind, item_id in row["_queue"]] for row in rows]
        lines = [{**line, "CONFIG_QUEUE": queue} for line, queue in zip(lines, queues, strict=True)]
    return Answer(lines)


def _queue(portal: Portal, row: Row) -> Row:
    people = {user_id: portal.users[user_id] for user_id in operators(portal, row)}
    shown_as = {
        user_id: {
            "USER_NAME": f"{person['NAME']} {person['LAST_NAME']}".strip(),
            "USER_WORK_POSITION": person.get("WORK_POSITION") or None,
            "USER_AVATAR": "",
            "USER_AVATAR_ID": None,
        }
        for user_id, person in people.items()
    }
    return {"QUEUE": [int(user_id) for user_id in people], "QUEUE_USERS_FIELDS": shown_as}


@method("imopenlines.config.path.get")
def config_path(call: Call) -> dict[str, str]:
    """Where lines are set up."""
    return {"SERVER_ADDRESS": f"http://{call.portal.domain}", "PUBLIC_PATH": "/contact_center/openlines"}


@method("imopenlines.revision.get")
def revision(_call: Call) -> dict[str, int]:
    """Revisions of the programming interface."""
    return {"rest": 3, "web": 1, "mobile": 1}

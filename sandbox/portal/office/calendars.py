"""calendar.event.* and calendar.section.*: events of people and of the company."""

from __future__ import annotations

from datetime import datetime, timedelta

from sandbox.portal import moments
from sandbox.portal.call import Call, is_yes, to_int, to_map
from sandbox.portal.errors import RestError
from sandbox.portal.events import emit
from sandbox.portal.im import chats
from sandbox.portal.portal import ZONE, Portal
from sandbox.portal.registry import method
from sandbox.portal.store import Row

EVENTS, SECTIONS = "calendar_events", "calendar_sections"
PLAIN = ("description", "color", "text_color", "accessibility", "importance", "private_event", "location")
MEETING_FLAGS = ("NOTIFY", "REINVITE", "ALLOW_INVITE", "HIDE_GUESTS")
BLANK: Row = {
    "ORIGINAL_DATE_FROM": None,
    "TZ_FROM": "Europe/Moscow",
    "TZ_TO": "Europe/Moscow",
    "TZ_OFFSET_FROM": "10800",
    "TZ_OFFSET_TO": "10800",
    "EVENT_TYPE": None,
    "PRIVATE_EVENT": "",
    "ACCESSIBILITY": "busy",
    "IMPORTANCE": "normal",
    "MEETING_STATUS": "H",
    "LOCATION": "",
    "REMIND": [],
    "COLOR": "",
    "RRULE": None,
    "EXDATE": "",
    "DAV_XML_ID": "",
    "G_EVENT_ID": "",
    "DAV_EXCH_LABEL": "",
    "CAL_DAV_LABEL": "",
    "VERSION": "1",
    "RECURRENCE_ID": None,
    "RELATIONS": None,
    "SYNC_STATUS": None,
    "UF_CRM_CAL_EVENT": False,
    "UF_WEBDAV_CAL_EVENT": False,
    "SECTION_DAV_XML_ID": None,
    "COLLAB_ID": None,
    "~RRULE_DESCRIPTION": "",
    "attendeesEntityList": [],
    "~USER_OFFSET_FROM": 0,
    "~USER_OFFSET_TO": 0,
}
SHOWN_AS = "%d.%m.%Y %H:%M:%S"
WITHOUT_EFFECT = "Recurrence, reminders, invitations and answers of guests are kept, not acted upon."


def _required(call: Call, *names: str) -> None:
    for name in names:
        if call.get(name) is None and call.get(f"{name}_ts") is None:
            text = f'The required parameter "{name}" for the method "{call.method}" is not set'
            raise RestError("", text)


def _owner(call: Call) -> tuple[str, str]:
    kind = call.text("type")
    owner = call.text("ownerId") or (call.user_id if kind == "user" else "0")
    foreign = kind == "user" and owner != call.user_id and not call.admin
    if kind not in {"user", "group", "company_calendar", "location"} or foreign:
        raise RestError("", "Access denied")
    return kind, owner


def section_of(portal: Portal, kind: str, owner: str) -> Row:
    """The first calendar of an owner, made at first use."""
    for row in portal.store.rows(SECTIONS):
        if row["CAL_TYPE"] == kind and row["OWNER_ID"] == owner:
            return row
    name = chats.full_name(portal, owner) if kind == "user" else "Company"
    return _add_section(portal, kind, owner, {"NAME": name})


def _add_section(portal: Portal, kind: str, owner: str, values: Row) -> Row:
    now = portal.stamp()
    row = {
        "NAME": "",
        "DESCRIPTION": "",
        "COLOR": "#9dcf00",
        "TEXT_COLOR": "",
        "EXPORT": {"ALLOW": True},
        "CAL_TYPE": kind,
        "OWNER_ID": owner,
        "CREATED_BY": owner,
        "DATE_CREATE": now,
        "TIMESTAMP_X": now,
        **values,
    }
    return portal.store.insert(SECTIONS, row)


LAST_STAMP, MAX_DAYS = 253_370_000_000, 3650


def _moment(call: Call, name: str) -> datetime | None:
    if (stamp := to_int(call.get(f"{name}_ts"))) > 0:
        return datetime.fromtimestamp(min(stamp, LAST_STAMP), ZONE)
    value = call.get(name)
    if value is None:
        return None
    if parsed := moments.parse(value):
        return parsed
    raise RestError("", f'Invalid value for the parameter "{name}"')


def _columns(call: Call) -> Row:
    row: Row = {}
    if isinstance(call.get("name"), dict | list):
        raise RestError("", 'Invalid value for the parameter "name"')
    if call.get("name") is not None:
        row["NAME"] = call.text("name")
    for name in PLAIN:
        if call.get(name) is not None:
            row[name.upper()] = call.text(name)
    for name, column in (("from", "_from"), ("to", "_to")):
        if moment := _moment(call, name):
            row[column] = moments.iso(moment)
    return row | _extras(call)


def _rule(sent: Row) -> Row | str:
    """A repetition as events print it: days as a map, the last day also as a number; nothing without a frequency."""
    rule = {str(name).upper(): value for name, value in sent.items()}
    if not rule.get("FREQ"):
        return ""
    if "BYDAY" in rule:
        rule["BYDAY"] = {str(day): str(day) for day in to_map(rule["BYDAY"]).values()}
    rule["INTERVAL"] = to_int(rule.get("INTERVAL"), 1)
    if until := moments.parse(rule.get("UNTIL")):
        shown = until.strftime(SHOWN_AS.partition(" ")[0])
        rule |= {"UNTIL": shown, "~UNTIL": shown, "UNTIL_TS": int(until.timestamp())}
    return rule


def _extras(call: Call) -> Row:
    row: Row = {}
    if call.get("skip_time") is not None:
        row["DT_SKIP_TIME"] = "Y" if is_yes(call.get("skip_time")) else "N"
    if call.get("rrule") is not None:
        row["RRULE"] = _rule(call.mapping("rrule"))
    if call.get("remind") is not None:
        row["REMIND"] = list(call.mapping("remind").values())
    if call.get("attendees") is not None:
        row["_attendees"] = [str(user_id) for user_id in call.mapping("attendees").values()]
    if call.get("meeting") is not None:
        sent = {name.upper(): is_yes(value) for name, value in call.mapping("meeting").items()}
        row["_meeting"] = {name: value for name, value in sent.items() if name in MEETING_FLAGS}
    if (links := call.get("crm_fields")) is not None:
        if not isinstance(links, dict | list):
            raise RestError("", "The list of event links to CRM must be an array")
        row["UF_CRM_CAL_EVENT"] = [str(link) for link in to_map(links).values()]
    return row


def _section_id(call: Call, kind: str, owner: str) -> str:
    if not call.get("section"):
        return str(section_of(call.portal, kind, owner)["ID"])
    row = call.portal.store.table(SECTIONS).get(call.text("section"))
    if row is None or row["CAL_TYPE"] != kind:
        raise RestError("", "You specified an invalid calendar section ID or the user does not have access to it")
    return str(row["ID"])


@method("calendar.event.add", validate=False, missing=WITHOUT_EFFECT)
def event_add(call: Call) -> int:
    """A new event."""
    _required(call, "type", "ownerId", "name", "from", "to")
    kind, owner = _owner(call)
    row = {
        "CAL_TYPE": kind,
        "OWNER_ID": owner,
        "SECTION_ID": _section_id(call, kind, owner),
        "CREATED_BY": call.user_id,
        "_created": call.portal.stamp(),
        "_host_name": f"{call.user['NAME']} {call.user['LAST_NAME']}".strip(),
        "DESCRIPTION": "",
        "DT_SKIP_TIME": "N",
        "_attendees": [],
        **_columns(call),
    }
    call.portal.store.insert(EVENTS, row)
    emit(call.portal, "OnCalendarEntryAdd", {"id": row["ID"]}, call.actor)
    return int(row["ID"])


def _find(call: Call) -> Row:
    _required(call, "id")
    row = call.portal.store.table(EVENTS).get(call.text("id"))
    if row is None:
        raise RestError("", "Event not found")
    if row["CAL_TYPE"] == "user" and row["OWNER_ID"] != call.user_id and not call.admin:
        raise RestError("", "Access denied")
    return row


@method("calendar.event.update", validate=False, missing=WITHOUT_EFFECT)
def event_update(call: Call) -> int:
    """Changes an event."""
    _required(call, "id", "type", "ownerId")
    row = _find(call)
    kind, owner = _owner(call)
    if call.get("section"):
        row["SECTION_ID"] = _section_id(call, kind, owner)
    row.update(_columns(call))
    call.portal.store.touch()
    emit(call.portal, "OnCalendarEntryUpdate", {"id": row["ID"]}, call.actor)
    return int(row["ID"])


@method("calendar.event.delete", validate=False)
def event_delete(call: Call) -> bool:
    """Deletes an event."""
    if call.get("id") is None:
        raise RestError("", "Event id not specified")
    row = _find(call)
    del call.portal.store.table(EVENTS)[row["ID"]]
    call.portal.store.touch()
    emit(call.portal, "OnCalendarEntryDelete", {"id": row["ID"]}, call.actor)
    return True


@method("calendar.event.getbyid", validate=False)
def event_get(call: Call) -> Row:
    """One event."""
    return shown(_find(call))


@method("calendar.event.get", validate=False, missing="Repetitions are not unfolded.")
def event_list(call: Call) -> list[Row]:
    """Events of an owner that touch a period (by default a month back and three ahead)."""
    _required(call, "type", "ownerId")
    kind, owner = _owner(call)
    start = _moment(call, "from") or call.portal.now() - timedelta(days=30)
    end = _moment(call, "to") or call.portal.now() + timedelta(days=90)
    sections = {str(section) for section in call.mapping("section").values()}
    return [
        shown(row)
        for row in _in_period(call.portal, start, end)
        if (row["CAL_TYPE"], row["OWNER_ID"]) == (kind, owner) and (not sections or row["SECTION_ID"] in sections)
    ]


@method("calendar.event.get.nearest", ignores=("detailUrl", "forCurrentUser"))
def event_nearest(call: Call) -> list[Row]:
    """The next events of an owner."""
    owner, kind = call.text("ownerId") or call.user_id, call.text("type") or "user"
    now = call.portal.now()
    rows = _in_period(call.portal, now, now + timedelta(days=min(call.integer("days", 60) or 60, MAX_DAYS)))
    found = [shown(row) for row in rows if (row["CAL_TYPE"], row["OWNER_ID"]) == (kind, owner)]
    return found[: call.integer("maxEventsCount") or None]


def _in_period(portal: Portal, start: datetime, end: datetime) -> list[Row]:
    rows = [
        row
        for row in portal.store.rows(EVENTS)
        if datetime.fromisoformat(row["_from"]) <= end and datetime.fromisoformat(row["_to"]) >= start
    ]
    return sorted(rows, key=lambda row: str(row["_from"]))


def shown(row: Row) -> Row:
    """An event as methods print it."""
    start, end = (datetime.fromisoformat(row[key]) for key in ("_from", "_to"))
    plain = {key: value for key, value in row.items() if not key.startswith("_")}
    return {
        **BLANK,
        **plain,
        "DATE_FROM_FORMATTED": start.strftime("%a %b %d %Y %H:%M:%S"),
        "DATE_TO_FORMATTED": end.strftime("%a %b %d %Y %H:%M:%S"),
        "TIMESTAMP_X": datetime.fromisoformat(row["_created"]).strftime(SHOWN_AS),
        "~DESCRIPTION": row["DESCRIPTION"],
        "PARENT_ID": row["ID"],
        "DELETED": "N",
        "DATE_FROM": start.strftime(SHOWN_AS),
        "DATE_TO": end.strftime(SHOWN_AS),
        "DATE_FROM_TS_UTC": str(int(start.timestamp())),
        "DATE_TO_TS_UTC": str(int(end.timestamp())),
        "DT_LENGTH": int((end - start).total_seconds()),
        "DATE_CREATE": datetime.fromisoformat(row["_created"]).strftime(SHOWN_AS),
        "IS_MEETING": bool(row["_attendees"]),
        "MEETING_HOST": row["CREATED_BY"],
        "MEETING": {
            "HOST_NAME": row.get("_host_name", ""),
            **dict.fromkeys(MEETING_FLAGS, False),
            **row.get("_meeting", {}),
            "MEETING_CREATOR": to_int(row["CREATED_BY"]),
            "LANGUAGE_ID": "ru",
            "MAIL_FROM": "",
        },
        "SECT_ID": row["SECTION_ID"],
        "ATTENDEES_CODES": [f"U{user_id}" for user_id in row["_attendees"]],
        "ATTENDEE_LIST": [
            {"id": to_int(user_id), "entryId": row["ID"], "status": "Q"} for user_id in row["_attendees"]
        ],
    }


@method("calendar.section.get", validate=False)
def section_get(call: Call) -> list[Row]:
    """The calendars of an owner."""
    _required(call, "type")
    kind, owner = _owner(call)
    section_of(call.portal, kind, owner)
    rows = call.portal.store.rows(SECTIONS)
    return [row for row in rows if (row["CAL_TYPE"], row["OWNER_ID"]) == (kind, owner)]


@method("calendar.section.add", validate=False, ignores=("export",))
def section_add(call: Call) -> int:
    """A new calendar."""
    _required(call, "type", "ownerId", "name")
    kind, owner = _owner(call)
    values = {
        name.upper(): call.text(name) for name in ("name", "description", "color", "text_color") if call.get(name)
    }
    return int(_add_section(call.portal, kind, owner, values)["ID"])


def _section(call: Call) -> Row:
    _required(call, "type", *(() if call.text("type") == "user" else ("ownerId",)))
    if call.get("id") is None:
        raise RestError("", "Section ID is not set")
    row = call.portal.store.table(SECTIONS).get(call.text("id"))
    if row is None or (row["CAL_TYPE"], row["OWNER_ID"]) != _owner(call):
        raise RestError("", "Access denied")
    return row


@method("calendar.section.update", validate=False, ignores=("export",))
def section_update(call: Call) -> int:
    """Changes a calendar."""
    row = _section(call)
    for name in ("name", "description", "color", "text_color"):
        if call.get(name) is not None:
            row[name.upper()] = call.text(name)
    call.portal.store.touch()
    return int(row["ID"])


@method("calendar.section.delete", validate=False)
def section_delete(call: Call) -> bool:
    """Deletes a calendar with its events."""
    row = _section(call)
    events = call.portal.store.table(EVENTS)
    for event_id in [event_id for event_id, event in events.items() if event["SECTION_ID"] == row["ID"]]:
        del events[event_id]
    del call.portal.store.table(SECTIONS)[row["ID"]]
    call.portal.store.touch()
    return True

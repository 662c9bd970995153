"""telephony.externalCall.*: calls that an application reports, bound to CRM by number."""

from __future__ import annotations

from typing import Any

from sandbox.portal import moments
from sandbox.portal.call import Call, is_yes
from sandbox.portal.crm import items, multifields, types
from sandbox.portal.disk import contents, objects, uploads
from sandbox.portal.errors import RestError
from sandbox.portal.events import emit
from sandbox.portal.openlines import downloads
from sandbox.portal.portal import Portal
from sandbox.portal.registry import method
from sandbox.portal.store import Row
from sandbox.portal.timeline import activities, owners

TABLE = "calls"
NUMBERS = {"USER_PHONE_INNER": "UF_PHONE_INNER"} | {
    name: name for name in ("WORK_PHONE", "PERSONAL_PHONE", "PERSONAL_MOBILE")
}
SEARCHED = (("CONTACT", types.CONTACT), ("COMPANY", types.COMPANY), ("LEAD", types.LEAD))


def refused(text: str) -> RestError:
    """The commonest refusal of these methods."""
    return RestError("ERROR_CORE", text)


def _digits(value: Any) -> str:
    return "".join(letter for letter in str(value) if letter.isdigit())


def by_number(portal: Portal, number: str) -> list[tuple[str, Row]]:
    """Elements of CRM with a phone number."""
    wanted = _digits(number)
    return [
        (name, row)
        for name, type_id in SEARCHED
        for row in portal.store.rows(f"crm_{type_id}")
        if any(entry["typeId"] == "PHONE" and _digits(entry["value"]) == wanted for entry in row.get("fm") or ())
    ]


def _employee(call: Call) -> str:
    user_id, inner = call.text("USER_ID"), call.text("USER_PHONE_INNER")
    if not user_id and not inner:
        raise refused("USER_ID or USER_PHONE_INNER should be set")
    for row in call.portal.users.values():
        if row["ACTIVE"] and (row["ID"] == user_id or (not user_id and row.get("UF_PHONE_INNER") == inner)):
            return str(row["ID"])
    raise refused("User is not found or is not active")


@method("telephony.externalCall.register", validate=False, ignores=("CALL_LIST_ID", "ADD_TO_CHAT", "CRM_SOURCE"))
def register(call: Call) -> dict[str, Any]:
    """A call begins; a stranger becomes a lead when CRM_CREATE is 1."""
    user_id = _employee(call)
    if call.integer("TYPE") not in range(1, 6):
        raise refused("Unknown TYPE")
    if not 5 <= len(_digits(call.get("PHONE_NUMBER"))) <= 15:
        raise refused("Unsupported phone number format")
    if call.get("CALL_START_DATE") and moments.parse(call.get("CALL_START_DATE")) is None:
        raise refused("CALL_START_DATE should be in the ISO-8601 format")
    kind, item_id, created = _element(call)
    call_id = f"externalCall.{call.portal.store.hex_secret()}.{int(call.portal.clock.timestamp())}"
    call.portal.store.table(TABLE)[call_id] = {
        "ID": call.portal.store.next_id(TABLE),
        "CALL_ID": call_id,
        "EXTERNAL_CALL_ID": call.get("EXTERNAL_CALL_ID"),
        "PORTAL_USER_ID": user_id,
        "PHONE_NUMBER": call.text("PHONE_NUMBER"),
        "PORTAL_NUMBER": call.text("LINE_NUMBER"),
        "INCOMING": str(call.integer("TYPE")),
        "CRM_ENTITY_TYPE": kind,
        "CRM_ENTITY_ID": item_id,
        "shown_to": [user_id] if is_yes(call.get("SHOW", "1")) else [],
        "finished": False,
        "app_id": call.app["ID"],
    }
    call.portal.store.touch()
    return {
        "CALL_ID": call_id,
        "CRM_CREATED_LEAD": item_id if created else None,
        "CRM_CREATED_ENTITIES": [{"ENTITY_TYPE": kind, "ENTITY_ID": item_id}] if created else [],
        "CRM_ENTITY_TYPE": kind,
        "CRM_ENTITY_ID": item_id,
    }


def _element(call: Call) -> tuple[str | None, int | None, bool]:
    if call.get("CRM_ENTITY_TYPE") and call.integer("CRM_ENTITY_ID"):
        return call.text("CRM_ENTITY_TYPE").upper(), call.integer("CRM_ENTITY_ID"), False
    found = by_number(call.portal, call.text("PHONE_NUMBER"))
    if found:
        return found[0][0], int(found[0][1]["id"]), False
    if not is_yes(call.get("CRM_CREATE")):
        return None, None, False
    entry = {"id": 0, "typeId": "PHONE", "valueType": "WORK", "value": call.text("PHONE_NUMBER")}
    values: Row = {"title": call.text("PHONE_NUMBER"), "fm": multifields.merge(call.portal, [], [entry])}
    row = items.add(call.portal, types.require(call.portal, types.LEAD), values, call.actor)
    return "LEAD", int(row["id"]), True


def _find(call: Call) -> Row:
    row = call.portal.store.table(TABLE).get(call.text("CALL_ID"))
    if row is None:
        raise refused("Call is not found (call should be registered prior to finishing)")
    return row


@method("telephony.externalCall.finish", validate=False, ignores=("RECORD_URL", "ADD_TO_CHAT"))
def finish(call: Call) -> dict[str, Any]:
    """A call ends: the record of statistics and the activity in CRM."""
    if not isinstance(call.get("CALL_ID"), str):
        raise RestError("INVALID_ARGUMENT", "CALL_ID must be a string")
    row, user_id = _find(call), _employee(call)
    duration = call.integer("DURATION")
    status = call.text("STATUS_CODE") or ("200" if duration else "304")
    if not row["finished"]:
        row["activity"] = _activity(call, row, user_id, duration)
        row["finished"] = True
        data = {"CALL_ID": row["CALL_ID"], "CALL_TYPE": row["INCOMING"], "PHONE_NUMBER": row["PHONE_NUMBER"]}
        more = {"PORTAL_USER_ID": user_id, "CALL_DURATION": str(duration), "CALL_FAILED_CODE": status}
        emit(call.portal, "OnVoximplantCallEnd", {**data, **more, "CRM_ACTIVITY_ID": row["activity"]}, call.actor)
    keys = (
        "CALL_ID",
        "EXTERNAL_CALL_ID",
        "PHONE_NUMBER",
        "PORTAL_NUMBER",
        "INCOMING",
        "CRM_ENTITY_TYPE",
        "CRM_ENTITY_ID",
    )
    return {
        **{key: row[key] for key in keys},
        "ID": int(row["ID"]),
        "PORTAL_USER_ID": int(user_id),
        "CALL_DURATION": duration,
        "CALL_START_DATE": {},
        "CALL_STATUS": 1 if status == "200" else 0,
        "CALL_VOTE": call.integer("VOTE"),
        "COST": call.get("COST", 0),
        "COST_CURRENCY": call.text("COST_CURRENCY"),
        "CALL_FAILED_CODE": status,
        "CALL_FAILED_REASON": call.text("FAILED_REASON"),
        "REST_APP_ID": call.app["ID"],
        "REST_APP_NAME": call.app["title"],
        "CRM_ACTIVITY_ID": row["activity"],
        "COMMENT": None,
    }


def _activity(call: Call, row: Row, user_id: str, duration: int) -> int | None:
    number = owners.type_id(row["CRM_ENTITY_TYPE"])
    if number is None or owners.find(call.portal, number, row["CRM_ENTITY_ID"]) is None:
        return None
    values = {
        "TYPE_ID": "2",
        "PROVIDER_ID": "VOXIMPLANT_CALL",
        "PROVIDER_TYPE_ID": "CALL",
        "SUBJECT": f"{'Outgoing' if row['INCOMING'] == '1' else 'Incoming'} call {row['PHONE_NUMBER']}",
        "DIRECTION": "2" if row["INCOMING"] == "1" else "1",
        "COMPLETED": "Y" if duration else "N",
        "RESPONSIBLE_ID": user_id,
        "ORIGIN_ID": f"VI_{row['CALL_ID']}",
    }
    return int(activities.add(call.portal, call.actor, number, row["CRM_ENTITY_ID"], values)["ID"])


@method("telephony.externalCall.show", "telephony.externalCall.hide", validate=False)
def show(call: Call) -> bool:
    """Shows or hides the card of a call to employees."""
    row, given = _find(call), call.get("USER_ID")
    people = [str(one) for one in (given if isinstance(given, list) else [given or row["PORTAL_USER_ID"]])]
    others = [one for one in row["shown_to"] if one not in people]
    row["shown_to"] = [*others, *people] if call.method.endswith("show") else others
    call.portal.store.touch()
    return True


@method("telephony.externalCall.attachRecord", validate=False)
async def attach_record(call: Call) -> dict[str, Any]:
    """Keeps the record of a finished call: given, fetched by address, or posted later to the address answered."""
    row, name, url = (
        call.portal.store.table(TABLE).get(call.text("CALL_ID")),
        call.text("FILENAME"),
        call.text("RECORD_URL"),
    )
    if not name and not url:
        raise refused("Required parameters are not set. Request should contain either URL or FILENAME parameter")
    if row is None or not row["finished"]:
        raise refused("Call is not found in the statistic table. It looks like it is not finished yet.")
    name = name or url.partition("?")[0].rpartition("/")[2]
    if name.rpartition(".")[2].lower() not in {"mp3", "wav"}:
        raise refused("Wrong file extension. Only wav and mp3 are allowed")
    if url:
        kept, _ = await downloads.fetch(call.portal, {"url": url, "name": name}, call.user_id)
        if not kept:
            raise refused("Server returns HTTP error code 404")
        row["record"] = kept[0]
    elif call.get("FILE_CONTENT") is None:
        return _record_address(call, row, name)
    else:
        file = contents.decode([name, call.text("FILE_CONTENT")])
        if file is None:
            raise refused("File content is not properly encoded. Base64 encoding is expected.")
        row["record"] = contents.keep(call.portal, *file, call.user_id)["ID"]
    return {"FILE_ID": int(row["record"])}


def _record_address(call: Call, row: Row, name: str) -> dict[str, Any]:
    storage = objects.storage_of(call.portal, "common", "shared_files_s1", "Общий диск")
    folder = call.portal.store.table(objects.OBJECTS)[storage["ROOT_OBJECT_ID"]]
    made = uploads.address(call, folder, f"{row['ID']}-{name}")
    return {"uploadUrl": made["uploadUrl"], "fieldName": made["field"]}


def _answerable(portal: Portal, user_id: str) -> dict[str, Any]:
    person = portal.users.get(user_id, {})
    numbers = {name: person.get(column) or None for name, column in NUMBERS.items()}
    return {"ID": user_id, "TIMEMAN_STATUS": "CLOSED", **numbers}


@method("telephony.externalCall.searchCrmEntities", validate=False, missing="Nobody's working day is ever open.")
def search(call: Call) -> list[dict[str, Any]]:
    """Elements of CRM with a number."""
    if not call.text("PHONE_NUMBER"):
        raise refused("PHONE_NUMBER is empty")
    return [
        {
            "CRM_ENTITY_TYPE": name,
            "CRM_ENTITY_ID": int(row["id"]),
            "ASSIGNED_BY_ID": int(owners.responsible(row) or 0),
            "NAME": str(row.get("title") or f"{row.get('name') or ''} {row.get('lastName') or ''}".strip()),
            "ASSIGNED_BY": _answerable(call.portal, owners.responsible(row)),
        }
        for name, row in by_number(call.portal, call.text("PHONE_NUMBER"))
    ]

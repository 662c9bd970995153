"""bizproc.workflow.*: running workflows and templates."""

from __future__ import annotations

from typing import Any

from sandbox.portal.automation import documents, plans, workflows
from sandbox.portal.call import Answer, Call, to_map
from sandbox.portal.crm import types
from sandbox.portal.disk import contents
from sandbox.portal.errors import RestError
from sandbox.portal.listing import filtered, ordered, selected
from sandbox.portal.registry import method
from sandbox.portal.store import Row

KINDS = {"STARTED": "datetime", "MODIFIED": "datetime", "STARTED_BY": "integer", "TEMPLATE_ID": "integer"}
AUTO_EXECUTE = frozenset({"0", "1", "2", "3"})
COLUMNS = ["ID", "MODIFIED", "OWNED_UNTIL"]


def _shown(row: Row) -> Row:
    module, entity, document_id = row["document_id"]
    return {
        "ID": row["ID"],
        "MODIFIED": row["modified"],
        "OWNED_UNTIL": None,
        "MODULE_ID": module,
        "ENTITY": entity,
        "DOCUMENT_ID": document_id,
        "STARTED": row["started"],
        "STARTED_BY": row["started_by"],
        "TEMPLATE_ID": row["template"],
    }


@method("bizproc.workflow.instances")
def instances(call: Call) -> Answer:
    """Workflows that are running."""
    rows = filtered([_shown(row) for row in workflows.running(call.portal)], call.get("FILTER"), KINDS)
    rows = ordered(rows, call.get("ORDER"), {"MODIFIED": "DESC"}, KINDS)
    return call.page([selected(row, call.get("SELECT") or COLUMNS) for row in rows])


@method("bizproc.workflow.start", validate=False, missing="Plans and parameters of templates are not simulated.")
def start(call: Call) -> str:
    """Starts a template over an element."""
    if call.integer("TEMPLATE_ID") <= 0:
        raise RestError("ERROR_WRONG_WORKFLOW_ID", "Empty TEMPLATE_ID")
    template = call.portal.store.table(plans.TEMPLATES).get(call.text("TEMPLATE_ID"))
    if template is None:
        raise RestError("ERROR_WRONG_WORKFLOW_ID", "Template not found")
    found = documents.find(call.portal, list(to_map(call.get("DOCUMENT_ID")).values()))
    if found is None:
        raise RestError("", "Wrong DOCUMENT_ID!")
    kind, item = found
    if template["kind"] != kind.id:
        raise RestError("", "Template type and DOCUMENT_ID mismatch!")
    more = {"template": template["ID"], "started_by": call.user_id}
    return str(workflows.start(call.portal, kind, item["id"], template["robots"], **more)["ID"])


def _instance(call: Call) -> Row | None:
    if not call.text("ID"):
        raise RestError("ERROR_WRONG_WORKFLOW_ID", "Empty workflow instance ID")
    return call.portal.store.table(workflows.TABLE).get(call.text("ID"))


@method("bizproc.workflow.terminate", validate=False)
def terminate(call: Call) -> bool:
    """Stops a workflow; its data stay."""
    row = _instance(call)
    if row:
        workflows.stop(call.portal, row, call.text("STATUS") or "terminated")
    return True


@method("bizproc.workflow.kill", validate=False)
def kill(call: Call) -> bool:
    """Stops a workflow and deletes its data."""
    row = _instance(call)
    if row:
        workflows.stop(call.portal, row, "killed")
        del call.portal.store.table(workflows.PAST)[row["ID"]]
    return True


def _invalid(text: str) -> RestError:
    return RestError("ERROR_TEMPLATE_VALIDATION_FAILURE", text)


def _check_sent(sent: dict[str, Any]) -> None:
    """Refuses wrong values of what both adding and changing take."""
    if str(sent.get("AUTO_EXECUTE") or "0") not in AUTO_EXECUTE:
        raise _invalid("Incorrect field AUTO_EXECUTE!")
    if sent.get("TEMPLATE_DATA") is not None and contents.decode(sent["TEMPLATE_DATA"]) is None:
        raise _invalid("Incorrect field TEMPLATE_DATA!")


@method("bizproc.workflow.template.add", validate=False, missing="The content of the template file is not read.")
def template_add(call: Call) -> int:
    """Keeps a template; its steps are not understood, a start of it ends at once."""
    document = list(to_map(call.get("DOCUMENT_TYPE")).values())
    kind = types.by_name(call.portal, str(document[2])) if len(document) == 3 else None
    if kind is None:
        raise _invalid("Incorrect field DOCUMENT_TYPE!")
    if not call.text("NAME"):
        raise _invalid("Empty template name!")
    _check_sent({name: call.get(name) for name in ("AUTO_EXECUTE", "TEMPLATE_DATA")})
    if call.get("TEMPLATE_DATA") is None:
        raise _invalid("Incorrect field TEMPLATE_DATA!")
    row = call.portal.store.insert(
        plans.TEMPLATES,
        {
            "NAME": call.text("NAME"),
            "DESCRIPTION": call.text("DESCRIPTION"),
            "AUTO_EXECUTE": call.text("AUTO_EXECUTE") or "0",
            "kind": kind.id,
            "robots": [],
            "USER_ID": call.user_id,
            "app_id": call.app["ID"],
        },
    )
    return int(row["ID"])


def _template(call: Call) -> Row:
    row = call.portal.store.table(plans.TEMPLATES).get(call.text("ID"))
    if row is None:
        raise RestError("ERROR_TEMPLATE_NOT_FOUND", "Workflow template not found.")
    if row["app_id"] != call.app["ID"]:
        raise RestError("ERROR_TEMPLATE_NOT_OWNER", "You can change ONLY templates created by current application")
    return row


@method("bizproc.workflow.template.update", validate=False)
def template_update(call: Call) -> int:
    """Changes a template of the application."""
    row = _template(call)
    sent = {name.upper(): value for name, value in call.mapping("FIELDS").items()}
    if not sent:
        raise _invalid("No fields to update.")
    if not sent.get("NAME", row["NAME"]):
        raise _invalid("Empty template name!")
    _check_sent(sent)
    row.update({name: str(sent[name]) for name in ("NAME", "DESCRIPTION", "AUTO_EXECUTE") if name in sent})
    call.portal.store.touch()
    return int(row["ID"])


@method("bizproc.workflow.template.delete", validate=False)
def template_delete(call: Call) -> None:
    """Deletes a template of the application."""
    del call.portal.store.table(plans.TEMPLATES)[_template(call)["ID"]]
    call.portal.store.touch()


@method("bizproc.workflow.template.list")
def template_list(call: Call) -> Answer:
    """Templates by filter."""
    rows = [_template_shown(call, row) for row in call.portal.store.rows(plans.TEMPLATES)]
    rows = ordered(filtered(rows, call.get("FILTER")), call.get("ORDER"), {"ID": "ASC"})
    return call.page([selected(row, call.get("SELECT") or ["ID"]) for row in rows])


def _template_shown(call: Call, row: Row) -> dict[str, Any]:
    kind = types.require(call.portal, row["kind"])
    document = documents.document_type(kind)
    return {
        "ID": row["ID"],
        "MODULE_ID": document[0],
        "ENTITY": document[1],
        "DOCUMENT_TYPE": document,
        "AUTO_EXECUTE": row["AUTO_EXECUTE"],
        "NAME": row["NAME"],
        "DESCRIPTION": row["DESCRIPTION"],
        "TEMPLATE": [],
        "PARAMETERS": [],
        "VARIABLES": [],
        "CONSTANTS": [],
        "MODIFIED": call.portal.stamp(),
        "IS_MODIFIED": "N",
        "USER_ID": row["USER_ID"],
        "SYSTEM_CODE": None,
    }

"""crm.documentgenerator.document.*: documents on CRM elements, made from templates or uploaded."""

from __future__ import annotations

from typing import Any

from sandbox.portal.call import Answer, Call, to_int
from sandbox.portal.crm import access, types
from sandbox.portal.disk import contents
from sandbox.portal.docgen import merging, template_methods
from sandbox.portal.errors import RestError
from sandbox.portal.events import emit
from sandbox.portal.listing import filtered, ordered, selected
from sandbox.portal.registry import method
from sandbox.portal.store import Row
from sandbox.portal.timeline import owners

TABLE = "docgen_documents"
UNMERGED = {"productsTableVariant": "", "_creationMethod": "rest"}
KINDS = {"CREATETIME": "datetime", "UPDATETIME": "datetime", "TEMPLATEID": "integer", "ENTITYID": "integer"}
NO_PDF = "Conversion to PDF and pictures is not simulated: pdfUrl and imageUrl stay empty."
Result = dict[str, Any]


def _element(call: Call, number: int, item_id: int) -> None:
    if types.find(call.portal, number) is None:
        raise RestError("0", "No provider for entityTypeId")
    row = owners.find(call.portal, number, item_id)
    if row is None:
        raise RestError("0", 'Empty required parameter "value"')
    try:
        access.require_row(call, row, classic=False)
    except RestError as error:
        raise RestError("DOCGEN_ACCESS_ERROR", "Access denied") from error


def _find(call: Call) -> Row:
    row = call.portal.store.table(TABLE).get(call.text("id"))
    if row is None:
        raise RestError("0", "Document not found")
    return row


def shown(call: Call, row: Row) -> Result:
    """A document as methods print it."""
    address = contents.url(call.portal, row["fileId"])
    plain = {key: value for key, value in row.items() if not key.startswith("_")}
    return {
        **plain,
        "changeStampsEnabled": False,
        "changeStampsDisabledReason": "The template is missing seals and signatures",
        "changeQrCodeEnabled": False,
        "changeQrCodeDisabledReason": "The template is missing a QR code",
        "products": {"currencyId": "", "totalSum": "0.00", "totalRows": 0},
        **dict.fromkeys(("pdfUrl", "pdfUrlMachine", "imageUrl", "imageUrlMachine")),
        "qrCodeEnabled": False,
        "downloadUrl": address,
        "downloadUrlMachine": address,
        "isTransformationError": False,
        "pullTag": f"TRANSFORMDOCUMENT{row['id']}",
        "emailDiskFile": int(row["fileId"]),
    }


def _new(call: Call, values: Row) -> Result:
    now, number = call.portal.stamp(), int(call.portal.store.next_id("docgen_numbers"))
    row = {
        "id": "",
        "number": str(number),
        "createTime": now,
        "updateTime": now,
        "createdBy": call.user_id,
        "updatedBy": None,
        "stampsEnabled": False,
        "publicUrl": None,
        "pdfId": None,
        "imageId": None,
        **values,
    }
    call.portal.store.insert(TABLE, row, "id")
    emit(call.portal, "OnCrmDocumentGeneratorDocumentAdd", _event(row), call.actor)
    return {"document": {**shown(call, row), "id": int(row["id"]), "createdBy": int(call.user_id)}}


def _event(row: Row) -> Result:
    return {"FIELDS": {"ID": row["id"], "ENTITY_TYPE_ID": row["entityTypeId"], "ENTITY_ID": row["entityId"]}}


@method("crm.documentgenerator.document.add", validate=False, ignores=("fields",), missing=NO_PDF)
def document_add(call: Call) -> Result:
    """Makes a document from a template."""
    if call.integer("templateId") <= 0:
        raise RestError("100", "Bitrix\\DocumentGenerator\\Template constructor must be is public")
    template = template_methods.find(call, "templateId")
    _element(call, call.integer("entityTypeId"), call.integer("entityId"))
    number = str(int(call.portal.store.sequences.get("docgen_numbers", 0)) + 1)
    given = {str(name): value for name, value in call.mapping("values").items()}
    file_id = _merged(
        call, template, {"DocumentNumber": number, **given}, [call.get("entityTypeId"), call.get("entityId")]
    )
    return _new(
        call,
        {
            "title": f"{template['name']} {number}",
            "templateId": template["id"],
            "entityTypeId": str(call.integer("entityTypeId")),
            "entityId": str(call.integer("entityId")),
            "stampsEnabled": bool(call.integer("stampsEnabled")),
            "values": {**_values(call), "DocumentNumber": number, **given},
            "fileId": file_id,
        },
    )


def _values(call: Call) -> Result:
    return {**UNMERGED, "stampsEnabled": bool(call.integer("stampsEnabled"))}


def _merged(call: Call, template: Row, values: Result, element: list[Any]) -> str:
    file = call.portal.store.table(contents.TABLE)[template["_file"]]
    known = merging.values_of(call.portal, to_int(element[0]), to_int(element[1]))
    made = merging.merge(contents.content_of(file), {**known, **values})
    return str(contents.keep(call.portal, file["NAME"], made, call.user_id)["ID"])


@method("crm.documentgenerator.document.update", validate=False, missing=NO_PDF)
def document_update(call: Call) -> Result:
    """Makes a document anew with other values."""
    row = _find(call)
    row["values"] |= {str(name): value for name, value in call.mapping("values").items()}
    template = call.portal.store.table(template_methods.TABLE).get(row["templateId"] or "")
    if template:
        row["fileId"] = _merged(call, template, row["values"], [row["entityTypeId"], row["entityId"]])
    if call.get("stampsEnabled") is not None:
        row["stampsEnabled"] = bool(call.integer("stampsEnabled"))
    row.update(updateTime=call.portal.stamp(), updatedBy=call.user_id)
    emit(call.portal, "OnCrmDocumentGeneratorDocumentUpdate", _event(row), call.actor)
    return {"document": {**shown(call, row), "updatedBy": int(call.user_id)}}


@method("crm.documentgenerator.document.upload", validate=False, missing=NO_PDF)
def document_upload(call: Call) -> Result:
    """Keeps a ready file as a document."""
    fields = call.mapping("fields")
    if not fields:
        raise RestError("100", "Could not find value for parameter {fields}")
    if not all(fields.get(name) for name in ("title", "number", "region", "fileContent")):
        raise RestError("0", "Empty required fields")
    number, item_id = to_int(fields.get("entityTypeId")), to_int(fields.get("entityId"))
    _element(call, number, item_id)
    file = contents.decode(fields["fileContent"]) or contents.decode([f"{fields['title']}.docx", fields["fileContent"]])
    if file is None:
        raise RestError("0", "Could not save file")
    file_id = contents.keep(call.portal, *file, call.user_id)["ID"]
    values = {"title": str(fields["title"]), "number": str(fields["number"]), "templateId": None, "fileId": file_id}
    made = _new(call, {**values, "entityTypeId": str(number), "entityId": str(item_id), "values": UNMERGED})["document"]
    return {"document": {**made, "id": str(made["id"]), "createdBy": str(made["createdBy"])}}


@method("crm.documentgenerator.document.get", validate=False, missing=NO_PDF)
def document_get(call: Call) -> Result:
    """One document."""
    return {"document": shown(call, _find(call))}


@method("crm.documentgenerator.document.list")
def document_list(call: Call) -> Answer:
    """Documents by filter."""
    rows = [shown(call, row) for row in call.portal.store.rows(TABLE)]
    rows = ordered(filtered(rows, call.get("filter"), KINDS), call.get("order"), {"id": "ASC"}, KINDS)
    page = call.page(rows)
    page.result = {"documents": [selected(row, call.get("select")) for row in page.result]}
    return page


@method("crm.documentgenerator.document.delete", validate=False)
def document_delete(call: Call) -> None:
    """Deletes a document."""
    row = _find(call)
    del call.portal.store.table(TABLE)[row["id"]]
    call.portal.store.touch()
    emit(call.portal, "OnCrmDocumentGeneratorDocumentDelete", _event(row), call.actor)


@method("crm.documentgenerator.document.enablepublicurl", validate=False)
def document_public_url(call: Call) -> Result:
    """Opens or closes the public address of a document."""
    row = _find(call)
    row["publicUrl"] = contents.url(call.portal, row["fileId"]) if call.integer("status", 1) else None
    call.portal.store.touch()
    return {"publicUrl": row["publicUrl"]}


@method(
    "crm.documentgenerator.document.getfields", validate=False, missing="Only the document's own values are listed."
)
def document_fields(call: Call) -> Result:
    """The values of a document."""
    row = _find(call)
    values = {**row["values"], **call.mapping("values")}
    return {"documentFields": {code: merging.described(code, value) for code, value in values.items()}}

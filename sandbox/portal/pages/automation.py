"""The designer of automation: what stands on the stages of a pipeline, what may be put there, settings of a robot."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from sandbox.portal import apps
from sandbox.portal.automation import assignments, components, documents, plans, triggers
from sandbox.portal.call import is_yes
from sandbox.portal.crm import classic_view
from sandbox.portal.crm.fields import describe, field_set
from sandbox.portal.crm.types import EntityType
from sandbox.portal.pages import addresses, field_view, kanban, visit
from sandbox.portal.pages.rendering import missing, page, show
from sandbox.portal.pages.texts import translate
from sandbox.portal.pages.visit import Visit, mistake
from sandbox.portal.timeline.layout import translated

ASKED = {"users": ("Employee", "user"), "name": ("Title", "string"), "description": ("Description", "text")}
ANSWERS = {"Approved": "Approved", "Comments": "Comment"}
QUESTIONS = ("Questions, one per line: id:type:name", "text")
OWN: dict[str, tuple[str, dict[str, tuple[str, str]]]] = {
    "change_stage": ("Change the stage", {"stage": ("Stage", "stage")}),
    "set_field": ("Change a field", {"field": ("Field", "field"), "value": ("Value", "string")}),
    "add_task": (
        "Add a task",
        {
            "title": ("Title", "string"),
            "description": ("Description", "text"),
            "responsible": ("Responsible", "user"),
            "deadline_seconds": ("Deadline in seconds", "int"),
        },
    ),
    "notify": ("Notify an employee", {"users": ("Employee", "user"), "text": ("Text", "text")}),
    "pause": ("Pause", {"seconds": ("Seconds", "int")}),
    "approve": ("Ask for approval", {**ASKED, "everyone": ("Everybody must answer", "bool")}),
    "review": ("Ask to read", {**ASKED, "everyone": ("Everybody must answer", "bool")}),
    "request": ("Ask for information", {**ASKED, "fields": QUESTIONS}),
    "request_optional": ("Ask for information, may be refused", {**ASKED, "fields": QUESTIONS}),
}
OPERATORS = ("=", "!=", ">", ">=", "<", "<=", "contain", "!contain", "empty", "!empty")


async def designer(visitor: Visit) -> web.StreamResponse:
    """Robots and triggers of one pipeline, stage by stage."""
    match = visitor.request.match_info
    kind, category = addresses.kind(visitor.portal, match), int(match["category"])
    if kind is None or not kind.has_stages:
        return missing(visitor)
    known = robots(visitor, kind)
    placed = {row["stage"]: row for row in plans.described(visitor.portal, kind)}
    columns = [
        {**stage, "plan": _plan(placed.get(stage["id"]), known)} for stage in kanban.stage_rows(visitor, kind, category)
    ]
    return show(
        visitor,
        "automation.html",
        columns=columns,
        offered={"entity": kind.id, "robots": known, **_choices(visitor, kind, columns)},
        **kanban.common(visitor, kind, category, "automation"),
    )


def _plan(plan: dict[str, Any] | None, known: list[dict[str, Any]]) -> dict[str, Any]:
    titles = {(row["code"], row["app_id"]): row["title"] for row in known}
    robots = (plan or {}).get("robots", [])
    shown = [{**row, "name": titles.get((row["code"], row["app_id"]), row["code"])} for row in robots]
    return {"robots": shown, "triggers": (plan or {}).get("triggers", [])}


def robots(visitor: Visit, kind: EntityType) -> list[dict[str, Any]]:
    """Everything that can be put on a stage: code, app_id, title, properties, results, whether it has its own page."""
    answers = {name: translate(visitor.language, text) for name, text in ANSWERS.items()}
    own = [
        {
            "code": code,
            "app_id": None,
            "app": "Bitrix24",
            "title": title,
            "own": True,
            "properties": {name: {"Name": label, "Type": form} for name, (label, form) in properties.items()},
            "results": answers if code in assignments.ASKING else {},
            "has_page": False,
            "waits": code in assignments.ASKING,
        }
        for code, (title, properties) in OWN.items()
    ]
    rows = visitor.portal.store.rows(components.TABLE)
    fitting = [row for row in rows if components.fits(row, documents.document_type(kind))]
    return [*(_of_application(visitor, row) for row in fitting if row["kind"] == "robot"), *own]


def _of_application(visitor: Visit, row: dict[str, Any]) -> dict[str, Any]:
    say = visitor.language
    properties = {
        name: {**spec, **{key: translated(spec[key], say) for key in ("Name", "Description") if spec.get(key)}}
        for name, spec in (row["PROPERTIES"] or {}).items()
    }
    results = {name: translated(spec["Name"], say) for name, spec in (row["RETURN_PROPERTIES"] or {}).items()}
    return {
        "code": row["CODE"],
        "app_id": row["app_id"],
        "app": visitor.portal.apps[row["app_id"]]["title"],
        "title": translated(row["NAME"], say),
        "about": translated(row["DESCRIPTION"] or "", say),
        "own": False,
        "properties": properties,
        "results": results,
        "has_page": is_yes(row["USE_PLACEMENT"]),
        "waits": is_yes(row["USE_SUBSCRIPTION"]),
    }


def _choices(visitor: Visit, kind: EntityType, columns: list[dict[str, Any]]) -> dict[str, Any]:
    offered = [field for field in field_set(visitor.portal, kind).fields if classic_view.visible(field)]
    return {
        "stages": [{"value": stage["id"], "text": stage["name"]} for stage in columns],
        "fields": [
            {"value": field.classic, "text": describe(visitor.portal, field, visitor.language)["title"]}
            for field in offered
        ],
        "users": [
            {"value": f"user_{row['ID']}", "text": field_view.person(visitor, row["ID"])}
            for row in visitor.portal.users.values()
        ],
        "triggers": [
            {"code": row["CODE"], "app_id": row["app_id"], "text": row["NAME"]}
            for row in visitor.portal.store.rows(triggers.TABLE)
        ],
        "operators": OPERATORS,
    }


async def settings(request: web.Request) -> web.StreamResponse:
    """{entity, robot}: what is posted into the settings page of a robot, placed already or being placed."""
    visitor, asked = visit.of(request), await visit.wanted(request)
    if not visitor.admin:
        raise mistake("only an administrator sets up automation", 403)
    robot = asked.get("robot")
    if not isinstance(robot, dict):
        raise mistake("robot is required")
    portal = visitor.portal
    given = {
        "id": "",
        "properties": {},
        **robot,
        "app_id": str(robot.get("app_id", "")),
        "code": str(robot.get("code")),
    }
    try:
        options = plans.settings_options(portal, plans.kind_of(portal, asked.get("entity")), given)
    except ValueError as error:
        raise mistake(str(error)) from error
    component = portal.store.table(components.TABLE)[f"{given['app_id']}:{given['code']}"]
    app, handler = portal.apps[given["app_id"]], component["PLACEMENT_HANDLER"]
    return web.json_response(apps.launch(portal, app, visitor.user_id, options=options, handler=handler))


def attach(app: web.Application) -> None:
    """Adds the addresses."""
    for base in (r"/crm/{name:lead|deal}", r"/crm/type/{number:\d+}"):
        app.router.add_get(base + r"/automation/{category:\d+}/", page(designer, admin=True))
    app.router.add_post("/pages/automation/settings", settings)

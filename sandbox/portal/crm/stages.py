"""Directories of CRM (table `crm_statuses`) and the stages of pipelines among them."""

from __future__ import annotations

from sandbox.portal.crm import types
from sandbox.portal.crm.types import EntityType
from sandbox.portal.portal import Portal
from sandbox.portal.store import Row

DEAL_STAGES = (
    ("NEW", "Новая", 10, "", "#39A8EF"),
    ("PREPARATION", "Подготовка документов", 20, "", "#2FC6F6"),
    ("PREPAYMENT_INVOICE", "Счёт на предоплату", 30, "", "#55D0E0"),
    ("EXECUTING", "В работе", 40, "", "#47E4C2"),
    ("FINAL_INVOICE", "Финальный счёт", 50, "", "#FFA900"),
    ("WON", "Сделка успешна", 60, "S", "#7BD500"),
    ("LOSE", "Сделка провалена", 70, "F", "#FF5752"),
    ("APOLOGY", "Анализ причины провала", 80, "F", "#FF5752"),
)
LEAD_STAGES = (
    ("NEW", "Не обработан", 10, "", "#39A8EF"),
    ("IN_PROCESS", "В работе", 20, "", "#2FC6F6"),
    ("PROCESSED", "Обработан", 30, "", "#55D0E0"),
    ("CONVERTED", "Качественный лид", 40, "S", "#7BD500"),
    ("JUNK", "Некачественный лид", 50, "F", "#FF5752"),
)
DYNAMIC_STAGES = (
    ("NEW", "Начало", 10, "", "#22B9FF"),
    ("PREPARATION", "Подготовка", 20, "", "#88B9FF"),
    ("CLIENT", "Согласование", 30, "", "#10E5FC"),
    ("SUCCESS", "Успех", 40, "S", "#00FF00"),
    ("FAIL", "Провал", 50, "F", "#FF0000"),
)
INVOICE_STAGES = (
    ("N", "Новый", 10, "", "#39A8EF"),
    ("S", "Отправлен клиенту", 20, "", "#55D0E0"),
    ("P", "Оплачен", 30, "S", "#7BD500"),
    ("D", "Не оплачен", 40, "F", "#FF5752"),
)
QUOTE_STAGES = (
    ("DRAFT", "Новое", 10, "", "#39A8EF"),
    ("SENT", "Отправлено клиенту", 20, "", "#55D0E0"),
    ("APPROVED", "Принято", 30, "S", "#7BD500"),
    ("DECLAINED", "Отклонено", 40, "F", "#FF5752"),
)
_DEFAULTS = {
    types.LEAD: LEAD_STAGES,
    types.DEAL: DEAL_STAGES,
    types.QUOTE: QUOTE_STAGES,
    types.INVOICE: INVOICE_STAGES,
}


def directory(kind: EntityType, category_id: int) -> str:
    """The name of the directory with the stages of a pipeline."""
    if kind.id == types.LEAD:
        return "STATUS"
    if kind.id == types.QUOTE:
        return "QUOTE_STATUS"
    if kind.id == types.DEAL:
        return f"DEAL_STAGE_{category_id}" if category_id else "DEAL_STAGE"
    return f"{kind.name}_STAGE_{category_id}"


def prefix(kind: EntityType, category_id: int) -> str:
    """What stands before the code of every stage of a pipeline."""
    if kind.id == types.DEAL:
        return f"C{category_id}:" if category_id else ""
    return f"DT{kind.id}_{category_id}:" if kind.dynamic else ""


def of_directory(portal: Portal, name: str) -> list[Row]:
    """Entries of a directory in their order."""
    cache: dict[str, list[Row]] = portal.cache("crm_statuses")
    if name not in cache:
        rows = [row for row in portal.store.rows("crm_statuses") if row["ENTITY_ID"] == name]
        cache[name] = sorted(rows, key=lambda row: (int(row["SORT"]), int(row["ID"])))
    return cache[name]


def forget(portal: Portal) -> None:
    """Drops what is kept, after a change of directories."""
    portal.cache("crm_statuses").clear()


def of_pipeline(portal: Portal, kind: EntityType, category_id: int) -> list[Row]:
    """Stages of a pipeline in their order."""
    return of_directory(portal, directory(kind, category_id))


def find(portal: Portal, kind: EntityType, category_id: int, stage_id: str) -> Row | None:
    """A stage of a pipeline by its full code."""
    stages = of_pipeline(portal, kind, category_id)
    return next((row for row in stages if row["STATUS_ID"] == stage_id), None)


def semantics(portal: Portal, kind: EntityType, category_id: int, stage_id: str) -> str:
    """P, S or F."""
    row = find(portal, kind, category_id, stage_id)
    return str((row or {}).get("SEMANTICS") or "P")


def add_entry(portal: Portal, entity: str, code: str, name: str, sort: int, **more: str | None) -> Row:
    """A new entry of a directory; `more`: SEMANTICS, COLOR, SYSTEM, CATEGORY_ID."""
    row = {
        "ENTITY_ID": entity,
        "STATUS_ID": code,
        "NAME": name,
        "NAME_INIT": name if more.get("SYSTEM") == "Y" else "",
        "SORT": str(sort),
        "SYSTEM": more.get("SYSTEM") or "N",
        "CATEGORY_ID": more.get("CATEGORY_ID"),
        "COLOR": more.get("COLOR") or "",
        "SEMANTICS": more.get("SEMANTICS") or None,
    }
    forget(portal)
    return portal.store.insert("crm_statuses", row)


def add_pipeline(portal: Portal, kind: EntityType, category_id: int) -> None:
    """The stages that a new pipeline starts with."""
    start = prefix(kind, category_id)
    for code, name, sort, meaning, color in _DEFAULTS.get(kind.id, DYNAMIC_STAGES):
        system = "Y" if code in {"NEW", "N", "WON", "SUCCESS", "LOSE", "FAIL", "CONVERTED", "JUNK", "P", "D"} else "N"
        add_entry(
            portal,
            directory(kind, category_id),
            f"{start}{code}",
            name,
            sort,
            SEMANTICS=meaning,
            COLOR=color,
            SYSTEM=system,
            CATEGORY_ID=str(category_id) if category_id else None,
        )


def drop_pipeline(portal: Portal, kind: EntityType, category_id: int) -> None:
    """Removes the stages of a pipeline."""
    name = directory(kind, category_id)
    table = portal.store.table("crm_statuses")
    for row_id in [row_id for row_id, row in table.items() if row["ENTITY_ID"] == name]:
        del table[row_id]
    forget(portal)

"""`crm.enum.*`: fixed lists of CRM."""

from __future__ import annotations

from typing import Any

from sandbox.portal.call import Call
from sandbox.portal.crm import product_sums, types
from sandbox.portal.registry import method

Item = dict[str, Any]
LISTS = {
    "activitytype": (("Встреча", "MEETING"), ("Звонок", "CALL"), ("Задача", "TASK"), ("Письмо", "EMAIL")),
    "activitystatus": (("Ожидается", ""), ("Завершено", ""), ("Завершено автоматически", "")),
    "activitydirection": (("Входящее", ""), ("Исходящее", "")),
    "activitypriority": (("Низкая", ""), ("Средняя", ""), ("Высокая", "")),
    "activitynotifytype": (("минут", ""), ("часов", ""), ("дней", "")),
    "contenttype": (("Обычный текст", ""), ("bbCode", ""), ("HTML", "")),
    "settings.mode": (("Классическая CRM", "CLASSIC"), ("Простая CRM", "SIMPLE")),
}
ADDRESSES = ((1, "Фактический адрес"), (4, "Адрес регистрации"), (6, "Юридический адрес"), (9, "Адрес бенефициара"))


def _item(number: int, name: str, code: str = "", short: str = "") -> Item:
    return {"ID": number, "NAME": name, "SYMBOL_CODE": code, "SYMBOL_CODE_SHORT": short}


def _register(name: str, entries: tuple[tuple[str, str], ...]) -> None:
    @method(f"crm.enum.{name}")
    def handler(_call: Call) -> list[Item]:
        return [_item(number, title, code) for number, (title, code) in enumerate(entries, start=1)]


for _name, _entries in LISTS.items():
    _register(_name, _entries)


@method("crm.enum.addresstype")
def address_types(_call: Call) -> list[Item]:
    """Kinds of address."""
    return [_item(number, name) for number, name in ADDRESSES]


@method("crm.enum.ownertype")
def owner_types(call: Call) -> list[Item]:
    """Kinds of object with their numbers and codes."""
    return [
        _item(kind.id, str(kind.settings.get("title", kind.name)), kind.name, product_sums.owner_code(kind))
        for kind in types.everything(call.portal)
    ]


@method("crm.enum.getorderownertypes")
def order_owner_types(_call: Call) -> list[dict[str, Any]]:
    """Kinds of object that an order may be bound to."""
    return [{"attribute": "DYN", "code": "DEAL", "id": types.DEAL, "name": "Сделка"}]


@method("crm.enum.fields")
def enum_fields(_call: Call) -> dict[str, Any]:
    """Descriptions of the parts of an entry."""
    flags = {"isRequired": False, "isReadOnly": True, "isImmutable": False, "isMultiple": False, "isDynamic": False}
    names = {"ID": "int", "NAME": "string", "SYMBOL_CODE": "string", "SYMBOL_CODE_SHORT": "string"}
    return {name: {"type": kind, **flags, "title": name} for name, kind in names.items()}

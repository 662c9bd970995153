"""The demo world of a fresh portal: its people and departments, and the webhooks of the command line."""

from __future__ import annotations

from sandbox.portal.hooks import listen
from sandbox.portal.portal import Portal

PEOPLE = (
    ("1", "Timur", "Rashidov", "ru", True, "all", "Director", "M"),
    ("2", "Anna", "Petrova", "ru", False, "all", "Manager", "F"),
    ("3", "John", "Miller", "en", False, "own", "Manager", "M"),
    ("4", "Malika", "Yusupova", "ru", False, "none", "Accountant", "F"),
)


@listen("seed")
def seed(portal: Portal) -> None:
    """Fills an empty store."""
    store = portal.store
    store.values["member_id"] = store.hex_secret()
    store.values["language"] = "ru"
    store.table("departments")["1"] = {"ID": "1", "NAME": "Trade House", "SORT": 500, "UF_HEAD": "1"}
    store.table("departments")["2"] = {"ID": "2", "NAME": "Sales", "SORT": 500, "PARENT": "1", "UF_HEAD": "2"}
    store.sequences["departments"] = 2
    for user_id, name, last_name, language, admin, crm, position, gender in PEOPLE:
        store.table("users")[user_id] = {
            "ID": user_id,
            "ACTIVE": True,
            "NAME": name,
            "LAST_NAME": last_name,
            "EMAIL": f"{name.lower()}@portal.example",
            "ADMIN": admin,
            "LANGUAGE": language,
            "CRM_ACCESS": crm,
            "WORK_POSITION": position,
            "PERSONAL_GENDER": gender,
            "TIME_ZONE": "Europe/Moscow",
            "UF_DEPARTMENT": [1 if admin else 2],
            "USER_TYPE": "employee",
            "DATE_REGISTER": portal.stamp(),
        }
    store.sequences["users"] = len(PEOPLE)
    for webhook in portal.options.webhooks:
        user_id, _, key = webhook.partition("/")
        store.table("webhooks")[f"{user_id}/{key}"] = {"user_id": user_id, "scopes": None}
    store.touch()

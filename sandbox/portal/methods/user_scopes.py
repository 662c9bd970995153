"""How much of a user the scopes of a caller show: `user` everything, `user_basic` and `user_brief` a part each.

Called by the methods about users. The lists are those of the page about versions of the scope.
"""

from __future__ import annotations

from typing import Any

from sandbox.portal.identity import Identity

_BOTH = frozenset(
    [
        "ID",
        "XML_ID",
        "ACTIVE",
        "NAME",
        "LAST_NAME",
        "SECOND_NAME",
        "TITLE",
        "WORK_POSITION",
        "IS_ONLINE",
        "TIME_ZONE",
        "TIMESTAMP_X",
        "DATE_REGISTER",
        "LAST_ACTIVITY_DATE",
        "PERSONAL_PROFESSION",
        "PERSONAL_GENDER",
        "PERSONAL_BIRTHDAY",
        "PERSONAL_PHOTO",
        "PERSONAL_CITY",
        "PERSONAL_STATE",
        "PERSONAL_COUNTRY",
        "WORK_CITY",
        "WORK_STATE",
        "WORK_COUNTRY",
        "UF_DEPARTMENT",
        "UF_PHONE_INNER",
        "UF_EMPLOYMENT_DATE",
        "UF_TIMEMAN",
        "UF_SKILLS",
        "UF_INTERESTS",
    ]
)
_BASIC = frozenset(
    [
        "EMAIL",
        "PERSONAL_PHONE",
        "WORK_PHONE",
        "WORK_COMPANY",
        "PERSONAL_FAX",
        "PERSONAL_MOBILE",
        "PERSONAL_PAGER",
        "PERSONAL_STREET",
        "PERSONAL_MAILBOX",
        "PERSONAL_ZIP",
        "PERSONAL_NOTES",
        "WORK_DEPARTMENT",
        "WORK_WWW",
        "WORK_FAX",
        "WORK_PAGER",
        "WORK_STREET",
        "WORK_MAILBOX",
        "WORK_ZIP",
        "WORK_PROFILE",
        "WORK_LOGO",
        "WORK_NOTES",
        "UF_DISTRICT",
        "UF_SKYPE",
        "UF_SKYPE_LINK",
        "UF_ZOOM",
        "UF_TWITTER",
        "UF_FACEBOOK",
        "UF_LINKEDIN",
        "UF_XING",
        "UF_WEB_SITES",
    ]
)
_OWN_PREFIX = "UF_USR_"


def visible(identity: Identity) -> frozenset[str] | None:
    """Names of the system fields that a caller may see; None for all of them."""
    scopes = identity.scopes
    if scopes is None or "user" in scopes:
        return None
    return _BOTH | _BASIC if "user_basic" in scopes else _BOTH


def shown(identity: Identity, printed: dict[str, Any]) -> dict[str, Any]:
    """A printed user without what the caller's scopes hide; fields of one's own need `user.userfield`."""
    fields, scopes = visible(identity), identity.scopes
    own = scopes is None or "user.userfield" in scopes
    if fields is None and own:
        return printed
    return {
        name: value
        for name, value in printed.items()
        if (own if name.startswith(_OWN_PREFIX) else fields is None or name in fields)
    }

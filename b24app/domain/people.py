"""Where a person stands on the way from the first start to being accepted. Pure."""

from __future__ import annotations

ROLES = ("buyer", "factory")
STATES = ("active", "blocked", "deleted")
TOPICS = ("processing", "marketing")
DUTIES = {
    "owner": frozenset({"own", "trade", "make"}),
    "sales": frozenset({"trade", "make"}),
    "production": frozenset({"make"}),
}
"""What a member may do: `own` the company's people and profile, `trade` with lots and offers, `make` what was ordered.

Everybody reads everything of the company and talks in its conversations.
"""
MEMBER_ROLES = tuple(DUTIES)


def may(member_role: str, duty: str) -> bool:
    """Tell whether a member in a role of the company may do something."""
    return duty in DUTIES.get(member_role, frozenset())


def stage(language: str, role: str, company_state: str | None) -> str:
    """Give what the person has to do next: language, role, questionnaire; or how the questionnaire fares.

    `company_state` is that of the company in the chosen role, None when there is no such company.
    """
    if not language:
        return "language"
    if not role:
        return "role"
    if company_state is None or company_state == "draft":
        return "questionnaire"
    return company_state


def full_name(first_name: str, last_name: str, username: str, telegram_id: str) -> str:
    """Give the best name for an employee to read; never empty."""
    return " ".join(part for part in (first_name, last_name) if part) or username or telegram_id

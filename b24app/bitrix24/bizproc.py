"""Automation rules, activities and triggers as the portal registers them. Pure; called by the installer and the gateway.

Documentation: bizproc.robot.add, bizproc.activity.add, crm.automation.trigger.add, bizproc.event.send.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from b24app.manifest import Parameter, Robot, Title

DYNAMIC = "Bitrix\\Crm\\Integration\\BizProc\\Document\\Dynamic"
DOCUMENT_TYPES = {
    "lead": ["crm", "CCrmDocumentLead", "LEAD"],
    "deal": ["crm", "CCrmDocumentDeal", "DEAL"],
    "contact": ["crm", "CCrmDocumentContact", "CONTACT"],
    "company": ["crm", "CCrmDocumentCompany", "COMPANY"],
}


def named(title: Title, language: str) -> Any:
    """Give a text for the portal: a map of the languages it knows, or plain Uzbek when the administrator chose it."""
    return title.uz if language == "uz" else title.portal_map()


def document_type(name: str) -> list[str]:
    """Give module, class and name of a kind of document: a CRM object or a process of ours."""
    return DOCUMENT_TYPES.get(name) or ["crm", DYNAMIC, f"DYNAMIC_{{process:{name}}}"]


def registration(code: str, robot: Robot, *, handler: str, form: str, language: str) -> dict[str, Any]:
    """Give the parameters of bizproc.robot.add and bizproc.activity.add; `form` is the page of its settings, where it has one of ours."""
    made = {
        "CODE": code,
        "HANDLER": handler,
        "USE_SUBSCRIPTION": "Y" if robot.waits else "N",
        "NAME": named(robot.title, language),
        "DESCRIPTION": named(robot.description, language),
        "PROPERTIES": _parameters(robot.properties, language),
        "RETURN_PROPERTIES": _parameters(robot.returns, language),
        "DOCUMENT_TYPE": document_type(robot.documents[0]),
        "FILTER": {"INCLUDE": [document_type(document) for document in robot.documents]},
        **({"USE_PLACEMENT": "Y", "PLACEMENT_HANDLER": form} if robot.own_form else {}),
    }
    return {key: value for key, value in made.items() if value != {}}


def _parameters(declared: Mapping[str, Parameter], language: str) -> dict[str, Any]:
    return {code: _parameter(parameter, language) for code, parameter in declared.items()}


def _parameter(parameter: Parameter, language: str) -> dict[str, Any]:
    made: dict[str, Any] = {
        "Name": named(parameter.title, language),
        "Type": parameter.type,
        "Required": "Y" if parameter.required else "N",
        "Multiple": "Y" if parameter.multiple else "N",
    }
    if parameter.options:
        # Titles of options are plain texts: the documentation knows no languages for them.
        made["Options"] = {code: title.of(language) for code, title in parameter.options.items()}
    if parameter.default is not None:
        made["Default"] = parameter.default
    return made


def finish(event_token: str, return_values: Mapping[str, Any], log_message: str) -> dict[str, Any]:
    """Give the parameters of bizproc.event.send."""
    params: dict[str, Any] = {"EVENT_TOKEN": event_token}
    if return_values:
        params["RETURN_VALUES"] = dict(return_values)
    if log_message:
        params["LOG_MESSAGE"] = log_message
    return params

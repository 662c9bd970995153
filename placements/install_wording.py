"""What the installation page says: outcomes of checks, the plan as a difference, progress by kind. Called by `install`. Pure."""

from __future__ import annotations

from typing import Any

from b24app.bitrix24.install.progress import Line, Progress
from b24app.i18n import Texts

SIGNS = {"add": "+", "change": "~", "adopt": "=", "remove": "−"}


def check_text(check: dict[str, Any], t: Texts) -> str:
    """Say a check's outcome, and what to do when it is not good."""
    good = check["level"] == "ok"
    sayings: dict[str, tuple[str, str]] = {
        "plan": (t("The plan allows applications"), t("The plan has run out: renew it, or applications stop working.")),
        "scopes": (
            t("All permissions are granted"),
            t("Permissions are missing: {scopes}. Add them to the application and reload.", scopes=check["detail"]),
        ),
        "leads": (t("CRM works with leads"), t("Switch CRM to the classic mode with leads: CRM, Settings, Mode.")),
        "offline_events": (
            t("Missed changes can be fetched later"),
            t("This plan keeps no missed changes; we compare by date instead."),
        ),
        "automation": (
            t("Automation rules can be registered"),
            t("Automation is closed to applications on this plan: robots will not be available."),
        ),
        "processes": (
            t("Smart processes are open to applications"),
            t("Smart processes are closed on this plan: audits and disputes will not be available."),
        ),
        "reached": (
            t("Our address answers"),
            t(
                "Our own address does not answer from here ({answer}): look at its name, certificate and proxy.",
                answer=check["detail"],
            ),
        ),
        "https": (t("Our address is secure"), t("Our address has no HTTPS: fine for a trial, not for real work.")),
    }
    code = str(check["code"])
    right, wrong = sayings.get(code, (code, code))
    return right if good else wrong


def grouped(seen: Progress, t: Texts) -> list[dict[str, Any]]:
    """Fold the steps by kind: a name, how many are done, and those that were refused."""
    names = kinds(t)
    groups: dict[str, dict[str, Any]] = {}
    for line in seen.lines:
        name = names.get(line.key.partition(":")[0], line.key)
        group = groups.setdefault(name, {"name": name, "total": 0, "done": 0, "failed": []})
        group["total"] += 1
        group["done"] += line.state == "done"
        if line.state == "failed":
            group["failed"].append(line)
    return list(groups.values())


def difference(seen: Progress, t: Texts) -> list[dict[str, Any]]:
    """Fold a plan by kind: a name, and its lines with the sign of what would happen to each."""
    names = kinds(t)
    groups: dict[str, list[Line]] = {}
    for line in seen.lines:
        groups.setdefault(names.get(line.key.partition(":")[0], line.key), []).append(line)
    return [
        {
            "name": name,
            "counts": [(SIGNS[action], sum(line.action == action for line in lines)) for action in SIGNS],
            "lines": [(SIGNS[line.action], line.action, line.title) for line in lines],
        }
        for name, lines in groups.items()
    ]


def kinds(t: Texts) -> dict[str, str]:
    """Name the kinds of elements."""
    return {
        "pipeline": t("Pipelines"),
        "process": t("Smart processes"),
        "stage": t("Stages"),
        "field": t("Fields"),
        "field_type": t("Kinds of field"),
        "robot": t("Automation rules"),
        "activity": t("Activities"),
        "trigger": t("Triggers"),
        "placement": t("Pages"),
        "event": t("Events"),
        "offline": t("Events"),
        "connector": t("Open line connector"),
        "line": t("Open line"),
    }

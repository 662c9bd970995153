"""The pages of the documentation that follow from declarations: what automation can do, which stage agrees with which state.

`python -m b24app.manifest.describing` writes them; a test keeps them up to date. Pure but for the writing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from b24app.domain import stages
from b24app.manifest.elements import Manifest, Parameter, Robot
from b24app.manifest.loading import manifest

DOCS = Path(__file__).parents[2] / "docs"


def automation(declared: Manifest) -> str:
    """Give the page about robots, activities and triggers."""
    lines = [
        "# Automation: robots, activities, triggers",
        "",
        "Written by `python -m b24app.manifest.describing` from `app.yaml`; do not edit.",
        "",
        "A robot and an activity of one code do the same. Each is worked once for an event token; what the rules refuse changes nothing,",
        "returns nothing and leaves one plain sentence in the log of the process. On an order the factory is the order's own, on an audit",
        "the audited one; elsewhere `company_id` names it by its CRM id. Values return to the next steps of the process.",
        "",
        "No property is of the portal's type `file`: its documentation does not say in which form a handler gets such a file. A file",
        "that a rule sends is given on the page of its settings and kept here; the rule holds its number.",
        "",
    ]
    for code, robot in declared.robots.items():
        lines += _robot(code, robot, activity=code in declared.activities)
    lines += [
        "## Triggers",
        "",
        "Each fires once for a fact, on the item named.",
        "",
        "| code | item | fires when |",
        "|---|---|---|",
    ]
    lines += [f"| `{code}` | {trigger.object} | {trigger.title.en} |" for code, trigger in declared.triggers.items()]
    return "\n".join(lines) + "\n"


def _robot(code: str, robot: Robot, *, activity: bool) -> Iterator[str]:
    yield f"## `{code}`: {robot.title.en}"
    yield ""
    form = " Its settings open as a page of ours." if robot.own_form else ""
    yield f"{robot.description.en} Runs on: {', '.join(robot.documents)}. {'Robot and activity.' if activity else 'Robot.'}{form}"
    yield ""
    yield from _parameters("property", robot.properties)
    yield from _parameters("returns", robot.returns)


def _parameters(kind: str, declared: Mapping[str, Parameter]) -> Iterator[str]:
    if not declared:
        return
    yield f"| {kind} | type | default | meaning |"
    yield "|---|---|---|---|"
    for name, parameter in declared.items():
        default = "required" if parameter.required and parameter.default is None else parameter.default
        options = f" ({', '.join(parameter.options)})" if parameter.options else ""
        many = ", several" if parameter.multiple else ""
        yield f"| `{name}` | {parameter.type}{many} | {'' if default is None else default} | {parameter.title.en}{options} |"
    yield ""


def stage_table() -> str:
    """Give the page about stages and states."""
    lines = [
        "# Stages and states",
        "",
        "Written by `python -m b24app.manifest.describing` from `b24app/domain/stages.py`; do not edit.",
        "",
        "A card may stand on the stages that agree with its state; whoever may edit the item may move it among them. A move that decides",
        "something does what the button does. Every other move is taken back with a notice to whoever moved it.",
        "",
        "| item | state | stages that agree (the first is home) | a move that decides |",
        "|---|---|---|---|",
    ]
    lines += [f"| {noun} | {state} | {agreed} | {deeds} |" for noun, state, agreed, deeds in stages.table()]
    lines += [
        "",
        "Fields that the marketplace holds are written again when somebody changes them, with a notice; another responsible employee on a",
        "lead or company is taken over. A deleted item loses its link and is made anew by the next save; after a merge the item that was",
        "saved last stands for the thing; a copied item is nobody's until the marketplace saves it.",
    ]
    return "\n".join(lines) + "\n"


def pages() -> dict[str, str]:
    """Give every page by its file name."""
    return {"automation.md": automation(manifest()), "stages.md": stage_table()}


if __name__ == "__main__":
    for name, text in pages().items():
        (DOCS / name).write_text(text, encoding="utf-8")

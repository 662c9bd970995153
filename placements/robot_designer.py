"""The page of ready-made sets of automation: where to put each as a robot, and switching it on as a rule of ours.

Shown behind a button of the portal's designer of automation rules, and as a view of the overview. Built for `registry`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from marshmallow import ValidationError, fields, pre_load, validate

from b24app.domain.ready_sets import SETS, Number, ReadySet
from b24app.form_parts import Form, WholeNumber
from b24app.i18n import Texts, texts
from b24app.services import stage_rules
from placements.calls import Call
from placements.subjects import Subject
from storage.models import StageRule
from storage.unit_of_work import UnitOfWork

NUMBER_PREFIX = "number."


class RuleForm(Form):
    """A set to be switched on or off: its stage, and every `number.<name>`."""

    code = fields.String(required=True, validate=validate.OneOf(list(SETS)))
    stage = fields.String(required=True, validate=validate.Length(max=40))
    on = fields.Boolean(load_default=False)
    numbers = fields.Dict(keys=fields.String(), values=WholeNumber())

    @pre_load
    def gather(self, data: Any, **_: Any) -> dict[str, Any]:
        """Collect the numbers by name."""
        given = dict(data)
        numbers = {n.removeprefix(NUMBER_PREFIX): v for n, v in given.items() if n.startswith(NUMBER_PREFIX)}
        if any(not str(value).strip() for value in numbers.values()):
            raise ValidationError("Write a whole number.", "numbers")
        return {**given, "numbers": numbers}


@dataclass(frozen=True)
class Offered:
    """One set as the page shows it; `fields` are (name, label, value, bounds), `does` its deeds in words."""

    one: ReadySet
    title: str
    robot: str
    does: list[str]
    stages: list[tuple[str, str]]
    stage: str
    fields: list[tuple[str, str, int, Number]]
    is_on: bool


def ready_sets(uow: UnitOfWork, call: Call, _subject: Subject) -> dict[str, Any]:
    """Show every set with its rule."""
    t, rules = texts(call.language), stage_rules.shown(uow)
    return {
        "view": "ready_sets",
        "sets": [_offered(one, t, rules.get(code)) for code, one in SETS.items()],
        "prefix": NUMBER_PREFIX,
    }


def _offered(one: ReadySet, t: Texts, rule: StageRule | None) -> Offered:
    title, robot, does = _words(t)[one.code]
    chosen: Mapping[str, int] = rule.numbers if rule else {}
    stages, labels = stage_words(t), number_words(t)
    return Offered(
        one,
        title,
        robot,
        does,
        [(stage, stages[stage]) for stage in one.stages],
        rule.stage if rule else one.stages[0],
        [(name, labels[name], chosen.get(name, number.usual), number) for name, number in one.numbers.items()],
        bool(rule and rule.is_on),
    )


def _words(t: Texts) -> dict[str, tuple[str, str, list[str]]]:
    return {
        "announce_lot": (
            t("Announce a lot"),
            t("Set: announce the lot to factories"),
            [
                t("tells every matching factory that did not get the lot yet"),
                t("waits for an answer of any of them"),
                t("when none comes in time, notifies the responsible employee and gives a task"),
            ],
        ),
        "close_order": (
            t("Close an order"),
            t("Set: close the order"),
            [t("thanks the buyer and the factory"), t("asks both for stars and a review")],
        ),
    }


def stage_words(t: Texts) -> dict[str, str]:
    """Name the stages on which sets may run."""
    return {
        "published": t("Published"),
        "offers": t("Offers"),
        "shipped": t("Shipped"),
        "done": t("Done"),
    }


def number_words(t: Texts) -> dict[str, str]:
    """Name the numbers that sets take."""
    return {
        "hours": t("Hours to wait for an answer"),
        "limit": t("To how many of the best factories (0: all)"),
        "minimum_score": t("Lowest score of a factory (0–100)"),
    }


def switch(uow: UnitOfWork, call: Call, _subject: Subject, form: dict[str, Any]) -> str:
    """Switch a set on or off as a rule of ours."""
    t = texts(call.language)
    stage_rules.switch(
        uow, form["code"], stage=form["stage"], numbers=form["numbers"], on=form["on"], actor=call.actor, t=t
    )
    if form["on"]:
        return t("The rule is on: it runs for every deal that comes to the stage from now on.")
    return t("The rule is off.")

"""What the application found out about itself and both neighbours, as the health page shows it. Called by `health`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select

from b24app.domain.buckets import Bucket, Level, drained
from b24app.i18n import Texts, texts
from b24app.services import line_waits, lines, portals, reports
from placements.calls import Call, Entity
from placements.error_words import Reason, reason, reason_of_telegram
from placements.subjects import Subject
from storage.models import Gate, InboxRow, OutboxRow, Portal
from storage.unit_of_work import UnitOfWork

RESTING = "operating:"
SHOWN = 20
LATEST = 5


@dataclass(frozen=True)
class Advice:
    """Something that is wrong, and what a person can do about it; `said` is how the other side put it, where that is all we know."""

    title: str
    text: str
    said: str = ""


@dataclass(frozen=True)
class Rate:
    """One limit: how much of it is used now, and what went out in the last minute. `burst` 0: nothing but a rate."""

    title: str
    last_minute: int
    per_minute: int
    used: int = 0
    burst: int = 0


@dataclass(frozen=True)
class Held:
    """Something that is being tried again, and why it did not work so far."""

    what: str
    reason: Reason
    tries: int
    since: datetime


@dataclass(frozen=True)
class Stopped:
    """An automation process that stands still, and what to do."""

    entity: Entity
    title: str
    since: datetime
    advice: str


def trouble(portal: Portal | None, t: Texts) -> Advice | None:
    """Say what is wrong with the connection as a whole, or nothing."""
    if portal is None:
        return None
    open_it = t("Ask an administrator of Bitrix24 to open the application once: it then works in that name.")
    known = (
        (f"{portals.OWNER}no_admin", t("The employee in whose name we work is no administrator any more"), open_it),
        (portals.OWNER, t("The employee in whose name we work was dismissed or lost access"), open_it),
        (
            "authorization: payment",
            t("The plan of this Bitrix24 has run out"),
            t("Renew it: what waits goes on by itself."),
        ),
        ("authorization: ", t("Bitrix24 does not accept our access any more"), open_it),
    )
    said = portal.trouble
    found = next((Advice(title, text) for start, title, text in known if said.lower().startswith(start)), None)
    if found is None and portal.state == "suspended":
        text = t("Install it again: what waits is sent then.")
        found = Advice(t("The application was removed from the portal"), text)
    if found is None and (unknown := reason(said, t)):
        found = Advice(t("Needs attention"), unknown.words, unknown.raw)
    return found


def rates(uow: UnitOfWork, t: Texts) -> list[Rate]:
    """Lay what went out beside what may."""
    report = reports.read(uow, "limits")
    limits: dict[str, dict[str, float]] = report.content if report is not None else {}
    since = uow.now - timedelta(minutes=1)
    query = select(OutboxRow.network, func.count()).where(OutboxRow.sent_at > since).group_by(OutboxRow.network)
    sent: dict[str, int] = {row[0]: row[1] for row in uow.session.execute(query)}
    found = []
    if portal_limits := limits.get("bitrix24"):
        bucket = Bucket(portal_limits["rate"], portal_limits["burst"])
        gate = uow.session.get(Gate, "bitrix24")
        level = drained(Level(gate.calls, gate.at), bucket, uow.now.timestamp()) if gate else Level()
        per_minute = int(bucket.rate * 60)
        found.append(
            Rate("Bitrix24", sent.get("bitrix24", 0), per_minute, round(level.calls), int(portal_limits["burst"]))
        )
    if bot_limits := limits.get("telegram"):
        found.append(Rate("Telegram", sent.get("telegram", 0), int(bot_limits["rate"] * 60)))
    return found


def resting(uow: UnitOfWork) -> list[str]:
    """Give the REST methods that rest because their time is used up."""
    rows = uow.session.scalars(
        select(Gate.name).where(Gate.name.startswith(RESTING), Gate.at > uow.now.timestamp()).order_by(Gate.name)
    )
    return [name.removeprefix(RESTING) for name in rows]


def held_up(uow: UnitOfWork, kinds: dict[str, str], t: Texts) -> list[Held]:
    """Give what failed last and is being tried again, one of each reason."""
    out = uow.session.scalars(
        select(OutboxRow)
        .where(OutboxRow.state.in_(("todo", "proving")), OutboxRow.error.is_not(None))
        .order_by(OutboxRow.sent_at.desc().nulls_last(), OutboxRow.id.desc())
        .limit(SHOWN)
    )
    came = uow.session.scalars(
        select(InboxRow).where(InboxRow.state == "todo", InboxRow.error.is_not(None)).order_by(InboxRow.id).limit(SHOWN)
    )
    found = [
        *(
            Held(kinds.get(one.kind, one.kind), why, one.attempts, one.created_at)
            for one in out
            if (why := reason(one.error, t))
        ),
        *(
            Held(t("Arrived, being worked on"), why, one.attempts, one.received_at)
            for one in came
            if (why := reason(one.error, t))
        ),
    ]
    return list({one.reason: one for one in reversed(found)}.values())[-LATEST:]


def telegram(uow: UnitOfWork, t: Texts) -> dict[str, Any] | None:
    """Tell what waits at Telegram, and whether it delivers to us."""
    report = reports.read(uow, "telegram")
    if report is None:
        return None
    seen = report.content
    problem = ""
    if not seen["set"]:
        problem = t("Telegram does not know our address: run the command “telegram” on the server.")
    elif not seen["ours"]:
        problem = t(
            "Another program took the bot over: its messages do not come to us. Run the command “telegram” on the server."
        )
    return {
        "pending": seen["pending"],
        "error": reason_of_telegram(seen["error"], t),
        "problem": problem,
        "at": report.heard_at,
    }


def missed(uow: UnitOfWork) -> dict[str, Any] | None:
    """Tell how what happened while nobody listened is made up for."""
    report = reports.read(uow, "offline")
    return None if report is None else {**report.content, "at": report.heard_at}


def line_waits_in_words(uow: UnitOfWork, t: Texts) -> list[tuple[str, line_waits.Waiting]]:
    """Give what waits for each open line, with the line's name."""
    titles = {line.line_id: line.title or t("Line {number}", number=line.line_id) for line in lines.known(uow)}
    return [(titles.get(one.line_id, t("No line")), one) for one in line_waits.waiting(uow)]


def stopped(uow: UnitOfWork, t: Texts) -> list[Stopped]:
    """Give the automation processes that stand still."""
    report = reports.read(uow, "workflows")
    advice = {
        "set_aside": t("Our part could not be worked on. Try it again under “Set aside after failures”."),
        "refused": t("Our answer was refused. Send it again, or give it up, under “Messages that need a decision”."),
        "unworked": t("Our part has not been worked on yet. Look whether a worker runs."),
        "unsent": t("Our answer is on its way. If that lasts, look at the reasons below."),
        "locked": t("Bitrix24 itself holds it locked. Stop the process on the card and start it again."),
        "silent": t(
            "It has not moved for long and never called us. If a step of ours should be next, start it again on the card."
        ),
    }
    return [
        Stopped(
            Entity(one["entity_type_id"], one["entity_id"]),
            f"{_noun(one['entity_type_id'], t)} {one['entity_id']}",
            datetime.fromisoformat(one["since"]),
            advice.get(one["why"], one["why"]),
        )
        for one in (report.content["stuck"] if report is not None else ())[:SHOWN]
    ]


def _noun(type_id: int, t: Texts) -> str:
    nouns = {1: t("Lead"), 2: t("Deal"), 3: t("Contact"), 4: t("Company")}
    return nouns.get(type_id, t("Item"))


def comparison(uow: UnitOfWork, call: Call, _subject: Subject) -> dict[str, Any]:
    """Show how far the comparison of the CRM with our records is, and what the last one found."""
    t = texts(call.language)
    report = reports.read(uow, "reconcile")
    if report is None:
        return {"compared": None}
    content = report.content
    names = {
        "changed": t("read differently"),
        "missing": t("were deleted in the CRM"),
        "unlinked": t("were forgotten by us"),
        "absent": t("never came into the CRM"),
        "twice": t("stand there twice"),
        "unknown": t("are unknown to us"),
    }
    objects = {"lead": t("Leads"), "deal": t("Deals"), "contact": t("Contacts"), "company": t("Companies")}
    rows = [
        {
            **one,
            "entity": Entity(one["entity_type_id"], one["entity_id"]) if one["entity_id"] else None,
            "words": names.get(one["kind"], one["kind"]),
        }
        for one in content.get("findings", ())
    ]
    return {
        "compared": {
            "state": report.state,
            "at": report.heard_at,
            "read": content.get("read", 0),
            "object": objects.get(content.get("object", ""), t("Audits") if content.get("object") else ""),
            "counts": [(names.get(kind, kind), count) for kind, count in content.get("counts", {}).items()],
            "repaired": content.get("repaired", 0),
            "error": reason(str(content.get("error") or ""), t),
            "findings": rows[:SHOWN],
            "more": max(0, sum(content.get("counts", {}).values()) - SHOWN),
        }
    }

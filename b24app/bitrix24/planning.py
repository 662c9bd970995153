"""Laying waiting messages out as the commands of one batch: in the order of each lane, many messages of a conversation in one command.

Called by the gateway with what it read before. Pure. A message that cannot go yet holds back what follows it in its lane, and so does
one that creates an item or a card: what follows needs its id.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from b24app.bitrix24 import openlines
from b24app.bitrix24.client import Command
from b24app.bitrix24.surroundings import Surroundings
from b24app.bitrix24.writing import WRITINGS
from b24app.domain.deliveries import SaveItem, SendToOpenLine, ShowCard
from b24app.domain.delivery import Delivery
from b24app.domain.outcomes import Envelope, Outcome, Refused, TryLater
from b24app.errors import NotYet, Rejected

NOT_YET_PAUSE_SECONDS = 0.5
TOGETHER = 20
"""How many messages of one conversation go in one command."""
BEHIND = TryLater("An earlier message of its lane goes first.", after_seconds=0.0, counted=False)


@dataclass
class Unit:
    """One command and the messages it carries, as positions in the list that was given."""

    command: Command
    lane: str
    positions: list[int] = field(default_factory=list)


@dataclass
class Plan:
    """What goes out, and the outcomes of what does not. `chained` when the order of two commands matters."""

    units: list[Unit]
    outcomes: dict[int, Outcome]
    chained: bool = False


def lay_out(envelopes: Sequence[Envelope], around: Surroundings, *, one_of_a_lane: bool = False) -> Plan:
    """Plan a batch; with `one_of_a_lane` no two commands depend on each other."""
    plan = Plan([], {})
    last: dict[str, Unit] = {}
    closed: set[str] = set()
    saved: set[str] = set()
    for position, envelope in enumerate(envelopes):
        lane, delivery = envelope.lane, envelope.delivery
        if lane in closed or (isinstance(delivery, SaveItem) and delivery.ref in saved):
            plan.outcomes[position] = BEHIND
            closed.add(lane)
            continue
        before = last.get(lane)
        if before is not None and _joins(before, delivery, envelopes):
            before.positions.append(position)
            before.command = openlines.send_together(_texts(before.positions, envelopes), around)
            continue
        planned = BEHIND if before is not None and one_of_a_lane else _planned(delivery, around)
        if isinstance(planned, Command):
            plan.units.append(Unit(planned, lane, [position]))
            plan.chained |= before is not None
            last[lane] = plan.units[-1]
            if _creates(delivery, around):
                closed.add(lane)
            if isinstance(delivery, SaveItem):
                saved.add(delivery.ref)
        else:
            plan.outcomes[position] = planned
            if isinstance(planned, TryLater):
                closed.add(lane)
    return plan


def halves(unit: Unit, envelopes: Sequence[Envelope], around: Surroundings) -> list[Unit]:
    """Divide a command that carries several messages of a conversation into two."""
    middle = len(unit.positions) // 2
    parts = (unit.positions[:middle], unit.positions[middle:])
    return [Unit(openlines.send_together(_texts(part, envelopes), around), unit.lane, part) for part in parts]


def _joins(before: Unit, delivery: Delivery, envelopes: Sequence[Envelope]) -> bool:
    first = envelopes[before.positions[0]].delivery
    return (
        isinstance(first, SendToOpenLine)
        and isinstance(delivery, SendToOpenLine)
        and first.conversation_id == delivery.conversation_id
        and len(before.positions) < TOGETHER
    )


def _texts(positions: Iterable[int], envelopes: Sequence[Envelope]) -> list[SendToOpenLine]:
    found = (envelopes[position].delivery for position in positions)
    return [delivery for delivery in found if isinstance(delivery, SendToOpenLine)]


def _creates(delivery: Delivery, around: Surroundings) -> bool:
    if isinstance(delivery, SaveItem):
        return delivery.ref not in around.links
    return isinstance(delivery, ShowCard) and delivery.card not in around.cards


def _planned(delivery: Delivery, around: Surroundings) -> Command | Outcome:
    try:
        return WRITINGS[type(delivery)].build(delivery, around)
    except NotYet as error:
        return TryLater(str(error), after_seconds=NOT_YET_PAUSE_SECONDS, counted=False)
    except Rejected as error:
        return Refused(str(error), error.code)
    except (KeyError, ValueError, TypeError, AttributeError) as error:
        # A message that was stored in a shape that nobody can send: it alone is at fault.
        return Refused(f"The message cannot be turned into a call: {type(error).__name__} {error}", "MALFORMED")

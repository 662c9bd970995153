"""The weights of the soft criteria: the industry's own until an administrator chose others.

Called by `matching` and by the desk's page of weights. Sends nothing. Errors: InvalidInput.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

from b24app.domain.matching import CRITERIA, valid_weights
from b24app.errors import InvalidInput
from b24app.i18n import Texts
from b24app.services import settings
from b24app.services.industries import pack
from storage.unit_of_work import UnitOfWork

NAME = "matching_weights"
BEFORE = "matching_weights_before"


def current(uow: UnitOfWork) -> dict[str, int]:
    """Give the weight of every criterion in force; together they make 100."""
    return _read(settings.get(uow, NAME)) or usual()


def usual() -> dict[str, int]:
    """Give the industry's weights, naming every criterion."""
    return {criterion: pack().weights.get(criterion, 0) for criterion in CRITERIA}


def before(uow: UnitOfWork) -> dict[str, int] | None:
    """Give the weights that the last change replaced, None when nothing was changed."""
    return _read(settings.get(uow, BEFORE))


def checked(weights: Mapping[str, int], t: Texts) -> dict[str, int]:
    """Give weights that may be used. InvalidInput when they do not make 100 or one is below 0."""
    found = {criterion: weights.get(criterion, 0) for criterion in CRITERIA}
    if not valid_weights(found):
        total = sum(found.values())
        raise InvalidInput(fields={"weights": [t("The weights make {total}; they must make 100.", total=total)]})
    return found


def save(uow: UnitOfWork, weights: Mapping[str, int], actor: str, t: Texts) -> None:
    """Use other weights from now on; what they replace is kept for going back, and the log names who did it. InvalidInput."""
    found, replaced = checked(weights, t), current(uow)
    if found == replaced:
        return
    settings.put(uow, BEFORE, json.dumps(replaced), actor)
    settings.put(uow, NAME, json.dumps(found), actor)


def _read(kept: str) -> dict[str, int] | None:
    found = json.loads(kept) if kept else None
    # A criterion that a later version knows besides starts with no weight; one it no longer knows ends the choice.
    return {c: int(found.get(c, 0)) for c in CRITERIA} if found and valid_weights(found) else None

"""In how many looks a page is shown: in two opposite ones by every run, in all of them when pictures are made (`LOOKS=all`)."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TypeVar

Look = TypeVar("Look")
EVERY_RUN = 2


def shown(looks: Sequence[Look]) -> list[Look]:
    """Give those looks that this run shows; the first two are to be as unlike each other as they can be."""
    return list(looks) if os.environ.get("LOOKS") == "all" else list(looks[:EVERY_RUN])

"""What lives as long as the process is out of the collector's way."""

from __future__ import annotations

import gc

from b24app import serving


def test_the_loaded_program_is_not_searched_for_garbage() -> None:
    """Before the server forks, everything loaded so far leaves the collector's generations."""
    try:
        serving.when_ready(None)
        assert (gc.get_freeze_count() > 10_000, len(gc.get_objects()) < gc.get_freeze_count()) == (True, True)
    finally:
        gc.unfreeze()

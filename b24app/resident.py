"""Keeping the garbage collector off what lives as long as the process: code, mappings, questionnaires, texts.

Called by the web server before it forks, by a worker before it begins, and by the benchmarks. A full collection walks every object
of the program and holds up whoever is being answered meanwhile, for a tenth of a second and more. Knows nothing of requests or jobs.
"""

from __future__ import annotations

import gc

from sqlalchemy.orm import configure_mappers


def settle() -> None:
    """Finish the mappings, and never again look for garbage among what is loaded by now."""
    configure_mappers()
    gc.collect()
    gc.freeze()

"""Engines on the deployment's database, the same for every process that opens one.

Called by the composition roots. Knows an address, nothing of settings or frameworks.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Engine, create_engine

# What is asked for often lies in memory, where an index costs no more than reading on: the server's own guess is that of a turning
# disk, and lets it read whole tables. Compiling a query takes longer than any of ours runs.
PLANNING = "-c random_page_cost=1.1 -c jit=off"
ALIVE: dict[str, Any] = {
    "connect_timeout": 5,
    "keepalives_idle": 15,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 30_000,
}
"""How soon (in seconds, the last in milliseconds) a server is given up that went away without a word, as a machine without power does.
By itself the network waits for a quarter of an hour, during which a dispatcher would take itself for the only one."""
# Asked before each use whether it still lives: a restarted database costs nobody an error.
POOL: dict[str, Any] = {
    "pool_pre_ping": True,
    # What people write, and what opens doors, is not repeated in the text of an error.
    "hide_parameters": True,
    "pool_size": 10,
    "max_overflow": 20,
    "connect_args": {"options": PLANNING, **ALIVE},
}


def engine_on(address: str) -> Engine:
    """Give an engine on a `postgresql+psycopg://` address; it connects at its first use."""
    return create_engine(address, **POOL)

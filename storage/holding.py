"""How rows are held that are about to change. Used by services and jobs; knows nothing of what the rows mean.

`FOR NO KEY UPDATE`: changes of one row wait for each other, but whoever only refers to it by a foreign key need not. The plain
`FOR UPDATE` keeps those waiting too, and PostgreSQL checks a foreign key again when a transaction changes a row for the second time:
two transactions that meet at a message and at a copy of it would stop each other for good.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy.sql.selectable import ForUpdateArg

HELD: Final = ForUpdateArg(key_share=True)
"""For `Session.get(..., with_for_update=HELD)`; a query says `.with_for_update(key_share=True)`."""

"""Let a search by words be answered from the index that the unfiltered list is read from."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

NAME, TABLE = "ix_catalogue_entries_listed", "catalogue_entries"
BEFORE = ["publication", "subscribed_until", "verified_until", "accepted_at", "answer_minutes", "merit", "segments"]


def upgrade() -> None:
    """The words of names lie beside what the list is ordered by."""
    # The index has room for thirty; a longer name is found by those as well.
    op.execute("UPDATE catalogue_entries SET name_words = name_words[1:30] WHERE cardinality(name_words) > 30")
    _remake([*BEFORE, "name_words"])


def downgrade() -> None:
    """Without them again."""
    _remake(BEFORE)


def _remake(included: list[str]) -> None:
    op.drop_index(NAME, table_name=TABLE)
    op.create_index(
        NAME, TABLE, ["company_id"], postgresql_include=included, postgresql_where=sa.text("accepted IS true")
    )

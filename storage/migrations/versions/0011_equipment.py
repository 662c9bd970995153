"""Factories are found by their equipment; the daily refreshing of the catalogue's rows fills the new column, beginning at once."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column and call every row stale."""
    words = sa.Column(
        "equipment_words", postgresql.ARRAY(sa.Text()), server_default=sa.text("'{}'::text[]"), nullable=False
    )
    op.add_column("catalogue_entries", words)
    op.execute("UPDATE catalogue_entries SET refreshed_at = refreshed_at - interval '1 year'")


def downgrade() -> None:
    """Forget the equipment."""
    op.drop_column("catalogue_entries", "equipment_words")

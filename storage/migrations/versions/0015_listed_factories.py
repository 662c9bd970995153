"""The catalogue's unfiltered list is read from an index of its own instead of the wide rows."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the index."""
    op.create_index(
        "ix_catalogue_entries_listed",
        "catalogue_entries",
        ["company_id"],
        postgresql_include=[
            "publication",
            "subscribed_until",
            "verified_until",
            "accepted_at",
            "answer_minutes",
            "merit",
            "segments",
        ],
        postgresql_where=sa.text("accepted IS true"),
    )


def downgrade() -> None:
    """Drop the index."""
    op.drop_index("ix_catalogue_entries_listed", table_name="catalogue_entries")

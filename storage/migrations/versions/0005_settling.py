"""From when on an effect in doubt that is not there counts as absent: a portal may go on with a call whose caller is gone."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; nothing in doubt now has to wait for it."""
    op.add_column("outbox", sa.Column("settles_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    """Take it away."""
    op.drop_column("outbox", "settles_at")

"""Keep what a buyer wants changed in a published lot until an employee decides."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing waits in the lots that are there."""
    empty = sa.text("'{}'::jsonb")
    kept = postgresql.JSONB(astext_type=sa.Text())
    op.add_column("lots", sa.Column("revision", kept, server_default=empty, nullable=False))
    op.add_column("lots", sa.Column("revision_at", sa.DateTime(timezone=True), nullable=True))
    waits = sa.text("revision_at IS NOT NULL")
    op.create_index("ix_lots_revision", "lots", ["revision_at"], unique=False, postgresql_where=waits)


def downgrade() -> None:
    """What waits is lost; the lots stay as factories see them."""
    op.drop_index("ix_lots_revision", table_name="lots")
    op.drop_column("lots", "revision_at")
    op.drop_column("lots", "revision")

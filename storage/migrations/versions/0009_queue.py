"""An employee's own latest decisions are found without reading the whole log."""

from __future__ import annotations

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the index."""
    op.create_index("ix_audit_log_actor", "audit_log", ["actor", "id"])


def downgrade() -> None:
    """Take the index away again."""
    op.drop_index("ix_audit_log_actor", table_name="audit_log")

"""What waits for a person, and what happened in a period, is found without reading whole tables."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

INDEXES = (
    ("ix_offers_waiting", "offers", ["created_at", "id"], "state = 'submitted'"),
    ("ix_companies_waiting", "companies", ["kind", "submitted_at"], "state = 'submitted'"),
    ("ix_audit_documents_sent", "audit_documents", ["audit_id"], "state = 'sent'"),
    ("ix_lots_created_at", "lots", ["created_at"], ""),
    ("ix_offers_created_at", "offers", ["created_at"], ""),
)


def upgrade() -> None:
    """Add the indexes."""
    for name, table, columns, rows in INDEXES:
        op.create_index(name, table, columns, postgresql_where=sa.text(rows) if rows else None)


def downgrade() -> None:
    """Take the indexes away again."""
    for name, table, _, _ in INDEXES:
        op.drop_index(name, table_name=table)

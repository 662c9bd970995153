"""Indexes for figures over time: a factory's offers and orders."""

from __future__ import annotations

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Count within the index instead of among all rows of a company."""
    op.create_index("ix_offers_company_created", "offers", ["company_id", "created_at"])
    op.drop_index("ix_offers_company_id", "offers")
    op.create_index("ix_orders_company_created", "orders", ["company_id", "created_at"])
    op.drop_index("ix_orders_company_id", "orders")


def downgrade() -> None:
    """Go back to the plain indexes."""
    op.create_index("ix_orders_company_id", "orders", ["company_id"])
    op.drop_index("ix_orders_company_created", "orders")
    op.create_index("ix_offers_company_id", "offers", ["company_id"])
    op.drop_index("ix_offers_company_created", "offers")

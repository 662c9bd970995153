"""The part of a message that a reply quotes."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("messages", sa.Column("quote", sa.String(), server_default="", nullable=False))


def downgrade() -> None:
    op.drop_column("messages", "quote")

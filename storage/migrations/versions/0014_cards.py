"""Cards that managers send into conversations."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("messages", sa.Column("card", sa.String(), server_default="", nullable=False))


def downgrade() -> None:
    op.drop_column("messages", "card")

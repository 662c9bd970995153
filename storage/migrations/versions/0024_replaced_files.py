"""Remember what tells a file of a message from any other."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Messages know their file however Telegram names it."""
    op.add_column("messages", sa.Column("telegram_unique_id", sa.String(), server_default="", nullable=False))


def downgrade() -> None:
    """Forget it."""
    op.drop_column("messages", "telegram_unique_id")

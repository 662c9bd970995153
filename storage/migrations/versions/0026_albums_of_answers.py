"""Remember what became of files that were sent together as answers, so that their sender is told in one message."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Sent files know their album and what became of them."""
    op.add_column("sent_files", sa.Column("album", sa.String(), server_default="", nullable=False))
    op.add_column("sent_files", sa.Column("settled", sa.Boolean(), server_default=sa.text("false"), nullable=False))
    op.add_column("sent_files", sa.Column("refusal", sa.String(), server_default="", nullable=False))
    op.create_index("ix_sent_files_album", "sent_files", ["album"], unique=False)


def downgrade() -> None:
    """Forget them."""
    op.drop_index("ix_sent_files_album", table_name="sent_files")
    for column in ("refusal", "settled", "album"):
        op.drop_column("sent_files", column)

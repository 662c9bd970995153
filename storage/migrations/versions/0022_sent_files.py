"""Files sent in the chat as answers, until they were fetched."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "sent_files",
        sa.Column("id", sa.BigInteger(), primary_key=True),
        sa.Column("draft_id", sa.BigInteger(), sa.ForeignKey("drafts.id", ondelete="CASCADE"), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("telegram_file_id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), server_default="", nullable=False),
        sa.Column("update_id", sa.BigInteger(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("ix_sent_files_draft_id", "sent_files", ["draft_id"])


def downgrade() -> None:
    op.drop_table("sent_files")

"""Copies of attached files for the other side."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "clean_copies",
        sa.Column(
            "file_id",
            sa.BigInteger(),
            sa.ForeignKey("files.id", ondelete="CASCADE"),
            primary_key=True,
            autoincrement=False,
        ),
        sa.Column("state", sa.String(), server_default="waiting", nullable=False),
        sa.Column("ref", sa.String(), nullable=False),
        sa.Column("names", postgresql.JSONB(), server_default=sa.text("'[]'::jsonb"), nullable=False),
        sa.Column("clean_file_id", sa.BigInteger(), sa.ForeignKey("files.id", ondelete="SET NULL")),
        sa.Column("reason", sa.String(), server_default="", nullable=False),
    )
    op.create_index("ix_clean_copies_state", "clean_copies", ["state"])


def downgrade() -> None:
    op.drop_table("clean_copies")

"""Remember which message of the chat answered which question, so that editing it can correct the answer."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Answers typed in the chat know their message."""
    op.create_table(
        "typed_answers",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("message_id", sa.String(), nullable=False),
        sa.Column("draft_id", sa.BigInteger(), nullable=True),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["draft_id"], ["drafts.id"], ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_typed_answers_draft_id", "typed_answers", ["draft_id"], unique=False)
    op.create_index("uq_typed_answers_message", "typed_answers", ["person_id", "message_id"], unique=True)


def downgrade() -> None:
    """Forget them."""
    op.drop_table("typed_answers")

"""Marks by aspect beside a review's stars, and the one reply of the reviewed company."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("reviews", sa.Column("marks", postgresql.JSONB(), server_default="{}", nullable=False))
    op.create_table(
        "review_replies",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("review_id", sa.BigInteger(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=True),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("state", sa.String(), server_default="submitted", nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["review_id"], ["reviews.id"], name=op.f("fk_review_replies_review_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_review_replies_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_replies")),
        sa.UniqueConstraint("review_id", name=op.f("uq_review_replies_review_id")),
    )
    op.create_index(
        "ix_review_replies_waiting", "review_replies", ["given_at"], postgresql_where=sa.text("state = 'submitted'")
    )


def downgrade() -> None:
    op.drop_table("review_replies")
    op.drop_column("reviews", "marks")

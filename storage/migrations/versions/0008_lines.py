"""Open lines with what each is for, ratings of conversations, translations of messages."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "open_lines",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("line_id", sa.String(), nullable=False),
        sa.Column("title", sa.String(), server_default="", nullable=False),
        sa.Column("language", sa.String(), server_default="", nullable=False),
        sa.Column("audience", sa.String(), server_default="", nullable=False),
        sa.Column(
            "troubles", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'[]'::jsonb"), nullable=False
        ),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("mend_asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_open_lines")),
        sa.UniqueConstraint("line_id", name=op.f("uq_open_lines_line_id")),
    )
    op.add_column("conversations", sa.Column("line_id", sa.String(), server_default="", nullable=False))
    op.create_index("ix_conversations_line_id", "conversations", ["line_id"])
    op.create_table(
        "conversation_ratings",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("conversation_id", sa.BigInteger(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("stars", sa.BigInteger(), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name=op.f("fk_conversation_ratings_conversation_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_conversation_ratings_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conversation_ratings")),
    )
    op.create_index(
        "uq_conversation_ratings_person", "conversation_ratings", ["conversation_id", "person_id"], unique=True
    )
    op.create_table(
        "message_translations",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("message_id", sa.BigInteger(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("state", sa.String(), server_default="wanted", nullable=False),
        sa.Column("text", sa.String(), server_default="", nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["message_id"], ["messages.id"], name=op.f("fk_message_translations_message_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message_translations")),
    )
    op.create_index("uq_message_translations_language", "message_translations", ["message_id", "language"], unique=True)
    op.create_index(
        "ix_message_translations_wanted",
        "message_translations",
        ["state"],
        postgresql_where=sa.text("state = 'wanted'"),
    )


def downgrade() -> None:
    op.drop_table("message_translations")
    op.drop_table("conversation_ratings")
    op.drop_index("ix_conversations_line_id", "conversations")
    op.drop_column("conversations", "line_id")
    op.drop_table("open_lines")

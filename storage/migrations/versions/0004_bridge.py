"""Topics of conversations, texts that managers write often, when a late message was written, why a file is held."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "conversation_topics",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("conversation_id", sa.BigInteger(), nullable=False),
        sa.Column("chat", sa.String(), nullable=False),
        sa.Column("thread_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name=op.f("fk_conversation_topics_conversation_id_conversations"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conversation_topics")),
    )
    op.create_index(
        "uq_conversation_topics_conversation", "conversation_topics", ["conversation_id", "chat"], unique=True
    )
    op.create_index("uq_conversation_topics_thread", "conversation_topics", ["chat", "thread_id"], unique=True)
    op.create_table(
        "reply_templates",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("text_ru", sa.String(), server_default="", nullable=False),
        sa.Column("text_uz", sa.String(), server_default="", nullable=False),
        sa.Column("text_en", sa.String(), server_default="", nullable=False),
        sa.Column("changed_by", sa.String(), server_default="", nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reply_templates")),
    )
    op.add_column("messages", sa.Column("written_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("messages", sa.Column("held_reason", sa.String(), server_default="", nullable=False))


def downgrade() -> None:
    op.drop_column("messages", "held_reason")
    op.drop_column("messages", "written_at")
    op.drop_table("reply_templates")
    op.drop_table("conversation_topics")

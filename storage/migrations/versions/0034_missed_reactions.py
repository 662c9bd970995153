"""Keep the reactions that could not be shown to somebody who had blocked the bot."""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Who comes back sees them under the messages they have."""
    op.create_table(
        "missed_reactions",
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("message_id", sa.BigInteger(), nullable=False),
        sa.Column("emoji", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["message_id"], ["messages.id"], name=op.f("fk_missed_reactions_message_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_missed_reactions_person_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("person_id", "message_id", name=op.f("pk_missed_reactions")),
    )
    op.create_index("ix_missed_reactions_message", "missed_reactions", ["message_id"], unique=False)


def downgrade() -> None:
    """Nobody knows of missed reactions any more."""
    op.drop_index("ix_missed_reactions_message", table_name="missed_reactions")
    op.drop_table("missed_reactions")

"""Tell which copies of messages a change has not reached."""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Who blocked the bot is brought the changes once they are back."""
    op.add_column("message_copies", sa.Column("behind", sa.Boolean(), server_default=sa.false(), nullable=False))
    behind = sa.text("behind")
    op.create_index("ix_message_copies_behind", "message_copies", ["chat"], unique=False, postgresql_where=behind)


def downgrade() -> None:
    """Nobody knows of missed changes any more."""
    op.drop_index("ix_message_copies_behind", table_name="message_copies")
    op.drop_column("message_copies", "behind")

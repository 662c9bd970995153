"""A second refresh token of the owner's, for when the first is lost."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("portals", sa.Column("spare_token", sa.Text()))
    op.add_column("portals", sa.Column("spare_kept_at", sa.DateTime(timezone=True)))


def downgrade() -> None:
    op.drop_column("portals", "spare_kept_at")
    op.drop_column("portals", "spare_token")

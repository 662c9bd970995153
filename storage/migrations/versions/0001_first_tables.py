"""First tables."""

import sqlalchemy as sa
from alembic import op

from storage import models
from storage.base import Base

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table("queue_migrations", sa.Column("name", sa.Text, primary_key=True))
    Base.metadata.create_all(op.get_bind(), tables=[getattr(models, name).__table__ for name in models.__all__])


def downgrade() -> None:
    Base.metadata.drop_all(op.get_bind())
    op.drop_table("queue_migrations")

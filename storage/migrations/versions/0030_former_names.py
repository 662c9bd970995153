"""Remember the names by which a company could be known before it changed them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """No company has changed its name so far, as far as anybody remembers."""
    none = sa.text("'[]'::jsonb")
    op.add_column("companies", sa.Column("former_names", postgresql.JSONB(), server_default=none, nullable=False))


def downgrade() -> None:
    """Forget them."""
    op.drop_column("companies", "former_names")

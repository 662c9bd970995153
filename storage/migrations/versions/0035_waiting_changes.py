"""Let changes of profiles that wait for an employee be counted without reading every half-filled form."""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

NAME = "ix_drafts_waiting"


def upgrade() -> None:
    """Few of the forms wait."""
    waiting = sa.text("form LIKE 'profile:%'")
    op.create_index(NAME, "drafts", ["form", "person_id", "changed_at"], postgresql_where=waiting)


def downgrade() -> None:
    """They are found among all."""
    op.drop_index(NAME, table_name="drafts")

"""Days up to which something holds end by the clock of the marketplace, no more by that of Greenwich."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

COLUMNS = {
    "lots": ("deliver_by", "respond_by"),
    "offers": ("valid_until",),
    "companies": ("verified_until", "subscribed_until", "catalogue_until"),
    "catalogue_entries": ("verified_until", "subscribed_until"),
    "grants": ("valid_until",),
    "audits": ("deadline", "valid_until"),
}
# The standing zone: a chosen one is sealed and cannot be read here.
HERE, GREENWICH = "Asia/Tashkent", "UTC"


def upgrade() -> None:
    _move(GREENWICH, HERE)


def downgrade() -> None:
    _move(HERE, GREENWICH)


def _move(before: str, after: str) -> None:
    """Keep the last second of each day, by another clock; moments that end no day stay as they are."""
    for name, columns in COLUMNS.items():
        table = sa.table(name, *(sa.column(column, sa.DateTime(timezone=True)) for column in columns))
        for column in table.c:
            clock = sa.func.timezone(before, column)
            last_second = sa.cast(clock, sa.Time) == sa.cast("23:59:59", sa.Time)
            op.execute(sa.update(table).values({column.name: sa.func.timezone(after, clock)}).where(last_second))

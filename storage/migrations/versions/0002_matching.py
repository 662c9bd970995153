"""What matching scores factories by stands beside what they are searched by; open lots are found by segment.

The new columns are filled from the tables they repeat, so that the first matching after the upgrade sees what the last one saw.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

COUNTS = ("capacity_per_month", "invited_lots", "answered_lots", "open_orders", "finished_orders", "on_time_orders")
FILL = (
    """
    UPDATE catalogue_entries e SET capacity_per_month = c.capacity_per_month
    FROM companies c WHERE c.id = e.company_id AND c.capacity_per_month IS NOT NULL
    """,
    """
    UPDATE catalogue_entries e SET invited_lots = n.made
    FROM (SELECT company_id, count(*) AS made FROM invitations GROUP BY company_id) n WHERE n.company_id = e.company_id
    """,
    """
    UPDATE catalogue_entries e SET answered_lots = n.made
    FROM (SELECT company_id, count(DISTINCT lot_id) AS made FROM offers GROUP BY company_id) n WHERE n.company_id = e.company_id
    """,
    """
    UPDATE catalogue_entries e SET open_orders = n.open, finished_orders = n.finished, on_time_orders = n.on_time
    FROM (
        SELECT o.company_id, count(*) FILTER (WHERE o.state <> 'done') AS open,
            count(*) FILTER (WHERE o.state = 'done' AND o.due_at IS NOT NULL) AS finished,
            count(*) FILTER (WHERE o.state = 'done' AND u.at <= o.due_at) AS on_time
        FROM orders o LEFT JOIN (SELECT order_id, min(reported_at) AS at FROM order_updates WHERE step = 'delivered' GROUP BY order_id) u
            ON u.order_id = o.id
        GROUP BY o.company_id
    ) n WHERE n.company_id = e.company_id
    """,
    """
    UPDATE catalogue_entries e SET prices = n.prices
    FROM (
        SELECT company_id, jsonb_object_agg(segment, jsonb_build_array(currency, price)) AS prices
        FROM (
            SELECT DISTINCT ON (o.company_id, l.segment) o.company_id, l.segment, o.currency, round(avg(o.price_minor))::bigint AS price
            FROM offers o JOIN lots l ON l.id = o.lot_id
            GROUP BY o.company_id, l.segment, o.currency ORDER BY o.company_id, l.segment, count(*) DESC, o.currency
        ) usual GROUP BY company_id
    ) n WHERE n.company_id = e.company_id
    """,
)


def upgrade() -> None:
    """Add the columns, fill them, index open lots."""
    for name in COUNTS:
        op.add_column("catalogue_entries", sa.Column(name, sa.BigInteger(), server_default="0", nullable=False))
    prices = sa.Column("prices", postgresql.JSONB(), server_default=sa.text("'{}'::jsonb"), nullable=False)
    op.add_column("catalogue_entries", prices)
    for statement in FILL:
        op.execute(statement)
    op.create_index("ix_lots_open", "lots", ["segment", "id"], postgresql_where=sa.text("state = 'published'"))


def downgrade() -> None:
    """Take the columns and the index away again."""
    op.drop_index("ix_lots_open", table_name="lots")
    for name in ("prices", *COUNTS):
        op.drop_column("catalogue_entries", name)

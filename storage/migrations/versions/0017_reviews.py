"""Reviews of orders, and what they add up to for a factory."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "reviews",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("order_id", sa.BigInteger(), nullable=False),
        sa.Column("side", sa.String(), nullable=False),
        sa.Column("company_id", sa.BigInteger(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=True),
        sa.Column("stars", sa.BigInteger(), nullable=False),
        sa.Column("text", sa.String(), server_default="", nullable=False),
        sa.Column("state", sa.String(), server_default="submitted", nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_reviews_order_id")),
        sa.ForeignKeyConstraint(["company_id"], ["companies.id"], name=op.f("fk_reviews_company_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_reviews_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reviews")),
        sa.UniqueConstraint("order_id", "side", name=op.f("uq_reviews_order_id_side")),
    )
    op.create_index("ix_reviews_waiting", "reviews", ["given_at"], postgresql_where=sa.text("state = 'submitted'"))
    op.create_index(
        "ix_reviews_company", "reviews", ["company_id", "given_at"], postgresql_where=sa.text("state = 'published'")
    )
    for name in ("rating_total", "rating_weight"):
        op.add_column("catalogue_entries", sa.Column(name, sa.Double(), server_default="0", nullable=False))
    op.add_column("catalogue_entries", sa.Column("rating_count", sa.BigInteger(), server_default="0", nullable=False))


def downgrade() -> None:
    for name in ("rating_count", "rating_weight", "rating_total"):
        op.drop_column("catalogue_entries", name)
    op.drop_table("reviews")

"""Employees with their absences, and automation rules that wait for a reply."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "employees",
        sa.Column("user_id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), server_default="", nullable=False),
        sa.Column("is_admin", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_employees")),
    )
    op.create_table(
        "absences",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("user_id", sa.String(), nullable=False),
        sa.Column("from_day", sa.Date(), nullable=False),
        sa.Column("until_day", sa.Date(), nullable=False),
        sa.Column("stand_in_id", sa.String(), server_default="", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_absences")),
    )
    op.create_index(op.f("ix_absences_user_id"), "absences", ["user_id"], unique=False)
    op.create_table(
        "robot_waits",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("event_token", sa.String(), nullable=False),
        sa.Column("ref", sa.String(), nullable=False),
        sa.Column("side", sa.String(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(), server_default="open", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_robot_waits")),
        sa.UniqueConstraint("event_token", name=op.f("uq_robot_waits_event_token")),
    )
    op.create_index("ix_robot_waits_open", "robot_waits", ["ref"], postgresql_where=sa.text("state = 'open'"))
    op.create_index("ix_robot_waits_until", "robot_waits", ["until"], postgresql_where=sa.text("state = 'open'"))


def downgrade() -> None:
    op.drop_table("robot_waits")
    op.drop_table("absences")
    op.drop_table("employees")

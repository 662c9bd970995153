"""The log is read by kinds of things and of actors, and an employee's newest lines by time, without walking through all of it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

NOUN = sa.text("split_part(subject, '/', 1)")
ACTOR = sa.text("split_part(actor, '/', 1)")


def upgrade() -> None:
    """Add an index for every way of narrowing the log."""
    op.create_index("ix_audit_log_nouns", "audit_log", [NOUN, "id"])
    op.create_index("ix_audit_log_actors", "audit_log", [ACTOR, "id"])
    op.create_index("ix_audit_log_nouns_actors", "audit_log", [NOUN, ACTOR, "id"])
    op.create_index("ix_audit_log_actor_at", "audit_log", ["actor", "at"])
    op.drop_index("ix_audit_log_actor", table_name="audit_log")


def downgrade() -> None:
    """Leave what was there before."""
    op.create_index("ix_audit_log_actor", "audit_log", ["actor", "id"])
    for name in ("actor_at", "nouns_actors", "actors", "nouns"):
        op.drop_index(f"ix_audit_log_{name}", table_name="audit_log")

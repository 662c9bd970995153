"""Name the company in whose profile a waiting change belongs."""

from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """A change was asked for in the role that the person acts in."""
    op.execute(
        """
        UPDATE drafts SET form = 'profile:' || (
            SELECT members.company_id FROM members
            JOIN companies ON companies.id = members.company_id
            JOIN people ON people.id = members.person_id
            WHERE members.person_id = drafts.person_id
            ORDER BY companies.kind = people.active_role DESC, members.company_id LIMIT 1
        )
        WHERE form = 'profile' AND EXISTS (SELECT 1 FROM members WHERE members.person_id = drafts.person_id)
        """
    )


def downgrade() -> None:
    """Of two changes of one person only the later can be kept under the one name."""
    op.execute(
        """
        DELETE FROM drafts earlier USING drafts later
        WHERE earlier.form LIKE 'profile:%' AND later.form LIKE 'profile:%'
        AND earlier.person_id = later.person_id AND (earlier.changed_at, earlier.id) < (later.changed_at, later.id)
        """
    )
    op.execute("UPDATE drafts SET form = 'profile' WHERE form LIKE 'profile:%'")

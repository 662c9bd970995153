"""The revisions make exactly the tables that the models describe."""

from __future__ import annotations

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine

from storage import migrating
from storage.models import Person


def ours(_: object, name: str | None, *__: object) -> bool:
    """Leave out the tables of the job queue, which migrates itself."""
    return not str(name).startswith(("procrastinate_", "queue_migrations"))


def test_nothing_is_missing_between_models_and_revisions(engine: Engine) -> None:
    """Whoever changes a model without a revision is told so before an operator's upgrade fails."""
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "include_object": ours})
        assert compare_metadata(context, Person.metadata) == []


def test_upgrading_twice_changes_nothing(engine: Engine) -> None:
    """An operator may run the upgrade at every start."""
    migrating.upgrade(engine)
    migrating.upgrade(engine)
    test_nothing_is_missing_between_models_and_revisions(engine)
    assert migrating.MIGRATIONS.is_dir()

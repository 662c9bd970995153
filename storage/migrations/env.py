"""Alembic's entry: runs the revisions on the connection that `storage.migrating` hands over."""

from alembic import context

from storage.models import Person

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Person.metadata,
    compare_type=True,
    compare_server_default=False,
    include_object=lambda obj, name, kind, reflected, other: (
        not str(name).startswith(("procrastinate_", "queue_migrations"))
    ),
)
with context.begin_transaction():
    context.run_migrations()

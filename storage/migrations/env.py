"""Alembic's entry: runs the revisions on the connection that `storage.migrating` hands over."""

from alembic import context

from storage import models
from storage.base import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    compare_type=True,
    compare_server_default=False,
    include_object=lambda obj, name, kind, reflected, other: not str(name).startswith(("procrastinate_", "queue_migrations")),
)
assert models.__all__, "the models must be imported for the metadata to be whole"
with context.begin_transaction():
    context.run_migrations()

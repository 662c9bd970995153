"""Flask-SQLAlchemy's engine for the web process. Imported by the composition root only."""

from __future__ import annotations

from flask_sqlalchemy import SQLAlchemy

from storage.models import Person

# Models are plain SQLAlchemy, so that workers need no web framework: here only the engine and the metadata are shared.
db = SQLAlchemy(metadata=Person.metadata)

"""Flask-SQLAlchemy's engine for the web process. Imported by the composition root only."""

from __future__ import annotations

from flask_sqlalchemy import SQLAlchemy

from storage import models
from storage.base import Base

db = SQLAlchemy(model_class=Base, metadata=models.Person.metadata)

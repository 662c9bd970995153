"""The application with two bare routes beside its own: the peers that accepting a webhook is measured against."""

from __future__ import annotations

import os

from flask import Response, request
from sqlalchemy import text

from b24app.access import authenticated_by
from b24app.app import create_app
from b24app.config import read_settings
from b24app.parts import build_engine

settings = read_settings(os.environ)
app = create_app(settings)
engine = build_engine(settings)
with engine.begin() as _connection:
    _connection.execute(text("CREATE TABLE IF NOT EXISTS bare (id bigserial PRIMARY KEY, body jsonb NOT NULL)"))
# Before gunicorn forks: connections are not shared between processes.
engine.dispose()


@app.post("/bare/insert")
@authenticated_by("nobody: exists in benchmarks only")
def insert() -> Response:
    """Do one INSERT and COMMIT, as the plainest route that keeps what it is given."""
    with engine.begin() as connection:
        connection.execute(
            text("INSERT INTO bare (body) VALUES (CAST(:body AS jsonb))"), {"body": request.get_data(as_text=True)}
        )
    return Response(status=200)


@app.post("/bare/nothing")
@authenticated_by("nobody: exists in benchmarks only")
def nothing() -> Response:
    """Only answer."""
    return Response(status=200)

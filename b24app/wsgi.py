"""The web process: what gunicorn loads."""

from __future__ import annotations

import os

from b24app.app import create_app
from b24app.config import read_settings

app = create_app(read_settings(os.environ))

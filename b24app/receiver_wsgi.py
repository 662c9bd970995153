"""The receiver process: what gunicorn loads in place of `wsgi` where only accepting is wanted."""

from __future__ import annotations

import os

from b24app.config import read_settings
from b24app.receiver import create_receiver

app = create_receiver(read_settings(os.environ))

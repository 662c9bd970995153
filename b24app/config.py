"""Settings of one deployment, read once from the environment.

Called by the composition root and the command line; every gap is reported at once. Knows no other module.
`.env.example` documents each name; a test keeps the two in step.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from typing import Any
from urllib.parse import urlsplit


class ConfigurationError(Exception):
    """The environment does not describe a deployment that could start."""

    def __init__(self, gaps: list[str]) -> None:
        self.gaps = gaps
        super().__init__("The settings need attention:\n" + "\n".join(f"  - {gap}" for gap in gaps))


@dataclass(frozen=True)
class Settings:
    """One deployment: one portal, one bot, one database. Durations are in seconds, addresses without a trailing slash."""

    database_url: str
    public_url: str
    secret_keys: tuple[str, ...]
    bitrix_client_id: str
    bitrix_client_secret: str
    bitrix_oauth_url: str = "https://oauth.bitrix.info"
    bitrix_portal_url: str = ""
    telegram_api_url: str = "https://api.telegram.org"
    telegram_bot_token: str = ""
    telegram_bot_id: str = ""
    telegram_init_data_key: str = "e7bf03a2fa4602af4580703d88dda5bb59f32ed8b02a56c187fe7d34caed242d"
    telegram_client_url: str = "https://t.me"
    telegram_webapp_frame_origin: str = "https://web.telegram.org"
    tender_channel_id: str = ""
    bitrix_rate_per_second: float = 2.0
    bitrix_rate_burst: int = 50
    bitrix_interactive_reserve: int = 5
    telegram_rate_per_second: float = 30.0
    init_data_max_age_seconds: int = 86400
    page_token_seconds: int = 900
    files_dir: str = "var/files"
    default_language: str = "ru"
    log_level: str = "INFO"
    worker_concurrency: int = 4
    stalled_after_seconds: int = 30
    settle_seconds: float = 3.0
    longest_call_seconds: float = 60.0

    def __repr__(self) -> str:
        """Show names only: the values hold secrets."""
        return f"Settings({', '.join(f.name for f in fields(self))})"


def _address(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.netloc:
        raise ValueError("must be an http(s) address")
    return value.rstrip("/")


def _address_or_empty(value: str) -> str:
    return _address(value) if value else ""


def _keys(value: str) -> tuple[str, ...]:
    keys = tuple(key.strip() for key in value.split(",") if key.strip())
    if not keys or any(len(key) < 32 for key in keys):
        raise ValueError("must hold one or more comma-separated keys of at least 32 characters, the newest first")
    return keys


def _language(value: str) -> str:
    if value not in {"ru", "uz", "en"}:
        raise ValueError("must be ru, uz or en")
    return value


def _database(value: str) -> str:
    if not value.startswith(("postgresql://", "postgresql+psycopg://")):
        raise ValueError("must be a postgresql:// address")
    return value.replace("postgresql://", "postgresql+psycopg://", 1)


_READERS: dict[str, Callable[[str], Any]] = {
    "database_url": _database,
    "public_url": _address,
    "secret_keys": _keys,
    "bitrix_oauth_url": _address,
    "bitrix_portal_url": _address_or_empty,
    "telegram_api_url": _address,
    "telegram_client_url": _address,
    "telegram_webapp_frame_origin": _address,
    "bitrix_rate_per_second": float,
    "bitrix_rate_burst": int,
    "bitrix_interactive_reserve": int,
    "telegram_rate_per_second": float,
    "init_data_max_age_seconds": int,
    "page_token_seconds": int,
    "default_language": _language,
    "worker_concurrency": int,
    "stalled_after_seconds": int,
    "settle_seconds": float,
    "longest_call_seconds": float,
}


def read_settings(environment: Mapping[str, str]) -> Settings:
    """Build the settings from upper-case names in `environment`.

    Raises ConfigurationError naming every missing or malformed value at once, never their contents.
    """
    values: dict[str, Any] = {}
    gaps: list[str] = []
    for field in fields(Settings):
        name = field.name.upper()
        raw = environment.get(name, "")
        if not raw:
            if field.default is field.default_factory:
                gaps.append(f"{name} is missing")
            continue
        try:
            values[field.name] = _READERS.get(field.name, str)(raw)
        except ValueError as error:
            gaps.append(f"{name} {error}" if str(error).startswith("must") else f"{name} is not a number")
    if gaps:
        raise ConfigurationError(gaps)
    return Settings(**values)

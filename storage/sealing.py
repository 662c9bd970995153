"""Encryption at rest: a column type whose values are readable only with the deployment's keys.

Used by models that keep tokens. The composition root hands the keys over once per process; the first key seals, all
keys open, so keys can be rotated. Format: Fernet (AES-128-CBC with HMAC-SHA256), key derived by SHA-256.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from sqlalchemy import Dialect, Text
from sqlalchemy.types import TypeDecorator


class SealingError(Exception):
    """A sealed value cannot be opened with the configured keys."""


class _Keyring:
    def __init__(self) -> None:
        self._fernet: MultiFernet | None = None

    def use(self, keys: Sequence[str]) -> None:
        self._fernet = MultiFernet([Fernet(_fernet_key(key)) for key in keys])

    def seal(self, value: str) -> str:
        return self._opened().encrypt(value.encode()).decode()

    def open(self, sealed: str) -> str:
        try:
            return self._opened().decrypt(sealed.encode()).decode()
        except InvalidToken as error:
            raise SealingError("A sealed value does not open with the configured keys.") from error

    def _opened(self) -> MultiFernet:
        if self._fernet is None:
            raise SealingError("No sealing keys were configured in this process.")
        return self._fernet


def _fernet_key(key: str) -> bytes:
    return base64.urlsafe_b64encode(hashlib.sha256(b"sealing:" + key.encode()).digest())


keyring = _Keyring()


def fingerprint(key: str) -> str:
    """Name a key without telling it: lies beside backups, so guessing keys by it is made expensive."""
    cost = {"n": 2**14, "r": 8, "p": 1}
    return hashlib.scrypt(key.encode(), salt=b"sealing key's fingerprint", dklen=16, **cost).hex()


class Sealed(TypeDecorator[str]):
    """Text that is sealed on its way into the database and opened on its way out."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Seal a value before it is stored."""
        return None if value is None else keyring.seal(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        """Open a value that was read."""
        return None if value is None else keyring.open(value)

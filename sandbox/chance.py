"""Repeatable chance: numbers and secrets drawn from a seed and a counter.

Used for identifiers, tokens and fault probabilities, so that two runs with one seed are alike. Not for real secrets.
"""

from __future__ import annotations

import hashlib

ALPHABET = "0123456789abcdefghijklmnopqrstuvwxyz"


def digest(seed: object, *parts: object) -> str:
    """64 hexadecimal characters that depend on all arguments and on nothing else."""
    return hashlib.sha256(":".join(map(str, (seed, *parts))).encode()).hexdigest()


def fraction(seed: object, *parts: object) -> float:
    """A number in [0, 1)."""
    return int(digest(seed, *parts)[:13], 16) / 16**13


def secret(length: int, seed: object, *parts: object) -> str:
    """`length` lower-case letters and digits (at most 48)."""
    number = int(digest(seed, *parts), 16)
    letters = []
    for _ in range(length):
        number, index = divmod(number, len(ALPHABET))
        letters.append(ALPHABET[index])
    return "".join(letters)

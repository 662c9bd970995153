"""The project's own Python files, as paths and as syntax trees, for the tests of its shape."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
PACKAGES = ("b24app", "placements", "robots", "telegram_bridge", "storage", "sandbox", "benchmarks", "tests")
OURS = ("b24app", "placements", "robots", "telegram_bridge", "storage")


@cache
def files(*packages: str) -> tuple[Path, ...]:
    """Give the Python files of some packages, or of all of them, without migration revisions."""
    return tuple(
        path
        for package in packages or PACKAGES
        for path in sorted((PROJECT / package).rglob("*.py"))
        if "migrations/versions" not in str(path)
    )


@cache
def tree(path: Path) -> ast.Module:
    """Give the syntax tree of a file."""
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def name(path: Path) -> str:
    """Give a path as the project writes it."""
    return str(path.relative_to(PROJECT))

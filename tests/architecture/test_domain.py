"""The rules of the marketplace stay pure."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator

from tests.architecture.source import files, name, tree

IMPURE = {
    "random",
    "secrets",
    "os",
    "time",
    "socket",
    "subprocess",
    "threading",
    "asyncio",
    "urllib",
    "http",
    "pathlib",
}
CLOCK = {"now", "utcnow", "today"}


def imported(node: ast.AST) -> Iterator[str]:
    """Give the top-level packages that an import names."""
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom) and node.module:
        yield node.module


def test_the_domain_imports_only_itself_and_the_standard_library() -> None:
    """A rule can be run and read with nothing installed: no clock, no randomness, no environment, no network."""
    foreign = [
        f"{name(path)}: {module}"
        for path in files("b24app/domain")
        for node in ast.walk(tree(path))
        for module in imported(node)
        if not module.startswith(("b24app.domain", "b24app.errors", "urllib.parse"))
        and (module.split(".")[0] not in sys.stdlib_module_names or module.split(".")[0] in IMPURE)
    ]
    assert foreign == []


def test_the_domain_never_asks_for_the_time() -> None:
    """The moment a rule speaks of is handed to it."""
    asked = [
        f"{name(path)}:{node.lineno}"
        for path in files("b24app/domain")
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in CLOCK
    ]
    assert asked == []

"""Every refusal can be said in every language."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from b24app import domain, errors, services
from b24app.i18n import texts

NAMES = {name for name, kind in vars(errors).items() if isinstance(kind, type) and issubclass(kind, errors.DomainError)}


def sentences() -> set[str]:
    """Give the message of every refusal that domain and services raise, and the default message of each kind."""
    found = {str(vars(errors)[name].__doc__).strip().split("\n")[0] for name in NAMES - {"DomainError"}}
    for package in (domain, services):
        for path in Path(str(package.__file__)).parent.rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if (
                    isinstance(node, ast.Call)
                    and isinstance(node.func, ast.Name)
                    and node.func.id in NAMES
                    and node.args
                ):
                    assert isinstance(node.args[0], ast.Constant | ast.Call), f"{path.name}:{node.lineno}"
                    if isinstance(node.args[0], ast.Constant):
                        found.add(str(node.args[0].value))
    return found


@pytest.mark.parametrize("language", ["ru", "uz"])
def test_every_refusal_is_translated(language: str) -> None:
    """Whoever is refused reads why in Russian or Uzbek, not in English."""
    t = texts(language)
    assert [sentence for sentence in sorted(sentences()) if t(sentence) == sentence] == []

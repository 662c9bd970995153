"""Modules and functions stay small, nothing silences a linter, every test states its promise."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

from tests.architecture.source import OURS, PROJECT, files, name, tree

BANNED = re.compile(r"(^|_)(utils?|helpers?|common|misc)(_|$)")
Function = ast.FunctionDef | ast.AsyncFunctionDef


@cache
def functions(path: Path) -> list[Function]:
    """Give every function of a file, methods and inner ones included."""
    return [node for node in ast.walk(tree(path)) if isinstance(node, Function)]


def of_the_browser() -> list[Path]:
    """Give the scripts and style sheets, the sandbox's too, without what others wrote or a build made."""
    found = [path for folder in ("static", "sandbox") for path in (PROJECT / folder).rglob("*.[jc]s*")]
    built = {"node_modules", "vendor"}
    return [path for path in found if path.suffix in {".js", ".css"} and built.isdisjoint(path.parts)]


def test_no_module_is_over_400_lines() -> None:
    """Whoever opens a module can hold it in mind: 400 lines at most."""
    written = [*files(), *of_the_browser()]
    assert [name(path) for path in written if path.read_text().count("\n") > 400] == []


def test_no_function_is_over_60_lines() -> None:
    """Whoever reads a function sees it whole: 60 lines at most."""
    long = [
        f"{name(path)}:{node.lineno} {node.name}"
        for path in files()
        for node in functions(path)
        if (node.end_lineno or 0) - node.lineno + 1 > 60
    ]
    assert long == []


def parameters(node: Function) -> int:
    """Count what a function is given, `self` not."""
    given = [one.arg for one in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)]
    return len([one for one in given if one not in {"self", "cls"}])


def test_no_function_has_over_8_parameters() -> None:
    """Whoever calls a function can hold in mind what it takes: 8 things at most; constructors, which wire parts together, are let off."""
    wide = [
        f"{name(path)}:{node.lineno} {node.name}"
        for path in files(*OURS)
        for node in functions(path)
        if node.name != "__init__" and parameters(node) > 8
    ]
    assert wide == []


def test_nothing_is_silenced_without_a_reason() -> None:
    """No linter is switched off in a line, and a type that cannot be told carries the reason beside it."""
    silenced = re.compile("#" + r"\s*noqa|#" + r"\s*type:\s*ignore(\[[^\]]*\])?\s*$", re.MULTILINE)
    assert [name(path) for path in files() if silenced.search(path.read_text())] == []


def test_no_module_has_a_name_that_says_nothing() -> None:
    """A newcomer can guess what a module holds from its name."""
    assert [name(path) for path in files() if BANNED.search(path.stem)] == []


def test_a_module_says_what_it_is_for() -> None:
    """Every module opens with a sentence on what it is responsible for."""
    silent = [name(path) for path in files() if path.name != "__init__.py" and not ast.get_docstring(tree(path))]
    assert silent == []


def test_every_test_states_its_promise() -> None:
    """Each test says in its docstring what it guarantees."""
    silent = [
        f"{name(path)}:{node.lineno} {node.name}"
        for path in files("tests")
        for node in functions(path)
        if node.name.startswith("test_") and not ast.get_docstring(node)
    ]
    assert silent == []


def test_nothing_is_left_for_later() -> None:
    """No note to oneself and no function that is only promised stands in the code."""
    notes = "|".join(("TO" + "DO", "FIX" + "ME", "X" * 3))
    later = re.compile(rf"#.*\b({notes})\b|raise NotImplemented" + "Error")
    assert [name(path) for path in files() if later.search(path.read_text())] == []

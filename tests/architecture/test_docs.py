"""Pages lead where they say, and name only commands, settings and permissions that exist."""

from __future__ import annotations

import importlib.util
import json
import re
from pathlib import Path

import pytest

from b24app.cli import COMMANDS
from b24app.manifest import manifest
from tests.architecture.source import PROJECT
from tests.architecture.test_texts import wanted

PAGES = [PROJECT / "README.md", PROJECT / "CONTRIBUTING.md", *sorted((PROJECT / "docs").rglob("*.md"))]
FOR_PEOPLE = ("admins", "desk", "managers", "operators", "partners", "reports", "troubleshooting")
OF_OTHERS = {"Server", "Apps", "Connect", "The settings need attention:", "Ports in use", "A demo runs already"}
"""What pages quote of the portal's own windows and of the command line, neither of which speaks three languages."""
DECISIONS = PROJECT / "docs" / "decisions"


def _text(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def _anchors(page: Path) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", _text(page), re.M)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def _leads_nowhere(page: Path, link: str) -> bool:
    path, _, anchor = link.partition("#")
    target = (page.parent / path).resolve() if path else page
    return not target.exists() or bool(anchor and anchor not in _anchors(target))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(PROJECT)))
def test_every_link_leads_somewhere(page: Path) -> None:
    """A reader who follows a link or looks at a picture finds it."""
    links = [link for link in re.findall(r"\]\(([^)\s]+)\)", _text(page)) if "://" not in link]
    assert [link for link in links if _leads_nowhere(page, link)] == []


def test_every_page_is_reached_from_the_readme() -> None:
    """No page lies where nobody would come across it."""
    reached, waiting = set[Path](), [PROJECT / "README.md"]
    while waiting:
        page = waiting.pop()
        if page not in reached:
            reached.add(page)
            found = ((page.parent / path).resolve() for path in re.findall(r"\]\(([^)#\s]+\.md)", _text(page)))
            waiting += [path for path in found if path.exists()]
    assert [page.name for page in PAGES if page not in reached] == []


def test_every_command_of_the_pages_exists() -> None:
    """Who copies a line from a page does not hear of an unknown command."""
    targets = set(re.findall(r"^([a-z]+):", _text(PROJECT / "Makefile"), re.M))
    text = "\n".join(map(_text, PAGES))
    assert set(re.findall(r"`make ([a-z]+)", text)) - targets == set()
    assert set(re.findall(r"b24app\.cli ([a-z-]+)", text)) - set(COMMANDS) == set()
    modules = set(re.findall(r"python -m ([\w.]+)", text))
    assert [module for module in sorted(modules) if importlib.util.find_spec(module) is None] == []


def test_every_path_of_the_pages_exists() -> None:
    """Who looks for a file that a page names finds it there."""
    folders = "|".join(path.name for path in PROJECT.iterdir() if path.is_dir() and path.name[0] not in "._")
    named = set(re.findall(rf"`((?:{folders})/[\w./-]+)`", "\n".join(map(_text, PAGES))))
    made = ("static/vendor", "build/")
    assert [path for path in sorted(named) if not path.startswith(made) and not (PROJECT / path).exists()] == []


def _shown() -> set[str]:
    """Give, in lower case, what our pages, the bot and what we bring onto the portal say in English."""
    declared = [str(title) for title in re.findall(r'\ben: "?([^"},]+)', _text(PROJECT / "app.yaml"))]
    return {text.lower().rstrip(" .:…") for text in [*wanted(), *declared]}


def test_every_name_of_the_pages_is_shown_somewhere() -> None:
    """Who looks for a button, a page or a field that a page names in italics finds it under that name."""
    shown = _shown()
    quoted = [
        (page, part.strip())
        for page in FOR_PEOPLE
        for found in re.findall(r"(?<![*\w])\*([^*\n]+)\*(?!\*)", _text(PROJECT / "docs" / f"{page}.md"))
        for part in re.split("→|, ", found)
        if found not in OF_OTHERS
    ]
    assert [one for one in quoted if not any(one[1].lower().rstrip(" .:…") in text for text in shown)] == []


def test_every_operators_command_is_described() -> None:
    """An operator who reads the pages learns of each command."""
    text = "\n".join(map(_text, PAGES))
    assert [name for name in COMMANDS if f"b24app.cli {name}" not in text and f"make {name}" not in text] == []


def test_the_permissions_to_tick_are_those_asked_for() -> None:
    """An administrator ticks exactly what `app.yaml` declares."""
    [row] = re.findall(r"^\| Assign permissions \| (.+): the list", _text(PROJECT / "docs" / "admins.md"), re.M)
    assert re.findall(r"`(\w+)`", row) == list(manifest().scopes)


def test_the_readme_shows_the_whole_tree() -> None:
    """A newcomer finds each folder of the project in the map of the README."""
    shown = _text(PROJECT / "README.md").split("## The tree")[1].split("## ")[0]
    folders = [path.parent.name for path in PROJECT.glob("*/__init__.py")]
    assert [name for name in folders if f"{name}/" not in shown] == []


def test_every_decision_is_listed() -> None:
    """The list of decisions holds each page under its title."""
    listed = _text(DECISIONS / "README.md")
    pages = sorted(DECISIONS.glob("0*.md"))
    titles = {path.name: _text(path).splitlines()[0].removeprefix("# ") for path in pages}
    assert [name for name, title in titles.items() if f"[{title}]({name})" not in listed] == []
    assert [int(name[:4]) for name in titles] == list(range(1, len(titles) + 1))


def test_every_part_of_others_has_its_licence_told() -> None:
    """Whoever hands the program on finds each package that it needs at run time, with its licence."""
    told = _text(DECISIONS / "0014-what-others-wrote.md")
    needed = re.findall(r"^([\w.-]+)(?:\[[\w,]+\])?==", _text(PROJECT / "requirements.txt"), re.M)
    needed += json.loads(_text(PROJECT / "static" / "package.json"))["dependencies"]
    assert [name for name in needed if name not in told] == []

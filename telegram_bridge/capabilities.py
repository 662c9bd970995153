"""What the bridge carries, as data: for each kind of message, how it travels in each direction and within which limit.

Printed into docs/bridge.md by `python -m b24app.cli bridge`; the tests play every cell. Knows nothing but itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum


class Way(StrEnum):
    """From where to where."""

    MASKED = "person → other side, before the contract"
    OPEN = "person → other side, after it"
    LINE = "person → open line"
    TIMELINE = "person → timeline"
    OPERATOR = "operator → persons"


class How(StrEnum):
    """What arrives."""

    ITSELF = "as itself"
    CLEANED = "as itself, cleaned and renamed"
    FILE = "as a file"
    TEXT = "as text"
    HIDDEN = "hidden"
    CHANGED = "the copy changes"
    DELETED = "the copy is deleted"
    SHOWN = "shown under the copy"
    NEVER = "never leaves"
    NO = "not carried"


@dataclass(frozen=True)
class Cell:
    """One cell of the table; `proof` is the test that plays it, empty where nothing is carried."""

    kind: str
    way: Way
    how: How
    limit: str = ""
    proof: str = ""


_ALBUM_TEST = "test_album_arrives_as_an_album"
_KIND_TEST = "test_each_kind_travels_as_the_table_says"
_CLEANED_TEST = "test_files_arrive_cleaned_under_another_name"
_TEXT_LIMIT = "over 4,096 signs in parts, up to 20,000"
_CLEANED_LIMIT = "over 20 MB, locked, packed or with contacts inside: held for the manager"
_FETCHED_LIMIT = "over 20 MB the line gets a note instead"


def _of_person(
    kind: str, masked: How, opened: How, line: How, *, limit: str = "", masked_limit: str = "", line_limit: str = ""
) -> Iterator[Cell]:
    yield Cell(kind, Way.MASKED, masked, masked_limit or limit, _CLEANED_TEST if masked is How.CLEANED else _KIND_TEST)
    yield Cell(kind, Way.OPEN, opened, limit, _KIND_TEST)
    yield Cell(kind, Way.LINE, line, line_limit, _KIND_TEST)
    timeline_limit = "its kind and caption" if line is How.FILE else ""
    yield Cell(kind, Way.TIMELINE, How.TEXT, timeline_limit, _KIND_TEST)


def _kinds() -> Iterator[Cell]:
    yield from _of_person("text", How.TEXT, How.TEXT, How.TEXT, limit=_TEXT_LIMIT)
    for kind in ("photo", "voice", "sticker", "video_note"):
        yield from _of_person(kind, How.ITSELF, How.ITSELF, How.FILE, line_limit=_FETCHED_LIMIT)
    for kind in ("video", "audio", "document", "animation"):
        yield from _of_person(
            kind, How.CLEANED, How.ITSELF, How.FILE, masked_limit=_CLEANED_LIMIT, line_limit=_FETCHED_LIMIT
        )
    for kind in ("location", "poll", "dice"):
        yield from _of_person(kind, How.TEXT, How.TEXT, How.TEXT)
    yield from _of_person("venue", How.TEXT, How.TEXT, How.TEXT, masked_limit="with a street address hidden whole")
    yield from _of_person("contact", How.HIDDEN, How.TEXT, How.TEXT)
    yield from _of_person("forward", How.TEXT, How.TEXT, How.TEXT, limit="without whom it came from")


def _others() -> Iterator[Cell]:
    for way in (Way.MASKED, Way.OPEN):
        yield Cell("album", way, How.ITSELF, "pieces within 0.8 s of each other, at most 10 and 3 s", _ALBUM_TEST)
        yield Cell(
            "reply",
            way,
            How.ITSELF,
            "to any part of any message, quoting what was marked",
            "test_a_reply_to_any_part_finds_its_message",
        )
        yield Cell("edit", way, How.CHANGED, "", "test_text_travels_with_formatting_reply_and_edit")
        yield Cell("reaction", way, How.SHOWN, "one, of the standard signs", "test_a_reaction_is_shown_to_the_others")
        yield Cell("deletion", way, How.NO, "Telegram tells bots of none")
    yield Cell("album", Way.LINE, How.FILE, "a message for each piece", _KIND_TEST)
    yield Cell("edit", Way.LINE, How.CHANGED, "", "test_an_edit_reaches_every_copy_and_is_masked_anew")
    yield Cell("reaction", Way.LINE, How.NO, "connectors have no reactions")
    yield Cell("reply", Way.LINE, How.NO, "connectors have no quotes")
    yield Cell(
        "blocked bot",
        Way.LINE,
        How.SHOWN,
        "on the CRM card of the person",
        "test_blocking_the_bot_is_shown_on_the_card",
    )


def _of_operator() -> Iterator[Cell]:
    yield Cell("text", Way.OPERATOR, How.TEXT, _TEXT_LIMIT, "test_long_operator_text_arrives_whole")
    yield Cell("photo", Way.OPERATOR, How.ITSELF, "", "test_operators_picture_arrives_as_a_picture")
    yield Cell("document", Way.OPERATOR, How.ITSELF, "up to 50 MB", "test_operators_file_arrives_as_a_file")
    yield Cell("album", Way.OPERATOR, How.ITSELF, "files of one message", "test_operators_pictures_arrive_as_an_album")
    yield Cell("edit", Way.OPERATOR, How.CHANGED, "", "test_operator_writes_edits_and_deletes")
    yield Cell(
        "deletion", Way.OPERATOR, How.DELETED, "within Telegram's 48 hours", "test_operator_writes_edits_and_deletes"
    )
    yield Cell("note", Way.OPERATOR, How.NEVER, "#note", "test_an_operator_answers_both_sides_or_one")
    yield Cell(
        "typing",
        Way.OPERATOR,
        How.NO,
        "the portal tells connectors of none; while a file is fetched, Telegram shows it",
    )


CAPABILITIES: tuple[Cell, ...] = (*_kinds(), *_others(), *_of_operator())


def markdown() -> str:
    """Give the table: a row for each kind, a column for each direction."""
    ways = list(Way)
    cells = {(cell.kind, cell.way): cell for cell in CAPABILITIES}
    kinds = list(dict.fromkeys(cell.kind for cell in CAPABILITIES))
    lines = [f"| Kind | {' | '.join(ways)} |", "|---" * (len(ways) + 1) + "|"]
    lines += [f"| {kind} | {' | '.join(_words(cells.get((kind, way))) for way in ways)} |" for kind in kinds]
    return "\n".join(lines)


def _words(cell: Cell | None) -> str:
    if cell is None:
        return "—"
    return f"{cell.how} ({cell.limit})" if cell.limit else str(cell.how)

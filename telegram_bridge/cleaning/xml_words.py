"""What the parts of an office document say and where they lead, read as the programs that open them read it.

Called by `office`. A real parser, because a contact may stand in a CDATA section, between comments, or in another encoding, where a
search of the bytes would not meet it. Documents that declare entities are refused: ECMA-376 part 2 allows none, and they can be bombs.
"""

from __future__ import annotations

from xml.parsers import expat

from telegram_bridge.cleaning.refusals import NotCleanable

_PARAGRAPHS = frozenset({"p", "si", "row", "c"})
_READ = frozenset(
    {
        "descr",
        "title",
        "tooltip",
        "display",
        "string",
        "prompt",
        "promptTitle",
        "error",
        "errorTitle",
        "formatCode",
        "instr",
    }
)
"""Attributes that people read: descriptions of pictures, hints, words drawn as a picture or beside a number, fields that lead somewhere."""
_NAMED = frozenset({"sheet", "tableColumn", "docPr", "cNvPr", "docVar", "alias", "tag", "bookmarkStart"})
_NAMES = frozenset({"name", "val"})
"""Elements whose names people read, and the attributes that hold them: of sheets, columns, pictures, fields to fill in."""


class _Reader:
    """Collects while the parser goes through a part."""

    def __init__(self) -> None:
        self.said: list[str] = []
        self.shown: list[str] = []
        self.leads_outside = False

    def begin(self, element: str, attributes: dict[str, str]) -> None:
        """Meet an element."""
        read = _READ | _NAMES if _local(element) in _NAMED else _READ
        self.shown += [f"\n{value}" for name, value in attributes.items() if _local(name) in read]
        self.leads_outside = self.leads_outside or attributes.get("TargetMode") == "External"

    def end(self, element: str) -> None:
        """Leave an element."""
        if _local(element) in _PARAGRAPHS:
            self.said.append("\n")

    def remark(self, *words: str) -> None:
        """Meet a comment, or an instruction to some program: nobody needs them, and whoever looks reads them."""
        self.shown.append("\n" + "\n".join(words))

    def refuse_entities(self, *_: object) -> None:
        """Meet a declaration of entities."""
        raise NotCleanable("unreadable", "a part of the document declares entities")


def words(part: bytes) -> str:
    """Give what people read in a part, a line for each paragraph. NotCleanable when it is no XML of an office document."""
    read = _read(part)
    return "".join([*read.said, *read.shown])


def leads_outside(part: bytes) -> bool:
    """Tell whether a part of relations names anything outside the document. NotCleanable as for `words`."""
    return _read(part).leads_outside


def _read(part: bytes) -> _Reader:
    reader, parser = _Reader(), expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler = reader.begin, reader.end
    parser.CharacterDataHandler = reader.said.append
    parser.CommentHandler = parser.ProcessingInstructionHandler = reader.remark
    parser.StartDoctypeDeclHandler = reader.refuse_entities
    try:
        parser.Parse(part, True)
    except (expat.ExpatError, LookupError, ValueError) as error:
        raise NotCleanable("unreadable", f"a part of the document is no XML ({type(error).__name__})") from error
    return reader


def _local(name: str) -> str:
    return name.rpartition(":")[2]

"""Parse mode MarkdownV2: marks to entities, with the refusals of the real parser.

Called by ``entities.text``. Knows nothing of messages or limits.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

from sandbox.telegram.entities.reading import Entity, Reading, link_entity
from sandbox.telegram.entities.units import byte_offset
from sandbox.telegram.errors import ApiError, bad_request

_RESERVED = frozenset("_*[]()~`>#+-=|{}.!\n")
_NAMES = {
    "bold": "Bold",
    "italic": "Italic",
    "underline": "Underline",
    "strikethrough": "Strikethrough",
    "spoiler": "Spoiler",
    "code": "Code",
    "pre": "Pre",
    "pre_code": "PreCode",
    "text_link": "TextUrl",
    "custom_emoji": "CustomEmoji",
    "blockquote": "BlockQuote",
}
_CLOSERS = {
    "bold": "*",
    "strikethrough": "~",
    "code": "`",
    "pre": "```",
    "pre_code": "```",
    "text_link": "]",
    "custom_emoji": "]",
    "underline": "__",
    "spoiler": "||",
}
_OPENERS = (
    ("```", "pre"),
    ("__", "underline"),
    ("||", "spoiler"),
    ("![", "custom_emoji"),
    ("_", "italic"),
    ("*", "bold"),
    ("~", "strikethrough"),
    ("`", "code"),
    ("[", "text_link"),
)


def _refuse(text: str) -> ApiError:
    return bad_request(f"can't parse entities: {text}")


@dataclass
class _Mark:
    kind: str
    offset: int
    source_at: int
    start: int
    argument: str = ""


class _Parser(Reading):
    """Keeps the open marks, and whether a quotation is open or may begin."""

    def __init__(self, source: str) -> None:
        super().__init__(source)
        self.open: list[_Mark] = []
        self.quoting = False
        self.may_quote = True

    def run(self) -> tuple[str, list[Entity]]:
        """Parse everything; returns the bare text and the entities in closing order."""
        while self.position < len(self.source):
            self._step()
        self._end_of_text()
        return self.result()

    def _step(self) -> None:
        character = self.source[self.position]
        following = self.source[self.position + 1 : self.position + 2]
        if character == "\\" and following and 0 < ord(following) <= 126:
            self._plain(following)
            self.position += 2
        elif character not in self._reserved():
            self._plain(character)
            self.position += 1
        elif self._ends_quote(character):
            self._close_line()
        elif self.open and self._closes(self.open[-1].kind):
            self._close()
        else:
            self._open(character)

    def _reserved(self) -> frozenset[str]:
        in_code = bool(self.open) and self.open[-1].kind in {"code", "pre", "pre_code"}
        return frozenset("`") if in_code else _RESERVED

    def _plain(self, character: str) -> None:
        self.write(character)
        if character != "\r":
            self.may_quote = character == "\n"

    def _at(self, mark: str) -> bool:
        return self.source.startswith(mark, self.position)

    def _ends_quote(self, character: str) -> bool:
        return self.quoting and character == "\n" and self.source[self.position + 1 : self.position + 2] != ">"

    def _closes(self, kind: str) -> bool:
        if kind == "italic":
            return self._at("_") and not self._at("__")
        return kind in _CLOSERS and self._at(_CLOSERS[kind])

    def _open(self, character: str) -> None:
        if character == "\n":
            self._plain("\n")
            self.position += 1
            return
        if character == ">" and self.may_quote:
            if not self.quoting:
                self.quoting = True
                self._push("blockquote")
            self.position += 1
            return
        for mark, kind in _OPENERS:
            if self._at(mark):
                self._push(kind)
                self.position += len(mark)
                if kind == "pre" and (language := self.code_header()):
                    self.open[-1].kind, self.open[-1].argument = "pre_code", language
                return
        raise _refuse(f"Character '{character}' is reserved and must be escaped with the preceding '\\'")

    def _push(self, kind: str) -> None:
        source_at = self.position + (1 if kind in {"underline", "spoiler"} else 0)
        self.open.append(_Mark(kind, self.units, source_at if kind == "spoiler" else self.position, len(self.written)))

    def _unclosed(self) -> ApiError:
        mark = self.open[-1]
        where = byte_offset(self.source, mark.source_at)
        return _refuse(f"Can't find end of {_NAMES[mark.kind]} entity at byte offset {where}")

    def _close_line(self) -> None:
        """A line break ends a quotation; an empty spoiler right before it makes the quotation expandable."""
        kind = "blockquote"
        if self.open[-1].kind == "spoiler" and self.source[: self.position].rstrip("\r").endswith("||"):
            if self.open[-1].offset != self.units and not self.source[: self.position].endswith("\r"):
                raise self._unclosed()
            self.open.pop()
            kind = "expandable_blockquote"
        if self.open[-1].kind != "blockquote":
            raise self._unclosed()
        self._plain("\n")
        self.position += 1
        mark = self.open.pop()
        self.quoting = False
        self.entities.append({"type": kind, "offset": mark.offset, "length": self.units - mark.offset})

    def _close(self) -> None:
        mark = self.open[-1]
        place = {"offset": mark.offset, "length": self.units - mark.offset}
        self.position += len(_CLOSERS.get(mark.kind, "_"))
        if mark.kind == "text_link":
            found = self._link(mark, place)
        elif mark.kind == "custom_emoji":
            found = self._special(place)
        elif mark.kind == "pre_code":
            found = [{"type": "pre", **place, "language": mark.argument}]
        else:
            found = [{"type": mark.kind, **place}]
        if place["length"]:
            self.entities.extend(found)
        self.open.pop()

    def _address(self) -> str:
        """The part in parentheses after a bracketed text; the position is left behind it."""
        begin = self.position + 1
        at = begin
        url: list[str] = []
        while at < len(self.source) and self.source[at] != ")":
            following = self.source[at + 1 : at + 2]
            if self.source[at] == "\\" and following and ord(following) <= 126:
                at += 1
            url.append(self.source[at])
            at += 1
        if at >= len(self.source):
            raise _refuse(f"Can't find end of a URL at byte offset {byte_offset(self.source, begin)}")
        self.position = at + 1
        return "".join(url)

    def _link(self, mark: _Mark, place: dict[str, int]) -> list[Entity]:
        url = self._address() if self._at("(") else "".join(self.written[mark.start :])
        return link_entity(url, place)

    def _special(self, place: dict[str, int]) -> list[Entity]:
        if not self._at("("):
            raise _refuse("The entity must contain a tg://emoji or tg://time URL")
        parts = urlsplit(self._address())
        values = {key: found[0] for key, found in parse_qs(parts.query).items()}
        if parts.scheme == "tg" and parts.netloc == "emoji" and values.get("id", "").isdigit():
            return [{"type": "custom_emoji", **place, "custom_emoji_id": values["id"]}]
        if parts.scheme == "tg" and parts.netloc == "time" and values.get("unix", "").isdigit():
            entity = {"type": "date_time", **place, "unix_time": int(values["unix"])}
            if "format" in values:
                entity["date_time_format"] = values["format"]
            return [entity]
        raise _refuse("Invalid tg://emoji or tg://time URL specified")

    def _end_of_text(self) -> None:
        if self.quoting:
            kind = "blockquote"
            if self.open[-1].kind == "spoiler" and self.source.endswith("||") and self.open[-1].offset == self.units:
                self.open.pop()
                kind = "expandable_blockquote"
            if self.open[-1].kind == "blockquote":
                mark = self.open.pop()
                if self.units > mark.offset:
                    self.entities.append({"type": kind, "offset": mark.offset, "length": self.units - mark.offset})
        if self.open:
            raise self._unclosed()


def parse_markdown_v2(source: str) -> tuple[str, list[Entity]]:
    """Text without marks and its entities; raises the real parser's 400 for broken markup."""
    return _Parser(source).run()

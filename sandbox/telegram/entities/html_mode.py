"""Parse mode HTML: tags to entities, with the refusals of the real parser.

Called by ``entities.text``. Knows nothing of messages or limits.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from sandbox.telegram.entities.reading import Entity, Reading, link_entity
from sandbox.telegram.entities.units import byte_offset
from sandbox.telegram.errors import ApiError, bad_request

_PLAIN_TAGS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
}
_TAGS = {*_PLAIN_TAGS, "a", "tg-emoji", "tg-time", "pre", "code", "blockquote"}
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_REFERENCE = re.compile(r"&(?:#x(?P<hex>[0-9a-fA-F]*)|#(?P<dec>[0-9]*)|(?P<name>[A-Za-z]*));?")
_TOKEN = re.compile(r"[A-Za-z0-9.-]*")
_SPACE = " \t\r\n\0\v"


def _refuse(text: str) -> ApiError:
    return bad_request(f"can't parse entities: {text}")


@dataclass
class _Tag:
    name: str
    offset: int
    start: int
    attributes: dict[str, str] = field(default_factory=dict)


def decode_reference(source: str, position: int) -> tuple[str, int]:
    """Character named by the reference at ``position`` and the position after it; an unknown one stays as written."""
    match = _REFERENCE.match(source, position)
    if match is None:
        return "&", position + 1
    if match["name"] is not None:
        character = _NAMED.get(match["name"], "")
    else:
        digits = match["hex"] if match["hex"] is not None else match["dec"]
        code = int(digits, 16 if match["hex"] is not None else 10) if digits else 0
        too_long = len(match[0].rstrip(";")) >= 10
        character = "" if code == 0 or code >= 0x10FFFF or too_long or 0xD800 <= code <= 0xDFFF else chr(code)
    return (character, match.end()) if character else ("&", position + 1)


class _Parser(Reading):
    """Keeps the open tags."""

    def __init__(self, source: str) -> None:
        super().__init__(source)
        self.open: list[_Tag] = []

    def run(self) -> tuple[str, list[Entity]]:
        """Parse everything; returns the bare text and the entities in closing order."""
        while self.position < len(self.source):
            character = self.source[self.position]
            if character == "&":
                text, self.position = decode_reference(self.source, self.position)
                self.write(text)
            elif character == "<":
                self._tag()
            else:
                end = self._end_of_plain()
                self.write(self.source[self.position : end])
                self.position = end
        if self.open:
            last = self.open[-1]
            raise _refuse(f'Can\'t find end tag corresponding to start tag "{last.name}"')
        return self.result()

    def _end_of_plain(self) -> int:
        ends = [at for at in (self.source.find("<", self.position), self.source.find("&", self.position)) if at >= 0]
        return min(ends, default=len(self.source))

    def _peek(self) -> str:
        return self.source[self.position] if self.position < len(self.source) else ""

    def _skip(self, until: str) -> str:
        start = self.position
        while self._peek() and self._peek() not in until:
            self.position += 1
        return self.source[start : self.position]

    def _skip_space(self) -> None:
        while self._peek() and self._peek() in _SPACE:
            self.position += 1

    def _tag(self) -> None:
        begin = self.position
        self.position += 1
        if self._peek() == "/":
            self.position += 1
            self._close(begin)
        else:
            self._start(begin)

    def _start(self, begin: int) -> None:
        name = self._skip(_SPACE + ">").lower()
        where = byte_offset(self.source, begin)
        if not self._peek():
            raise _refuse(f"Unclosed start tag at byte offset {where}")
        if name not in _TAGS:
            raise _refuse(f'Unsupported start tag "{name}" at byte offset {where}')
        tag = _Tag(name, self.units, len(self.written))
        while self._peek() != ">":
            self._skip_space()
            if self._peek() == ">":
                break
            key, value = self._attribute(name, where)
            tag.attributes[key] = value
        self.position += 1
        if name == "span" and tag.attributes.get("class") != "tg-spoiler":
            raise _refuse(f'Tag "span" must have class "tg-spoiler" at byte offset {where}')
        self.open.append(tag)

    def _attribute(self, tag_name: str, where: int) -> tuple[str, str]:
        key = self._skip(_SPACE + "=>/\"'")
        if not key:
            raise _refuse(f'Empty attribute name in the tag "{tag_name}" at byte offset {where}')
        self._skip_space()
        if self._peek() != "=":
            if not self._peek():
                raise _refuse(f'Unclosed start tag "{tag_name}" at byte offset {where}')
            return key, ""
        self.position += 1
        self._skip_space()
        if not self._peek():
            raise _refuse(f'Unclosed start tag "{tag_name}" at byte offset {where}')
        value = self._quoted() if self._peek() in "\"'" else self._token()
        if not self._peek():
            raise _refuse(f"Unclosed start tag at byte offset {where}")
        return key, value

    def _token(self) -> str:
        begin = self.position
        match = _TOKEN.match(self.source, begin)
        self.position = match.end() if match else begin
        if self._peek() and self._peek() not in _SPACE + ">":
            raise _refuse(f"Unexpected end of name token at byte offset {byte_offset(self.source, begin)}")
        return self.source[begin : self.position].lower()

    def _quoted(self) -> str:
        quote = self._peek()
        self.position += 1
        value: list[str] = []
        while self._peek() and self._peek() != quote:
            if self._peek() == "&":
                text, self.position = decode_reference(self.source, self.position)
                value.append(text)
            else:
                value.append(self._peek())
                self.position += 1
        if self._peek():
            self.position += 1
        return "".join(value)

    def _close(self, begin: int) -> None:
        where = byte_offset(self.source, begin)
        if not self.open:
            raise _refuse(f"Unexpected end tag at byte offset {where}")
        name = self._skip(_SPACE + ">").lower()
        self._skip_space()
        if self._peek() != ">":
            raise _refuse(f"Unclosed end tag at byte offset {where}")
        self.position += 1
        tag = self.open[-1]
        if name and name != tag.name:
            raise _refuse(f'Unmatched end tag at byte offset {where}, expected "</{tag.name}>", found "</{name}>"')
        if self.units > tag.offset:
            self._finish(tag)
        self.open.pop()

    def _finish(self, tag: _Tag) -> None:
        place = {"offset": tag.offset, "length": self.units - tag.offset}
        if tag.name in _PLAIN_TAGS:
            self.entities.append({"type": _PLAIN_TAGS[tag.name], **place})
        elif tag.name == "a":
            url = tag.attributes.get("href") or "".join(self.written[tag.start :])
            self.entities.extend(link_entity(url, place))
        elif tag.name == "blockquote":
            kind = "expandable_blockquote" if "expandable" in tag.attributes else "blockquote"
            self.entities.append({"type": kind, **place})
        elif tag.name == "tg-emoji":
            emoji_id = tag.attributes.get("emoji-id", "")
            if not emoji_id.isdigit() or int(emoji_id) == 0:
                raise _refuse("Invalid custom emoji identifier specified")
            self.entities.append({"type": "custom_emoji", **place, "custom_emoji_id": emoji_id})
        elif tag.name == "tg-time":
            self._finish_time(tag, place)
        else:
            self._finish_code(tag, place)

    def _finish_time(self, tag: _Tag, place: dict[str, int]) -> None:
        unix = tag.attributes.get("unix", "")
        if unix.isdigit() and int(unix) > 0:
            entity = {"type": "date_time", **place, "unix_time": int(unix)}
            if tag.attributes.get("format"):
                entity["date_time_format"] = tag.attributes["format"]
            self.entities.append(entity)

    def _finish_code(self, tag: _Tag, place: dict[str, int]) -> None:
        """``pre`` and ``code``; one directly inside the other is a block of a named language."""
        style = tag.attributes.get("class", "")
        language = style.removeprefix("language-") if style.startswith("language-") else ""
        last = self.entities[-1] if self.entities else {}
        same = last.get("offset") == place["offset"] and last.get("length") == place["length"]
        if tag.name == "pre":
            if same and last["type"] == "code" and last.get("language"):
                last["type"] = "pre"
            else:
                self.entities.append({"type": "pre", **place})
        elif same and last["type"] == "pre" and language:
            last["language"] = language
        else:
            self.entities.append({"type": "code", **place, **({"language": language} if language else {})})


def parse_html(source: str) -> tuple[str, list[Entity]]:
    """Text without tags and its entities; raises the real parser's 400 for broken markup."""
    text, entities = _Parser(source).run()
    for entity in entities:
        if entity["type"] == "code":
            entity.pop("language", None)
    return text, entities

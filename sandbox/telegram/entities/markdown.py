"""Parse mode Markdown (the legacy one): marks to entities. Nesting is impossible in it.

Called by ``entities.text``. Knows nothing of messages or limits.
"""

from __future__ import annotations

import re

from sandbox.telegram.entities.reading import Entity, Reading, link_entity
from sandbox.telegram.entities.units import byte_offset, utf16_length
from sandbox.telegram.errors import bad_request

_PLAIN = re.compile(r"[^\\_*`\[]+")
_KINDS = {"_": "italic", "*": "bold", "`": "code"}


class _Parser(Reading):
    def run(self) -> tuple[str, list[Entity]]:
        while self.position < len(self.source):
            plain = _PLAIN.match(self.source, self.position)
            if plain is not None:
                self.write(plain[0])
                self.position = plain.end()
            elif self.source[self.position] == "\\":
                escaped = self.source[self.position + 1 : self.position + 2]
                self.position += 1
                if escaped and escaped in "_*`[":
                    self.write(escaped)
                    self.position += 1
                else:
                    self.write("\\")
            else:
                self._entity()
        return self.result()

    def _entity(self) -> None:
        begin = self.position
        mark = self.source[begin]
        block = self.source.startswith("```", begin)
        self.position += 3 if block else 1
        language = self.code_header() if block else ""
        closer = "```" if block else "]" if mark == "[" else mark
        end = self.source.find(closer, self.position)
        if end < 0:
            where = byte_offset(self.source, begin)
            raise bad_request(f"can't parse entities: Can't find end of the entity starting at byte offset {where}")
        covered = self.source[self.position : end]
        place = {"offset": self.units, "length": utf16_length(covered)}
        self.write(covered)
        self.position = end + len(closer)
        if not covered:
            return
        if mark == "[":
            self.entities.extend(link_entity(self._address(covered), place))
        elif block:
            self.entities.append({"type": "pre", **place, **({"language": language} if language else {})})
        else:
            self.entities.append({"type": _KINDS[mark], **place})

    def _address(self, covered: str) -> str:
        """The part in parentheses; without one the text itself is the address."""
        if self.source[self.position : self.position + 1] != "(":
            return covered
        end = self.source.find(")", self.position)
        stop = end if end >= 0 else len(self.source)
        url = self.source[self.position + 1 : stop]
        self.position = stop + 1
        return url


def parse_markdown(source: str) -> tuple[str, list[Entity]]:
    """Text without marks and its entities; raises the real parser's 400 for an unclosed mark."""
    return _Parser(source).run()

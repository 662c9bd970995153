"""The binary catalogues that texts are read from."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from babel.messages.mofile import write_mo

from b24app import i18n


def test_a_catalogue_is_never_seen_half_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that starts while another one compiles reads the texts as they were, or the new ones, never a part."""
    source = tmp_path / "ru" / "LC_MESSAGES" / "bot.po"
    source.parent.mkdir(parents=True)
    source.write_text('msgid ""\nmsgstr ""\n\nmsgid "Yes"\nmsgstr "Да"\n', encoding="utf-8")
    target = source.with_suffix(".mo")
    target.write_bytes(b"as it was")
    os.utime(target, (0, 0))
    seen = list[bytes]()

    def watched(*arguments: Any) -> None:
        write_mo(*arguments)
        seen.append(target.read_bytes())

    monkeypatch.setattr(i18n, "LOCALE_DIR", tmp_path)
    monkeypatch.setattr(i18n, "write_mo", watched)
    assert (i18n.compile_catalogues(), seen) == (1, [b"as it was"])
    assert "Да".encode() in target.read_bytes()
    assert [path.name for path in source.parent.iterdir() if path not in {source, target}] == []

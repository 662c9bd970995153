"""What kind of archive a stranger's file is, whatever it is made of."""

from __future__ import annotations

import io
import struct
import zipfile
from pathlib import Path

import pytest

from telegram_bridge.miniapp.uploads import UnknownKind, kind_of


def archive(*names: str) -> bytes:
    """Give an archive with empty files of these names."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        for name in names:
            packed.writestr(name, b"")
    return out.getvalue()


def listing(entry_name: bytes, times: int) -> bytes:
    """Give an archive whose list of files names the same one again and again."""
    entry = struct.pack("<4s6H3L5H2L", b"PK\x01\x02", 20, 20, 0, 0, 0, 0, 0, 0, 0, len(entry_name), 0, 0, 0, 0, 0, 0)
    listed, content = (entry + entry_name) * times, b"PK\x03\x04".ljust(30, b"\0")
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, times & 0xFFFF, times & 0xFFFF, len(listed), len(content), 0)
    return content + listed + end


@pytest.mark.parametrize(("names", "kind"), [(["a.txt"], "application/zip"), (["word/document.xml"], "wordprocessing")])
def test_an_archive_is_known_by_what_it_lists(tmp_path: Path, names: list[str], kind: str) -> None:
    """A document of an office is told from any other archive by the folder inside."""
    (tmp_path / "file").write_bytes(archive(*names))
    assert kind in kind_of(tmp_path / "file", ".zip")


@pytest.mark.parametrize(
    "broken",
    [
        archive("ц.txt").replace("ц".encode(), b"\xff\xff"),
        archive("a.txt").replace(b"PK\x01\x02\x14\x03\x14", b"PK\x01\x02\x14\x03\xff"),
        archive("a.txt")[:-10],
    ],
    ids=["a name of no letters", "of a version to come", "cut off"],
)
def test_a_broken_archive_is_of_no_kind(tmp_path: Path, broken: bytes) -> None:
    """An archive that cannot be listed is refused like any other unknown file, never a fault of ours."""
    (tmp_path / "file").write_bytes(broken)
    with pytest.raises(UnknownKind):
        kind_of(tmp_path / "file", ".zip")


@pytest.mark.parametrize(("times", "kind"), [(3, "wordprocessing"), (20_001, "application/zip")])
def test_an_archive_with_a_list_without_end_is_not_listed(tmp_path: Path, times: int, kind: str) -> None:
    """A list of files that would fill the memory is not read: the file counts as an archive that nobody looked into."""
    (tmp_path / "file").write_bytes(listing(b"word/", times))
    assert kind in kind_of(tmp_path / "file", ".zip")

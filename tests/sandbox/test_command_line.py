"""The command line of the sandbox: what it cannot use it says in one line."""

from __future__ import annotations

import socket
import subprocess
import sys
from pathlib import Path

import pytest

from sandbox.__main__ import main

TOKEN = "700000001:AAEsandboxsandboxsandboxsandbox12345"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["telegram", "--token", "foo"], "argument --token: 'foo' does not look like 123456789:AAE…"),
        (["portal", "--webhook", "foo"], "argument --webhook: 'foo' does not look like 1/key"),
        (["portal", "--limits", "many"], "argument --limits: 'many' does not look like real, off or a factor"),
    ],
)
def test_what_cannot_be_used_is_named(arguments: list[str], words: str, capsys: pytest.CaptureFixture[str]) -> None:
    """A malformed token, webhook or limit ends in a message of its own, not in a traceback."""
    with pytest.raises(SystemExit) as ended:
        main([*arguments, "--port", "0"])
    assert ended.value.code == 2
    assert words in capsys.readouterr().err


def test_missing_files_and_double_bots_are_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A file of readings that does not exist and two tokens of one bot are told in a line."""
    assert main(["portal", "--port", "0", "--readings", str(tmp_path / "none.json")]) == 2
    assert "none.json" in capsys.readouterr().err
    assert main(["telegram", "--port", "0", "--token", TOKEN, "--token", f"{TOKEN}6"]) == 2
    assert capsys.readouterr().err == "sandbox telegram: bot 700000001 exists\n"


def test_taken_ports_are_named() -> None:
    """A port that something else listens on is told in a line."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        command = [sys.executable, "-m", "sandbox", "portal", "--port", str(taken.getsockname()[1])]
        ended = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert ended.returncode == 2
    assert "address already in use" in ended.stderr
    assert "Traceback" not in ended.stderr

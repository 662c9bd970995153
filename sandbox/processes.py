"""Child processes of the demo and the story: started with a log each, watched, stopped in order, never left behind.

Called by `sandbox.stack`. Knows commands and addresses, nothing of what runs behind them.
"""

from __future__ import annotations

import json
import os
import random
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path


class StartFailed(Exception):
    """A process did not come up; the message holds the end of its log."""


PORTS = range(20_000, 32_000)
"""Below those that systems hand out by themselves: nobody is given a port between its choice here and its use."""


def free_port() -> int:
    """Give a port nobody listens on right now."""
    # Not from the shared generator: seeded alike in two processes, it would give both the same port.
    chance = random.SystemRandom()
    while True:
        port = chance.choice(PORTS)
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


def answers(address: str) -> bool:
    """Tell whether an address answers with a status below 500."""
    try:
        with urllib.request.urlopen(address, timeout=2):
            return True
    except urllib.error.HTTPError as error:
        with error:
            return error.code < 500
    except OSError:
        return False


class Processes:
    """A set of named children with one folder for their logs and one file that remembers them over a crash."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.folder.mkdir(parents=True, exist_ok=True)
        self._children: dict[str, subprocess.Popen[bytes]] = {}
        self._memory = folder / "processes.json"
        self._stop_forgotten()

    def start(self, name: str, command: list[str], environment: Mapping[str, str]) -> None:
        """Start a child in a process group of its own."""
        with (self.folder / f"{name}.log").open("ab") as log:
            self._children[name] = subprocess.Popen(
                command, stdout=log, stderr=log, stdin=subprocess.DEVNULL, env=dict(environment), start_new_session=True
            )
        self._remember()

    def run(self, name: str, command: list[str], environment: Mapping[str, str]) -> None:
        """Run a command to its end; raises StartFailed with the end of its output when it fails."""
        done = subprocess.run(
            command, capture_output=True, env=dict(environment), stdin=subprocess.DEVNULL, check=False
        )
        with (self.folder / f"{name}.log").open("ab") as log:
            log.write(done.stdout + done.stderr)
        if done.returncode:
            raise StartFailed(f"{name} failed:\n{(done.stdout + done.stderr).decode(errors='replace')[-3000:]}")

    def kill(self, name: str) -> None:
        """Kill a child and its whole group at once, as a crash would."""
        child = self._children.pop(name)
        self._signal(child.pid, signal.SIGKILL)
        child.wait()
        self._remember()

    def stop(self, name: str, seconds: float = 20.0) -> None:
        """Ask a child to leave and wait for it; kill it when it does not."""
        child = self._children.pop(name, None)
        if child is None:
            return
        self._signal(child.pid, signal.SIGTERM)
        try:
            child.wait(seconds)
        except subprocess.TimeoutExpired:
            self._signal(child.pid, signal.SIGKILL)
            child.wait()
        self._remember()

    def stop_all(self) -> None:
        """Stop every child, the youngest first."""
        for name in reversed(list(self._children)):
            self.stop(name)
        self._memory.unlink(missing_ok=True)

    def pid(self, name: str) -> int:
        """Give the process id of a child, which leads a group of its own."""
        return self._children[name].pid

    def runs(self, name: str) -> bool:
        """Tell whether a child is there."""
        return name in self._children and self._children[name].poll() is None

    def fallen(self) -> list[str]:
        """Give the names of children that ended by themselves."""
        return [name for name, child in self._children.items() if child.poll() is not None]

    def log_end(self, name: str, characters: int = 3000) -> str:
        """Give the end of a child's log."""
        path = self.folder / f"{name}.log"
        return path.read_text(errors="replace")[-characters:] if path.exists() else ""

    def _remember(self) -> None:
        self._memory.write_text(json.dumps({name: child.pid for name, child in self._children.items()}))

    def _stop_forgotten(self) -> None:
        # Left by a supervisor that was killed: their groups are stopped before ports and locks are wanted again.
        if not self._memory.exists():
            return
        with suppress(ValueError):
            for pid in json.loads(self._memory.read_text()).values():
                if self._is_ours(int(pid)):
                    self._signal(int(pid), signal.SIGTERM)
                    self._wait_gone(int(pid))
        self._memory.unlink(missing_ok=True)

    @staticmethod
    def _is_ours(pid: int) -> bool:
        with suppress(OSError):
            line = Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace")
            return Path(sys.executable).name.split(".")[0] in line or "gunicorn" in line
        return False

    def _wait_gone(self, pid: int, seconds: float = 15.0) -> None:
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if not self._is_ours(pid):
                return
            time.sleep(0.1)
        self._signal(pid, signal.SIGKILL)

    @staticmethod
    def _signal(pid: int, number: int) -> None:
        with suppress(ProcessLookupError):
            os.killpg(pid, number)

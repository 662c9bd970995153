"""A stand-in portal in its own process and our server-called addresses in a thread, for tests that need both."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import requests

from sandbox.processes import free_port

PROJECT = Path(__file__).resolve().parents[3]


class PortalWorld:
    """The stand-in portal, through its control interface."""

    def __init__(self, url: str) -> None:
        self.url = url

    def control(self, path: str, body: dict[str, Any] | None = None) -> Any:
        """Post to the control interface."""
        answer = requests.post(f"{self.url}/sandbox/{path}", json=body or {}, timeout=20)
        assert answer.ok, answer.text
        return answer.json()

    def as_user(self, method: str, params: dict[str, Any] | None = None, user_id: str = "1") -> Any:
        """Call REST as a person of the portal would by its pages."""
        answer = self.control("call", {"user_id": user_id, "method": method, "params": params or {}})
        assert "error" not in answer, answer
        return answer["result"]

    def add_app(self, public_url: str, scopes: list[str]) -> dict[str, Any]:
        """Register a local application whose pages are ours."""
        wanted = {
            "title": "Marketplace",
            "handler_url": f"{public_url}/placements/app/overview",
            "install_url": f"{public_url}/install",
            "scopes": scopes,
            "client_id": "local.marketplace.test",
            "client_secret": "secret-of-the-test",
        }
        return dict(self.control("apps", wanted))

    def rewind(self, snapshot: str) -> None:
        """Go back to a kept state, to the present moment and to good behaviour."""
        self.control("restore", {"name": snapshot})
        self.control("faults", {"rules": []})
        offset = requests.get(f"{self.url}/sandbox/clock", timeout=10).json()["offset_seconds"]
        if offset:
            self.control("clock", {"advance_seconds": -offset})

    @contextmanager
    def reading(self, name: str, choice: str) -> Iterator[None]:
        """Read an open point of the documentation in one way for a while."""
        before = requests.get(f"{self.url}/sandbox/readings", timeout=10).json()[name]["chosen"]
        self.control("readings", {name: choice})
        try:
            yield
        finally:
            self.control("readings", {name: before})

    def fault(self, *rules: dict[str, Any]) -> None:
        """Replace the rules by which the portal misbehaves."""
        self.control("faults", {"rules": list(rules)})


@contextmanager
def running_portal(folder: Path, *arguments: str) -> Iterator[PortalWorld]:
    """Run the stand-in portal on a free port."""
    port, log = free_port(), folder / "portal.log"
    command = [sys.executable, "-m", "sandbox", "portal", "--port", str(port), *arguments]
    with log.open("w") as sink:
        process = subprocess.Popen(command, cwd=PROJECT, stdout=sink, stderr=sink)
        try:
            url = f"http://127.0.0.1:{port}"
            _wait(f"{url}/sandbox/health", process, log)
            yield PortalWorld(url)
        finally:
            process.terminate()
            process.wait(10)


def _wait(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + 20
    while time.monotonic() < until:
        try:
            if requests.get(url, timeout=1).ok:
                return
        except requests.ConnectionError:
            time.sleep(0.1)
        assert process.poll() is None, log.read_text()
    raise AssertionError(f"the portal did not start: {log.read_text()}")

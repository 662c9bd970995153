"""Everything running together on one machine: database, both sandbox worlds, the application's web and worker.

Used by the demo, the story, the functional tests and the benchmarks. Starts the application the way an operator would,
through its commands and its environment, and installs it the way an administrator would, through the portal's own launch.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sandbox.processes import Processes, StartFailed, answers, free_port
from sandbox.visitors import Employee, Telegrammer, control

SCOPES = [
    *(
        "crm",
        "bizproc",
        "placement",
        "imopenlines",
        "imconnector",
        "im",
        "user_brief",
        "user_basic",
        "user",
        "department",
    ),
    *("task", "disk", "calendar", "documentgenerator", "userfieldconfig", "catalog", "messageservice", "mobile"),
]
BOT_ID = 7000000001
BOT_NAME = "Textile marketplace"
PYTHON = sys.executable


@dataclass
class Options:
    """Ports (0: any free one), where recordings and logs go, how the worlds behave.

    Without `database_url` an embedded server is started and its database `database` made afresh. `web_port` is where the web process
    listens when something stands in front of it at `app_port`; 0: nothing does.
    """

    folder: Path
    app_port: int = 0
    web_port: int = 0
    portal_port: int = 0
    telegram_port: int = 0
    record: Path | None = None
    limits: str = "off"
    database: str = "demo"
    database_url: str = field(default_factory=lambda: os.environ.get("DATABASE_URL", ""))
    environment: dict[str, str] = field(default_factory=dict)
    web: str = "b24app.wsgi:app"


class Stack:
    """The running whole. A context manager: everything is stopped at the end, whatever happened."""

    def __init__(self, options: Options) -> None:
        self.options = options
        self.processes = Processes(options.folder)
        self.app_url = f"http://127.0.0.1:{options.app_port or free_port()}"
        self.portal_url = f"http://127.0.0.1:{options.portal_port or free_port()}"
        self.telegram_url = f"http://127.0.0.1:{options.telegram_port or free_port()}"
        self.bot_token = f"{BOT_ID}:AA" + "sandbox" * 5
        self.app_id = ""
        self.environment: dict[str, str] = {}

    def __enter__(self) -> Stack:
        try:
            self.start()
        except BaseException:
            self.processes.stop_all()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.processes.stop_all()

    def start(self) -> None:
        """Start everything and register the application on the portal; the installation is a step of its own."""
        self._start_world("portal", self.portal_url, [])
        self._start_world("telegram", self.telegram_url, ["--token", self.bot_token])
        ready = self._start_database()
        self._wait("portal", f"{self.portal_url}/sandbox/health")
        self._wait("telegram", f"{self.telegram_url}/sandbox/health")
        # What its owner tells BotFather; done before anything is recorded as the application's.
        control("POST", f"{self.telegram_url}/bot{self.bot_token}/setMyName", {"name": BOT_NAME})
        self.environment = self._environment(self._database_address(ready), self._register())
        self.processes.run("migrate", [PYTHON, "-m", "b24app.cli", "migrate"], self.environment)
        self.start_worker()
        self.start_web()
        self.processes.run("telegram-setup", [PYTHON, "-m", "b24app.cli", "telegram"], self.environment)

    def start_web(self, name: str = "web", *, port: int = 0, module: str = "") -> None:
        """Start a web process and wait until it is ready; further ones have names and ports of their own."""
        port = port or self.options.web_port or int(self.app_url.rsplit(":", 1)[1])
        address = f"127.0.0.1:{port}"
        command = [PYTHON, "-m", "gunicorn", module or self.options.web, "--bind", address]
        self.processes.start(name, [*command, "--config", "python:b24app.serving"], self._named(name))
        self._wait(name, f"http://{address}/healthz")

    def start_worker(self, name: str = "worker", *, database: str = "") -> None:
        """Start a worker process; any number may run under names of their own, and reach the database by an address of their own."""
        environment = self._named(name) | ({"DATABASE_URL": database} if database else {})
        self.processes.start(name, [PYTHON, "-m", "b24app.cli", "worker"], environment)

    def _named(self, process: str) -> dict[str, str]:
        # The database then says of each connection whose it is.
        return {**self.environment, "PGAPPNAME": process}

    def kill_worker(self, name: str = "worker") -> None:
        """Kill a worker as a crash would."""
        self.processes.kill(name)

    def employee(self, user_id: int = 1) -> Employee:
        """Give an employee of the portal; 1 is its administrator."""
        return Employee(self.portal_url, self.app_url, self.app_id, user_id)

    def telegrammer(self, user_id: int) -> Telegrammer:
        """Give a person on Telegram."""
        return Telegrammer(self.telegram_url, self.app_url, str(BOT_ID), user_id)

    def install(self) -> str:
        """Install the application as the portal's administrator does; answers what its page says at the end."""
        return self.employee().install()

    def _start_world(self, world: str, address: str, extra: list[str]) -> None:
        port = address.rsplit(":", 1)[1]
        command = [PYTHON, "-m", "sandbox", world, "--port", port, "--limits", self.options.limits, *extra]
        if self.options.record:
            self.options.record.mkdir(parents=True, exist_ok=True)
            command += ["--record", str(self.options.record / f"{world}.jsonl")]
        self.processes.start(world, command, os.environ)

    def _start_database(self) -> Path:
        ready = self.options.folder / "database.address"
        ready.unlink(missing_ok=True)
        if not self.options.database_url:
            name = ["--database", self.options.database, "--fresh", "--ready-file", str(ready)]
            self.processes.start("database", [PYTHON, "-m", "storage.embedded", *name], os.environ)
        return ready

    def _database_address(self, ready: Path) -> str:
        if self.options.database_url:
            return self.options.database_url
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline and "database" not in self.processes.fallen():
            if ready.exists() and (address := ready.read_text().strip()):
                return address
            time.sleep(0.05)
        raise StartFailed(f"the database did not start:\n{self.processes.log_end('database')}")

    def _register(self) -> Mapping[str, Any]:
        wanted = {
            "title": "Textile marketplace",
            "handler_url": f"{self.app_url}/placements/app/overview",
            "install_url": f"{self.app_url}/install",
            "scopes": SCOPES,
        }
        registered: dict[str, Any] = control("POST", f"{self.portal_url}/sandbox/apps", wanted)
        self.app_id = str(registered["app_id"])
        return registered

    def _environment(self, database: str, registered: Mapping[str, Any]) -> dict[str, str]:
        return {
            **os.environ,
            "PYTHONUNBUFFERED": "1",
            # Processes are started again and again here: what the first one compiled is kept, whatever the surroundings say.
            "PYTHONDONTWRITEBYTECODE": "",
            "DATABASE_URL": database,
            "PUBLIC_URL": self.app_url,
            "SECRET_KEYS": "sandbox-only-key-0123456789abcdef-0123456789",
            "BITRIX_CLIENT_ID": str(registered["client_id"]),
            "BITRIX_CLIENT_SECRET": str(registered["client_secret"]),
            "BITRIX_OAUTH_URL": self.portal_url,
            "BITRIX_PORTAL_URL": self.portal_url,
            "TELEGRAM_API_URL": self.telegram_url,
            "TELEGRAM_CLIENT_URL": self.telegram_url,
            "TELEGRAM_WEBAPP_FRAME_ORIGIN": self.telegram_url,
            "TELEGRAM_BOT_TOKEN": self.bot_token,
            "TENDER_CHANNEL_ID": self._tender_channel(),
            "FILES_DIR": str(self.options.folder / "files"),
            "STALLED_AFTER_SECONDS": "6",
            # A world without limits needs no restraint.
            **({"BITRIX_RATE_PER_SECOND": "50", "BITRIX_RATE_BURST": "500"} if self.options.limits == "off" else {}),
            **self.options.environment,
        }

    def _tender_channel(self) -> str:
        chats = control("GET", f"{self.telegram_url}/sandbox/chats")["chats"]
        return next((str(chat["id"]) for chat in chats if chat.get("type") == "channel"), "")

    def _wait(self, name: str, address: str, seconds: float = 120.0) -> None:
        # On a slow or busy machine a start takes long; a process that fell is not waited for.
        deadline = time.monotonic() + seconds
        while name not in self.processes.fallen() and time.monotonic() < deadline:
            if answers(address):
                return
            time.sleep(0.05)
        raise StartFailed(f"{name} does not answer at {address}\n{self.processes.log_end(name)}")

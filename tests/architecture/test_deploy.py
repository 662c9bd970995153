"""The examples of a deployment say what the code says: commands, ports, paths, sizes, times and names of the environment."""

from __future__ import annotations

import configparser
import json
import re
import shlex
from dataclasses import fields
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
import yaml
from gunicorn.config import Config

from b24app import serving
from b24app.app import UPLOAD_BYTES
from b24app.cli import COMMANDS
from b24app.config import Settings
from telegram_bridge.webhook import MAX_BYTES
from tests.architecture.source import PROJECT
from tests.architecture.test_receiver import ACCEPTING

DEPLOY = PROJECT / "docs" / "deploy"
UNITS = sorted(path.name for path in DEPLOY.glob("*.service"))
COMPOSE: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
PROCESSES = ("web", "receiver", "worker")
NGINX = (DEPLOY / "nginx.conf").read_text()
LOCATIONS = dict(re.findall(r"location (\S+) \{(.*?)\}", NGINX, re.DOTALL))
KNOWN = {
    *(field.name.upper() for field in fields(Settings)),
    *re.findall(r'environ\.get\("([A-Z_]+)"', (PROJECT / "b24app" / "serving.py").read_text()),
    "PGAPPNAME",
}
FOLDER = "/opt/marketplace"


def unit(name: str) -> dict[str, list[str]]:
    """Give the settings of a unit's service, repeated ones in their order."""
    found: dict[str, list[str]] = {}
    for line in (DEPLOY / name).read_text().partition("[Service]")[2].partition("[Install]")[0].split("\n"):
        key, _, value = line.partition("=")
        found.setdefault(key, []).append(value)
    return found


def started(process: str) -> str:
    """Give the command by which a unit starts a process, as one types it in the project's folder."""
    (name,) = (name for name in UNITS if name.startswith(f"marketplace-{process}"))
    (command,) = unit(name)["ExecStart"]
    assert command.startswith(f"{FOLDER}/.venv/bin/")
    return command.removeprefix(f"{FOLDER}/.venv/bin/")


def port(command: str) -> str:
    """Give the port on which a command listens."""
    return command.partition("--bind ")[2].split()[0].rsplit(":", 1)[1]


def megabytes(block: str) -> int:
    """Give the largest body of a location."""
    return int(re.findall(r"client_max_body_size (\d+)m;", block)[0]) * 1024 * 1024


def seconds(block: str, name: str) -> int:
    """Give a time of a block."""
    return int(re.findall(rf"{name} (\d+)s;", block)[0])


def test_every_process_has_a_unit() -> None:
    """A server of one's own needs three units, each readable, under one user in one folder with one environment."""
    assert len(UNITS) == len(PROCESSES)
    for name in UNITS:
        configparser.RawConfigParser(strict=False).read_string((DEPLOY / name).read_text())
        service = unit(name)
        assert (service["WorkingDirectory"], service["User"]) == ([FOLDER], ["marketplace"])
        assert {value.partition("=")[0] for value in service["Environment"]} <= KNOWN
        assert int(service["TimeoutStopSec"][0]) > serving.graceful_timeout


@pytest.mark.parametrize("process", PROCESSES)
def test_units_compose_and_documentation_start_a_process_alike(process: str) -> None:
    """Each process is started by one command, which is the one in the documentation; inside a container it listens to the outside."""
    command, contained = started(process), COMPOSE["services"][process]["command"]
    assert re.sub(r"--bind [\d.]+:", "--bind 127.0.0.1:", contained) == command
    assert "127.0.0.1" not in contained
    assert f"`{command}`" in (PROJECT / "docs" / "operators.md").read_text()


def test_commands_name_what_exists() -> None:
    """Every module, configuration and subcommand that an example starts is there."""
    commands = [started(process) for process in PROCESSES] + [COMPOSE["services"]["migrate"]["command"]]
    commands += [command for name in UNITS for command in unit(name).get("ExecStartPre", [])]
    for words in map(shlex.split, commands):
        if words[0] == "gunicorn":
            module, _, variable = words[1].partition(":")
            spec = find_spec(module)
            assert spec
            assert re.search(rf"^{variable} = ", Path(str(spec.origin)).read_text(), re.MULTILINE)
            assert words[-2:] == ["--config", f"python:{serving.__name__}"]
        else:
            assert words[-3:-1] == ["-m", "b24app.cli"]
            assert words[-1] in COMMANDS


def test_the_servers_settings_are_known_to_it() -> None:
    """Every value in the server's configuration is a setting it has (it says nothing of others), and its control socket stays shut."""
    config = Config()
    for name, value in vars(serving).items():
        if isinstance(value, str | int | None) and not name.startswith("_"):
            config.set(name, value)
    assert config.control_socket_disable


def test_a_long_outage_ends_no_process_for_good() -> None:
    """Where the database is away for minutes, systemd goes on starting what needs it, however often that fails."""
    for name in UNITS:
        before_service = (DEPLOY / name).read_text().partition("[Service]")[0]
        assert "\nStartLimitIntervalSec=0\n" in before_service
        assert unit(name)["Restart"] == ["always"]


def test_only_the_receiver_starts_without_migrating() -> None:
    """A migration that fails keeps pages and workers from starting, and never the receiver."""
    migrating = {name for name in UNITS if any("migrate" in command for command in unit(name).get("ExecStartPre", []))}
    assert migrating == {"marketplace-web.service", "marketplace-worker@.service"}


def test_the_proxy_sends_everything_where_it_is_served() -> None:
    """What the receiver accepts goes to its port, with the web process behind it; the rest to the web process."""
    web, receiver = port(started("web")), port(started("receiver"))
    blocks = re.findall(r"upstream (\S+) \{(.*?)\n\}", NGINX, re.DOTALL)
    upstreams = {name: re.findall(r"\n    server \S+:(\d+)", block) for name, block in blocks}
    assert upstreams == {"marketplace_web": [web], "marketplace_receiver": [receiver, web]}
    to_receiver = {path for path, block in LOCATIONS.items() if "http://marketplace_receiver;" in block}
    assert to_receiver == {f"/{rule.split('/')[1]}/" for rule in ACCEPTING}
    assert [path for path, block in LOCATIONS.items() if "http://marketplace_web;" in block] == ["/"]


def test_the_proxy_is_as_generous_and_as_patient_as_the_application() -> None:
    """No body that the application takes is refused before it, no answer that it still works on is given up."""
    assert megabytes(LOCATIONS["/"]) == UPLOAD_BYTES
    assert {megabytes(LOCATIONS[path]) for path in ("/telegram/", "/b24/")} == {MAX_BYTES}
    assert seconds(LOCATIONS["/"], "proxy_read_timeout") >= serving.timeout
    assert all(int(found) < serving.keepalive for found in re.findall(r"keepalive_timeout (\d+)s;", NGINX))


def test_the_proxys_log_names_no_address() -> None:
    """Addresses carry secrets: the proxy's log holds neither the request's line nor its address, on any server."""
    (form,) = re.findall(r"log_format marketplace '([^']*)'", NGINX)
    assert not {"$request", "$request_uri", "$uri", "$http_referer", "$args"} & set(re.findall(r"\$\w+", form))
    assert len(re.findall(r"access_log \S+ marketplace;", NGINX)) == NGINX.count("\nserver {")
    # The log of errors writes the request's line beside whatever is less than critical.
    assert len(re.findall(r"error_log \S+ crit;", NGINX)) == NGINX.count("\nserver {")


def test_compose_publishes_to_the_proxy_only_and_knows_the_settings() -> None:
    """Containers listen for the host's proxy and nobody else, and are told nothing under a name that nobody reads."""
    for process in ("web", "receiver"):
        number = port(COMPOSE["services"][process]["command"])
        assert COMPOSE["services"][process]["ports"] == [f"127.0.0.1:{number}:{number}"]
    for process in PROCESSES:
        assert set(COMPOSE["services"][process]["environment"]) <= KNOWN
        assert COMPOSE["services"][process]["volumes"] == [
            f"files:{COMPOSE['services'][process]['environment']['FILES_DIR']}"
        ]
        assert int(COMPOSE["services"][process]["stop_grace_period"].rstrip("s")) > serving.graceful_timeout


def test_the_image_is_built_from_what_exists() -> None:
    """The recipe of the image copies files, and runs scripts and commands, that the project has."""
    recipe = (DEPLOY / "Dockerfile").read_text()
    assert (PROJECT / COMPOSE["services"]["web"]["build"]["dockerfile"]).read_text() == recipe
    copied = re.findall(r"^COPY (\S+) ", recipe, re.MULTILINE)
    assert all((PROJECT / path).exists() for path in copied if not path.startswith("--"))
    assert set(re.findall(r"npm run (\w+)", recipe)) <= set(
        json.loads((PROJECT / "static/package.json").read_text())["scripts"]
    )
    assert set(re.findall(r"b24app\.cli (\w+)", recipe)) <= set(COMMANDS)

"""The commands of an operator: `python -m b24app.cli <command>`.

Each command reads the environment, does one thing and says what it did. Knows everything through the composition roots. What a
command needs is loaded when it is chosen: a worker that starts again wants neither pages nor migrations.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Engine

from b24app.config import ConfigurationError, Settings, read_settings
from b24app.manifest import ManifestError
from storage.engines import engine_on
from storage.pg_programs import BackupError


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def catalogues(arguments: argparse.Namespace) -> int:
    """Compile the message catalogues."""
    from b24app import i18n

    _say(f"{i18n.compile_catalogues()} catalogues compiled")
    return 0


def migrate(arguments: argparse.Namespace) -> int:
    """Bring the database to the newest schema, the job queue's tables included."""
    from storage import migrating

    with _engine(_settings()) as engine:
        migrating.upgrade(engine)
    _say("the database has the newest schema")
    return 0


def worker(arguments: argparse.Namespace) -> int:
    """Run a worker until it is told to stop."""
    from b24app import resident
    from b24app.worker import create_worker

    made = create_worker(_settings())
    resident.settle()
    made.run()
    return 0


def telegram(arguments: argparse.Namespace) -> int:
    """Tell Telegram our webhook, commands and menu button."""
    from b24app.operations import set_up_telegram

    for line in set_up_telegram(_settings()):
        _say(line)
    return 0


def plan(arguments: argparse.Namespace) -> int:
    """Show what an installation would add, change or remove on the portal."""
    from b24app.operations import installation_plan

    for line in installation_plan(_settings()):
        _say(line)
    return 0


def apply(arguments: argparse.Namespace) -> int:
    """Bring the portal to what app.yaml declares."""
    from b24app.operations import apply_installation_now

    for line in apply_installation_now(_settings()):
        _say(line)
    return 0


def reconcile(arguments: argparse.Namespace) -> int:
    """Compare the CRM with our records and mend what differs; the report stands on the health page too."""
    from b24app.operations import reconcile_now

    if reconcile_now(_settings(), _say):
        return 0
    _say("nothing was compared: another process is at it, or the application is not installed")
    return 1


def bridge(arguments: argparse.Namespace) -> int:
    """Print the table of what the bridge carries, as docs/bridge.md holds it."""
    from telegram_bridge import capabilities

    _say(capabilities.markdown())
    return 0


def show_metrics_token(arguments: argparse.Namespace) -> int:
    """Show the token with which a monitoring system reads /metrics."""
    from b24app.operations import metrics_token

    _say(metrics_token(_settings()))
    return 0


def rates(arguments: argparse.Namespace) -> int:
    """Keep the exchange rates that offers are compared by: `USD=1 EUR=1.08 UZS=0.00008`, what one unit is worth."""
    from b24app.operations import keep_rates

    keep_rates(_settings(), " ".join(arguments.rates))
    _say("the rates are kept")
    return 0


def backup(arguments: argparse.Namespace) -> int:
    """Write the database and the files into one file; the application may run meanwhile."""
    from storage import backups

    settings = _settings()
    target = Path(arguments.path)
    with _engine(settings) as engine:
        manifest = backups.take(engine, Path(settings.files_dir), settings.secret_keys, target, datetime.now(UTC))
    _say(
        f"{target}: schema {manifest.revision}, {len(manifest.sums) - 1} files; keep SECRET_KEYS elsewhere, they are not in it"
    )
    return 0


def restore(arguments: argparse.Namespace) -> int:
    """Bring a backup back into an empty database; what waited to be sent counts as possibly sent since."""
    from storage import restoring

    settings, source = _settings(), Path(arguments.path)
    files_dir = Path(settings.files_dir)
    with _engine(settings) as engine:
        manifest = restoring.restore(engine, files_dir, settings.secret_keys, source, replace=arguments.replace)
        _say(f"restored as of {manifest.taken_at}, {len(manifest.sums) - 1} files; the database has the newest schema")
        if not arguments.nothing_sent_since:
            doubtful = restoring.doubt_waiting(engine, manifest, datetime.now(UTC))
            _say(
                f"{doubtful} messages that waited then may have been sent since: a worker looks up what can be looked up"
            )
    return 0


@contextmanager
def _engine(settings: Settings) -> Iterator[Engine]:
    engine = engine_on(settings.database_url)
    try:
        yield engine
    finally:
        engine.dispose()


def _settings() -> Settings:
    return read_settings(os.environ)


COMMANDS: dict[str, Callable[[argparse.Namespace], int]] = {
    "catalogues": catalogues,
    "migrate": migrate,
    "worker": worker,
    "telegram": telegram,
    "plan": plan,
    "apply": apply,
    "reconcile": reconcile,
    "metrics-token": show_metrics_token,
    "bridge": bridge,
    "rates": rates,
    "backup": backup,
    "restore": restore,
}
TAKES = {"rates": "CURRENCY=WORTH"}
"""What a command wants to be told, one or more of them."""
PATHS = ("backup", "restore")
FLAGS = {
    "restore": {
        "--replace": "replace what the database holds",
        "--nothing-sent-since": "send what waited: every process was stopped when the backup was taken, and stayed so",
    }
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; answers the exit status."""
    parser = argparse.ArgumentParser(prog="python -m b24app.cli", description="The marketplace's commands.")
    commands = parser.add_subparsers(dest="command", required=True)
    for name, command in COMMANDS.items():
        parsing = commands.add_parser(name, help=command.__doc__, description=command.__doc__)
        if name in TAKES:
            parsing.add_argument(name, nargs="+", metavar=TAKES[name])
        if name in PATHS:
            parsing.add_argument("path", metavar="PATH")
        for flag, meaning in FLAGS.get(name, {}).items():
            parsing.add_argument(flag, action="store_true", help=meaning)
    parsed = parser.parse_args(arguments)
    try:
        return COMMANDS[parsed.command](parsed)
    except (ConfigurationError, ManifestError, BackupError) as error:
        sys.stderr.write(f"{error}\n")
        return 2


if __name__ == "__main__":
    raise SystemExit(main())

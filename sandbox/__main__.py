"""Command line of the sandbox: `portal`, `telegram` and `docs`."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import gc
import importlib
import os
import re
import signal
import sys
from collections.abc import Callable
from pathlib import Path

from aiohttp import web

from sandbox.options import Options

# A world is one large heap that hardly ever holds garbage in circles: looking through it as often as Python does by
# default would cost more than the calls.
COLLECT_AFTER = (20_000, 20, 100)


def _like(pattern: str, example: str) -> Callable[[str], str]:
    """A kind of argument that must look like an example."""

    def read(given: str) -> str:
        if not re.fullmatch(pattern, given):
            raise argparse.ArgumentTypeError(f"{given!r} does not look like {example}")
        return given

    return read


BOT_TOKEN = _like(r"\d{5,15}:[A-Za-z0-9_-]{20,64}", "123456789:AAE… (digits, a colon, 20 to 64 letters)")
WEBHOOK = _like(r"\d+/\w+", "1/key (the number of an employee, a slash, the key)")
LIMITS = _like(r"real|off|\d+(\.\d+)?", "real, off or a factor")


def parse(arguments: list[str]) -> argparse.Namespace:
    """The command line; exits with a message when it cannot be understood."""
    parser = argparse.ArgumentParser(prog="python -m sandbox", description=__doc__)
    commands = parser.add_subparsers(dest="world", required=True)
    for name in ("portal", "telegram"):
        world = commands.add_parser(name)
        world.add_argument("--port", type=int, required=True, help="0 picks a free one")
        world.add_argument("--host", default="127.0.0.1")
        world.add_argument("--data", type=Path, help="folder that keeps the state between runs")
        world.add_argument("--limits", type=LIMITS, default="off", help="real, off or a factor")
        world.add_argument("--record", type=Path, help="JSON Lines file of all calls")
        world.add_argument("--seed", type=int, default=1)
        if name == "portal":
            world.add_argument("--webhook", type=WEBHOOK, action="append", default=[], metavar="USER/KEY")
            world.add_argument(
                "--readings",
                type=Path,
                default=os.environ.get("SANDBOX_READINGS"),
                help="JSON file choosing readings of open documentation; without it the one that SANDBOX_READINGS names",
            )
        else:
            world.add_argument(
                "--token", type=BOT_TOKEN, action="append", default=[], help="a bot that exists from the start"
            )
    docs = commands.add_parser("docs")
    docs.add_argument("--out", type=Path, default=Path("docs/sandbox.md"))
    return parser.parse_args(arguments)


def options_from(parsed: argparse.Namespace) -> Options:
    """Start options out of a parsed `portal` or `telegram` command."""
    return Options(
        port=parsed.port,
        host=parsed.host,
        data=parsed.data,
        limits=parsed.limits,
        record=parsed.record,
        seed=parsed.seed,
        webhooks=tuple(getattr(parsed, "webhook", ())),
        readings=getattr(parsed, "readings", None),
        tokens=tuple(getattr(parsed, "token", ())),
    )


async def serve(app: web.Application, world: str, options: Options) -> None:
    """Runs a world until SIGINT or SIGTERM, then lets it store its state."""
    gc.freeze()
    gc.set_threshold(*COLLECT_AFTER)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
    await runner.setup()
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        with contextlib.suppress(NotImplementedError):
            loop.add_signal_handler(number, stop.set)
    try:
        site = web.TCPSite(runner, options.host, options.port, backlog=1024)
        await site.start()
        port = runner.addresses[0][1]
        sys.stdout.write(f"sandbox {world} on http://{options.host}:{port}\n")
        sys.stdout.flush()
        await stop.wait()
    finally:
        await runner.cleanup()


def main(arguments: list[str]) -> int:
    """Runs one command; the exit status."""
    parsed = parse(arguments)
    if parsed.world == "docs":
        importlib.import_module("sandbox.docs").write(parsed.out)
        return 0
    options = options_from(parsed)
    server = importlib.import_module(f"sandbox.{parsed.world}.server")
    try:
        asyncio.run(serve(server.create_app(options), parsed.world, options))
    except (ValueError, OSError) as error:
        sys.stderr.write(f"sandbox {parsed.world}: {error}\n")
        return 2
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))

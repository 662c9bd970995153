"""`make demo`: everything running in the foreground, with one page to start from.

Knows the stack and its addresses. The page it serves links to the worlds and lets two plays be performed in them.
"""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import os
import signal
import socket
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import jinja2
from aiohttp import web

from sandbox.market import Market
from sandbox.performance import Performance
from sandbox.processes import StartFailed
from sandbox.stack import Options, Stack
from sandbox.story import Story
from sandbox.visitors import Failed

PORT = int(os.environ.get("DEMO_PORT", "8700"))
FOLDER = Path(os.environ.get("DEMO_DIR", f"var/demo-{PORT}"))
TEMPLATES = Path(__file__).with_name("templates")


def plays(stack: Stack) -> Performance:
    """Give what can be performed: the main story without the installation, which is done, and the little market."""
    return Performance({"story": Story(stack).chapters()[1:], "market": Market(stack).chapters()})


def start_page(stack: Stack, performance: Performance) -> web.Application:
    """Give the little web application that shows where to go and performs what is asked for."""
    pages = jinja2.Environment(loader=jinja2.FileSystemLoader(TEMPLATES), autoescape=True)
    html = pages.get_template("start.html").render(
        portal=stack.portal_url, telegram=stack.telegram_url, app=stack.app_url, bot_token=stack.bot_token
    )

    async def show(_: web.Request) -> web.Response:
        return web.Response(text=html, content_type="text/html")

    async def begin(request: web.Request) -> web.Response:
        name = request.match_info["name"]
        if name not in performance.seen():
            raise web.HTTPNotFound
        status = 202 if performance.begin(name) else 409
        return web.json_response(performance.seen(), status=status)

    async def seen(_: web.Request) -> web.Response:
        return web.json_response(performance.seen())

    application = web.Application()
    application.router.add_get("/", show)
    application.router.add_get("/plays", seen)
    application.router.add_post("/plays/{name}", begin)
    return application


async def serve(stack: Stack) -> int:
    """Show the start page until Ctrl-C, or until a process falls; answers the exit status."""
    runner = web.AppRunner(start_page(stack, plays(stack)), access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", PORT).start()
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    try:
        while not stop.is_set():
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), 1)
            if fallen := stack.processes.fallen():
                for name in fallen:
                    sys.stderr.write(f"{name} stopped by itself:\n{stack.processes.log_end(name)}\n")
                return 1
    finally:
        await runner.cleanup()
    return 0


def taken_ports() -> list[int]:
    """Give which of the demo's four ports somebody else uses."""
    taken = []
    for port in range(PORT, PORT + 4):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                taken.append(port)
    return taken


@contextlib.contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Hold a folder's demo for this process. Raises StartFailed while another one runs in it."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise StartFailed(f"A demo runs already. For a second one: DEMO_PORT={PORT + 100} make demo") from None
        yield


def run() -> int:
    """Start everything, install the application, serve the start page; answers the exit status."""
    started = time.monotonic()
    # A database of its own for each port, so that two demos do not disturb each other.
    options = Options(
        folder=FOLDER,
        app_port=PORT + 3,
        portal_port=PORT + 1,
        telegram_port=PORT + 2,
        database=f"demo_{PORT}",
    )
    stack = Stack(options)  # this also stops what a killed demo left behind
    if taken := taken_ports():
        numbers = ", ".join(map(str, taken))
        raise StartFailed(f"Ports in use: {numbers}. Stop what runs there, or: DEMO_PORT={PORT + 100} make demo")
    sys.stdout.write("Starting the database, the portal, Telegram and the application…\n")
    sys.stdout.flush()
    with stack:
        stack.install()
        took = time.monotonic() - started
        sys.stdout.write(
            f"\n  Ready after {took:.0f} s: open http://127.0.0.1:{PORT}\n  Logs: {FOLDER}/*.log. Ctrl-C stops everything.\n\n"
        )
        sys.stdout.flush()
        return asyncio.run(serve(stack))


def leave(*_: object) -> None:
    """End like Ctrl-C, so that nothing is left running."""
    raise KeyboardInterrupt


def main() -> int:
    """Run the demo; answers the exit status."""
    signal.signal(signal.SIGTERM, leave)
    try:
        with alone(FOLDER):
            return run()
    except (StartFailed, Failed) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    except KeyboardInterrupt:
        return 0


if __name__ == "__main__":
    raise SystemExit(main())

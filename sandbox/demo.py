"""`make demo`: everything running in the foreground, with one page to start from.

Knows the stack and its addresses; the page it serves only links to the worlds.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
import time
from pathlib import Path

import jinja2
from aiohttp import web

from sandbox.processes import StartFailed
from sandbox.stack import Options, Stack

PORT = int(os.environ.get("DEMO_PORT", "8700"))
FOLDER = Path(os.environ.get("DEMO_DIR", "var/demo"))
TEMPLATES = Path(__file__).with_name("templates")


def start_page(stack: Stack) -> web.Application:
    """Give the little web application that shows where to go."""
    pages = jinja2.Environment(loader=jinja2.FileSystemLoader(TEMPLATES), autoescape=True)
    html = pages.get_template("start.html").render(
        portal=stack.portal_url, telegram=stack.telegram_url, app=stack.app_url, bot_token=stack.bot_token
    )

    async def show(_: web.Request) -> web.Response:
        return web.Response(text=html, content_type="text/html")

    application = web.Application()
    application.router.add_get("/", show)
    return application


async def serve(stack: Stack) -> int:
    """Show the start page until Ctrl-C, or until a process falls; answers the exit status."""
    runner = web.AppRunner(start_page(stack), access_log=None)
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


def main() -> int:
    """Start everything, install the application, serve the start page; answers the exit status."""
    started = time.monotonic()
    options = Options(folder=FOLDER, app_port=PORT + 3, portal_port=PORT + 1, telegram_port=PORT + 2)
    sys.stdout.write("Starting the database, the portal, Telegram and the application…\n")
    try:
        with Stack(options) as stack:
            stack.install()
            took = time.monotonic() - started
            sys.stdout.write(
                f"\n  Ready after {took:.0f} s: open http://127.0.0.1:{PORT}\n  Logs: {FOLDER}/*.log. Ctrl-C stops everything.\n\n"
            )
            sys.stdout.flush()
            return asyncio.run(serve(stack))
    except StartFailed as error:
        sys.stderr.write(f"{error}\n")
        return 1
    except KeyboardInterrupt:
        return 0


if __name__ == "__main__":
    raise SystemExit(main())

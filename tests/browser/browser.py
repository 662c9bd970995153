"""Finding the browser for the browser tests, and installing it where there is none.

Debian's Chromium where we are root and apt is there, else Playwright's own download. Run by `make test`.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def installed() -> str | None:
    """Give the path of the machine's Chromium, or None when Playwright's own is to be used or nothing is there."""
    return shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


def launch_options() -> dict[str, object]:
    """Give the options that start the browser here; the sandbox of Chromium is off only as root, where it refuses to run."""
    arguments = [argument for argument in ARGUMENTS if argument != "--no-sandbox" or os.geteuid() == 0]
    path = installed()
    return {"args": arguments, **({"executable_path": path} if path else {})}


def _playwright_has_one() -> bool:
    folder = Path(os.environ.get("PLAYWRIGHT_BROWSERS_PATH", Path.home() / ".cache/ms-playwright"))
    return any(folder.glob("chromium-*"))


def install() -> None:
    """Make a browser available; says what it does when that takes time."""
    if installed() or _playwright_has_one():
        return
    if os.geteuid() == 0 and shutil.which("apt-get"):
        sys.stdout.write("Installing Chromium…\n")
        quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        subprocess.run(["apt-get", "update", "-qq"], check=True, env=quiet)
        subprocess.run(
            ["apt-get", "install", "-y", "-qq", "chromium"], check=True, env=quiet, stdout=subprocess.DEVNULL
        )
        return
    subprocess.run([sys.executable, "-m", "playwright", "install", "--with-deps", "chromium"], check=True)


if __name__ == "__main__":
    install()

"""Finding the browser for the browser tests, and installing it where there is none.

Debian's headless shell of Chromium where we are root and apt is there, else Playwright's own download. The shell is the same engine
without a browser's window: it takes a third of the processor time of the whole browser. Run by `make test`.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import Browser, Playwright

ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


SHELL = "chromium-headless-shell"
WHOLE = ("chromium", "chromium-browser", "google-chrome")


def installed() -> str | None:
    """Give the path of the machine's Chromium, or None when Playwright's own is to be used or nothing is there."""
    return next((path for name in (SHELL, *WHOLE) if (path := shutil.which(name))), None)


def launch(playwright: Playwright) -> Browser:
    """Start the browser; the sandbox of Chromium is off only as root, where it refuses to run."""
    arguments = [argument for argument in ARGUMENTS if argument != "--no-sandbox" or os.geteuid() == 0]
    return playwright.chromium.launch(args=arguments, executable_path=installed())


def _playwright_has_one() -> bool:
    folder = Path(os.environ.get("PLAYWRIGHT_BROWSERS_PATH", Path.home() / ".cache/ms-playwright"))
    return any(folder.glob("chromium-*"))


def install() -> None:
    """Make a browser available; says what it does when that takes time."""
    if shutil.which(SHELL) or _playwright_has_one():
        return
    if os.geteuid() == 0 and shutil.which("apt-get") and _install_package():
        return
    if not installed():
        subprocess.run([sys.executable, "-m", "playwright", "install", "--with-deps", "chromium"], check=True)


def _install_package() -> bool:
    """Install the shell, or the whole browser where there is neither; answers whether there is one now."""
    sys.stdout.write("Installing Chromium…\n")
    _apt("update")
    wanted = [SHELL] if installed() else [SHELL, WHOLE[0]]
    return any(_apt("install", "-y", package) for package in wanted) or installed() is not None


def _apt(*command: str) -> bool:
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    done = subprocess.run(["apt-get", "-qq", *command], check=False, env=quiet, stdout=subprocess.DEVNULL)
    return done.returncode == 0


if __name__ == "__main__":
    install()

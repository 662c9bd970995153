"""Bringing the portal to what app.yaml declares, started by the installation page and run by the worker.

Progress is kept step by step for the page that waits; running it again changes nothing that is there already.
"""

from __future__ import annotations

from b24app.bitrix24.install import Installer


def run(installer: Installer) -> None:
    """Apply the manifest to the current portal."""
    installer.apply()

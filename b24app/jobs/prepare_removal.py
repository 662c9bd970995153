"""Clearing the portal before the application is deleted there, started from the settings and run by the worker."""

from __future__ import annotations

from b24app.bitrix24.install import Installer


def run(installer: Installer) -> None:
    """Let go of what the portal would leave behind; repeating it changes nothing."""
    installer.prepare_removal()

"""Reading the portal before an installation: what is there, what would change, what there is to choose.

Started by the installation page and run by the worker; changes nothing on the portal.
"""

from __future__ import annotations

from b24app.bitrix24.install import Installer


def run(installer: Installer) -> None:
    """Look at the current portal and keep what was seen for the page that waits."""
    installer.look()

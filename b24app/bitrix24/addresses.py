"""Where the portal reaches us, and the two unguessable segments in it.

Pages are opened by browsers, so every employee sees the segment of their address. The addresses that only the portal's servers call
carry another one, made from it with the application's secret, which no browser ever gets. Called by the installer and the door.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass

from b24app.config import Settings


def server_segment(settings: Settings, path_secret: str) -> str:
    """Give the segment of server-called addresses for an installation's `path_secret`."""
    key = settings.bitrix_client_secret.encode()
    return hmac.new(key, f"server-called:{path_secret}".encode(), hashlib.sha256).hexdigest()


@dataclass(frozen=True)
class Addresses:
    """Our addresses as one installation uses them."""

    public_url: str
    page_segment: str
    server_segment: str

    @classmethod
    def of(cls, settings: Settings, path_secret: str) -> Addresses:
        """Give the addresses of the installation with this `path_secret`."""
        return cls(settings.public_url, path_secret, server_segment(settings, path_secret))

    @property
    def events(self) -> str:
        """The address of events."""
        return f"{self.public_url}/b24/{self.server_segment}/event"

    def robot(self, code: str) -> str:
        """The address of an automation rule or activity. It tells the rule: no page promises that the portal's call does."""
        return f"{self.public_url}/b24/{self.server_segment}/robot?code={code}"

    @property
    def connector(self) -> str:
        """The page that the contact centre opens for our connector."""
        return f"{self.public_url}/install/connector"

    def placement(self, code: str) -> str:
        """The address of a page of ours."""
        return f"{self.public_url}/placements/{self.page_segment}/{code}"

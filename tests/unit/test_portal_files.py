"""Files that the portal offers are fetched from it or from the open internet, and from nowhere else."""

from __future__ import annotations

import pytest
import responses

from b24app.errors import Rejected
from telegram_bridge.portal_files import fetch

PORTAL = "portal.test:8443"
OFFERED = f"https://{PORTAL}/disk/plan.pdf"


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1:5432/",
        "http://169.254.169.254/latest/meta-data/",
        "https://10.0.0.7/backup",
        "http://[::1]/",
        "http://[::ffff:127.0.0.1]/",
        "http://localhost/",
        "http://0x7f000001/",
        f"https://{PORTAL}@127.0.0.1/",
        "file:///etc/passwd",
        "http://[::1",
        f"http://{'a' * 64}.test/",
        "http://a..test/",
        "/disk/plan.pdf",
        "",
    ],
)
def test_nothing_of_our_own_network_is_read(address: str) -> None:
    """Whoever can name an address of a file cannot have us read what only our own machines may."""
    with responses.RequestsMock() as asked, pytest.raises(Rejected):
        fetch(address, PORTAL)
    assert len(asked.calls) == 0


def test_a_redirect_is_judged_as_the_first_address_was() -> None:
    """The portal may send on to its storage, not into our network."""
    with responses.RequestsMock() as portal:
        portal.get(OFFERED, status=302, headers={"Location": "/storage/1"})
        portal.get(f"https://{PORTAL}/storage/1", status=302, headers={"Location": "https://8.8.8.8/1"})
        portal.get("https://8.8.8.8/1", body=b"plan")
        assert fetch(OFFERED, PORTAL) == b"plan"
    with responses.RequestsMock() as portal:
        portal.get(OFFERED, status=302, headers={"Location": "http://127.0.0.1/"})
        with pytest.raises(Rejected):
            fetch(OFFERED, PORTAL)


def test_redirects_come_to_an_end() -> None:
    """A portal that sends round in a circle gets a refusal instead of a worker."""
    with responses.RequestsMock() as portal:
        portal.get(OFFERED, status=302, headers={"Location": OFFERED})
        with pytest.raises(Rejected, match="without end"):
            fetch(OFFERED, PORTAL)

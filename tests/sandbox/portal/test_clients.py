"""Independent clients take the portal for the real service."""

from __future__ import annotations

import subprocess
import sys
import warnings
from pathlib import Path

import pytest
import requests
from fast_bitrix24 import Bitrix
from fast_bitrix24.server_response import ErrorInServerResponseException

from tests.sandbox.portal.conftest import Running


@pytest.fixture
def client(portal: Running) -> Bitrix:
    """fast-bitrix24 over a webhook."""
    return Bitrix(f"{portal.url}/rest/1/admin/", verbose=False)


@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::ResourceWarning")
def test_fast_bitrix24(client: Bitrix) -> None:
    """The library adds in batches, reads all pages, reads by id and sees errors."""
    numbers = client.call("crm.deal.add", [{"fields": {"TITLE": f"D{n}"}} for n in range(130)])
    assert len(numbers) == 130
    assert len(client.get_all("crm.deal.list", {"select": ["ID", "TITLE"]})) == 130
    assert len(client.get_all("crm.item.list", {"entityTypeId": 2})) == 130
    assert len(client.get_by_ID("crm.deal.get", [1, 2, 3])) == 3
    linked = client.call_batch({"halt": 0, "cmd": {"d": "crm.deal.add", "g": "crm.deal.get?id=$result[d]"}})
    assert linked["g"]["ID"] == str(linked["d"])
    with pytest.raises(ErrorInServerResponseException, match="Not found"):
        client.call("crm.deal.get", {"id": 9999})
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        stages = client.get_all("crm.status.list", {"filter": {"ENTITY_ID": "DEAL_STAGE"}})
    assert len(stages) == 8


def test_command_line(tmp_path: Path) -> None:
    """`python -m sandbox portal` says its address, serves, and leaves its state in the folder when asked to stop."""
    command = [sys.executable, "-m", "sandbox", "portal", "--port", "0", "--webhook", "1/KEY", "--data", str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        address = process.stdout.readline().split()[-1]
        answer = requests.get(f"{address}/rest/1/KEY/crm.deal.add", params={"fields[TITLE]": "x"}, timeout=20)
        assert answer.json()["result"] == 1
        process.terminate()
        assert process.wait(20) == 0
    assert "portal.json" in [path.name for path in tmp_path.iterdir()]

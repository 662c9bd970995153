"""Limits, faults, clock, snapshots, persistence."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import requests

from tests.sandbox.portal.conftest import Running


def test_leaky_bucket(make_portal: Callable[..., Running]) -> None:
    """With real limits the fifty-first quick request is refused 503; a batch counts once."""
    portal = make_portal(limits="real")
    portal.call("batch", {"cmd": ["profile"] * 50})
    codes = [portal.send("profile").status_code for _ in range(60)]
    assert codes[:45] == [200] * 45
    assert 503 in codes
    assert portal.send("profile").json()["error"] == "QUERY_LIMIT_EXCEEDED"
    portal.control("limits", {"mode": "off"})
    assert portal.send("profile").status_code == 200


def test_operating_limit(portal: Running) -> None:
    """A method whose time is used up is refused 429 until its basket leaves the window; others go on."""
    portal.control("limits", {"mode": "1000", "operating_limit_seconds": 480, "seconds_per_call": {"profile": 481}})
    first = portal.send("profile").json()["time"]
    assert first["operating"] == pytest.approx(481)
    assert portal.refused("profile") == (429, "OPERATION_TIME_LIMIT")
    assert portal.call("server.time")
    batch = portal.call("batch", {"cmd": {"p": "profile"}})
    assert batch["result_error"]["p"]["error"] == "OPERATION_TIME_LIMIT"
    portal.control("clock", {"advance_seconds": 601})
    assert portal.send("profile").status_code == 200


def test_transport_faults(portal: Running) -> None:
    """drop_after and silence make the change and lose the answer; drop_before loses both; garbage is not JSON."""
    for action, deals in (("drop_after", 1), ("drop_before", 1), ("silence", 2)):
        rule = {"match": {"method": "crm.deal.add"}, "action": action, "times": 1, "seconds": 0.1}
        portal.control("faults", {"rules": [rule]})
        with pytest.raises(requests.ConnectionError):
            portal.send("crm.deal.add", {"fields": {}})
        assert portal.send("crm.deal.list").json()["total"] == deals
    portal.control("faults", {"rules": [{"action": "garbage", "times": 1}, {"action": "truncate", "times": 1}]})
    assert not portal.send("profile").text.startswith("{")
    with pytest.raises(requests.RequestException):
        portal.send("profile")
    assert portal.call("profile")


def test_a_filter_reads_bodies(portal: Running) -> None:
    """A rule with words acts on calls that hold them, however they are written down, and leaves the others and their bodies alone."""
    rule = {"action": "status", "status": 403, "words": "UNION SELECT"}
    portal.control("faults", {"rules": [rule]})
    assert portal.call("crm.deal.add", {"fields": {"TITLE": "plain"}}) == 1
    assert portal.send("crm.deal.add", {"fields": {"TITLE": "1 UNION SELECT 2"}}).status_code == 403
    batch = {"cmd": {"a": "crm.deal.add?fields[TITLE]=1+UNION+SELECT+2"}}
    assert portal.send("batch", batch).status_code == 403
    assert [row["TITLE"] for row in portal.call("crm.deal.list")] == ["plain"]


def test_error_faults(portal: Running) -> None:
    """Chosen statuses and codes can be forced."""
    rules = [
        {"match": {"method": "profile"}, "action": "queue_limit", "times": 1},
        {"match": {"method": "profile"}, "action": "operating_limit", "times": 1},
        {"match": {"method": "profile"}, "action": "error", "error": "OVERLOAD_LIMIT", "status": 503, "times": 1},
    ]
    portal.control("faults", {"rules": rules})
    codes = [portal.refused("profile") for _ in rules]
    assert codes == [(503, "QUERY_LIMIT_EXCEEDED"), (429, "OPERATION_TIME_LIMIT"), (503, "OVERLOAD_LIMIT")]


def test_snapshot_and_reset(portal: Running) -> None:
    """A restored snapshot brings back items, numbering and the index; a reset empties the world."""
    portal.call("crm.deal.add", {"fields": {"TITLE": "kept"}})
    portal.control("snapshot", {"name": "s"})
    portal.call("crm.deal.add", {"fields": {"TITLE": "lost"}})
    portal.control("restore", {"name": "s"})
    assert [row["TITLE"] for row in portal.call("crm.deal.list")] == ["kept"]
    assert portal.call("crm.deal.add", {"fields": {"TITLE": "next"}}) == 2
    portal.control("reset")
    assert portal.call("crm.deal.list") == []


def test_state_on_disk(make_portal: Callable[..., Running], tmp_path: Path) -> None:
    """A portal started again in the same folder goes on where it stopped."""
    first = make_portal(data=tmp_path)
    first.call("crm.deal.add", {"fields": {"TITLE": "kept"}})
    first.stop()
    second = make_portal(data=tmp_path)
    assert second.call("crm.deal.get", {"id": 1})["TITLE"] == "kept"


def test_seed_repeats(make_portal: Callable[..., Running]) -> None:
    """Two portals of one seed issue the same secrets, another seed others."""
    wanted = {"handler_url": "https://a.example/"}
    secrets = [make_portal(seed=seed).control("apps", wanted)["client_secret"] for seed in (5, 5, 6)]
    assert secrets[0] == secrets[1] != secrets[2]


def test_record_file(make_portal: Callable[..., Running], tmp_path: Path) -> None:
    """The record file has one line per call."""
    path = tmp_path / "calls.jsonl"
    portal = make_portal(record=path)
    portal.call("profile")
    portal.refused("crm.deal.get", {"id": 5})
    assert len(path.read_text(encoding="utf-8").splitlines()) == 2

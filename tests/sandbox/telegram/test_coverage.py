"""The stand-in says of itself what it does not do."""

from __future__ import annotations

from sandbox.contract import load
from sandbox.telegram.coverage import markdown, rows
from tests.sandbox.telegram.client import IVAN, Telegram


def test_every_documented_method_is_declared() -> None:
    """The table has one row per documented method, and the methods that any bot needs are simulated."""
    declared = {row.method: row.simulated for row in rows()}
    assert set(declared) == set(load("telegram")["methods"])
    needed = {"sendMessage", "sendMediaGroup", "editMessageText", "answerCallbackQuery", "getFile", "setWebhook"}
    assert all(declared[name] for name in needed)
    assert markdown().count("\n| ") >= len(declared)


def test_no_documented_method_breaks_the_server(started: Telegram) -> None:
    """Called with nothing or with nonsense, each method answers in the documented shape and never with 500."""
    for name, facts in load("telegram")["methods"].items():
        if name in {"logOut", "close"}:
            continue
        for nonsense in (
            {},
            dict.fromkeys(facts["params"], "x"),
            {**dict.fromkeys(facts["params"], "[]"), "chat_id": IVAN},
        ):
            url = f"{started.address}/bot{started.token}/{name}"
            answer = started.session.post(url, json=nonsense, timeout=10)
            body = answer.json()
            assert answer.status_code != 500, (name, nonsense)
            assert body["ok"] is True or (body["error_code"] == answer.status_code and body["description"]), name


def test_structures_of_the_wrong_shape_are_refused_not_500(started: Telegram) -> None:
    """Lists where objects belong, numbers where texts belong, empty objects: 400 each time."""
    shapes: list[object] = [
        {},
        [],
        [[]],
        [{}],
        [[{}]],
        5,
        "x",
        {"inline_keyboard": [[5]]},
        [{"type": "photo"}],
        [1],
        ["x"],
        [None],
    ]
    for name, facts in load("telegram")["methods"].items():
        structured = [
            parameter
            for parameter, description in facts["params"].items()
            if not {"Integer", "String", "Boolean", "Float"} & set(description["types"])
        ]
        for parameter in structured:
            for shape in shapes:
                plain = {
                    key: 1 if "Integer" in d["types"] else "x" for key, d in facts["params"].items() if d["required"]
                }
                params = {**plain, "chat_id": IVAN, "message_id": 1, "from_chat_id": IVAN, parameter: shape}
                answer = started.session.post(f"{started.address}/bot{started.token}/{name}", json=params, timeout=10)
                assert answer.status_code != 500, (name, parameter, shape)

"""A copy of somebody's data on its way into the chat."""

from __future__ import annotations

import io
import json
import zipfile

import responses

from b24app.domain.deliveries import SendChatFile
from b24app.domain.outcomes import Done, Envelope
from storage.unit_of_work import Transactions
from telegram_bridge.gateway import TelegramGateway
from tests import factories
from tests.contract.telegram.conftest import API, TOKEN


def test_a_copy_of_the_data_is_packed_and_uploaded(
    gateway: TelegramGateway, api: responses.RequestsMock, transactions: Transactions
) -> None:
    """What is kept of the person goes as one archive, written when it is sent."""
    with transactions() as uow:
        ivan, _ = factories.buyer(uow)
    chat = {"id": int(ivan.chat_id), "type": "private", "first_name": "Ivan"}
    said = {"ok": True, "result": {"message_id": 85, "chat": chat, "date": 1772443800}}
    api.post(f"{API}/bot{TOKEN}/sendDocument", json=said)
    copy = SendChatFile(chat_id=ivan.chat_id, kind="document", data_of=ivan.id)
    [outcome] = gateway.send([Envelope(row_id=1, key="k", lane="l", attempt=1, delivery=copy)])
    assert isinstance(outcome, Done)
    body = api.calls[0].request.body
    assert isinstance(body, bytes)
    with zipfile.ZipFile(io.BytesIO(body[body.index(b"PK") : body.rindex(b"\r\n--")])) as archive:
        told = json.loads(archive.read("data.json"))
    assert (told["person"]["id"], told["companies"][0]["name"]) == (ivan.id, "Northern Style")

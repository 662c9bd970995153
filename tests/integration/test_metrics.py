"""Monitoring learns how much waits and for how long, and nothing about anybody."""

from __future__ import annotations

from b24app.domain.deliveries import SendChatMessage
from b24app.services import gates, metrics
from storage.unit_of_work import UnitOfWork


def test_what_waits_is_counted(uow: UnitOfWork) -> None:
    """Rows on their way appear with network and state, a resting method with its seconds, and no text of anybody."""
    uow.send(SendChatMessage(chat_id="7350921184", text="a secret"))
    gates.hold(uow, "operating:crm.item.add", 450.0, uow.now.timestamp() + 30)
    page = metrics.exposition(uow)
    assert 'marketplace_outbox_rows{network="telegram",state="todo"} 1' in page
    assert 'marketplace_method_rests_seconds{method="crm.item.add"} 30' in page
    assert "secret" not in page
    assert "7350921184" not in page

"""Translations come from the administrator's own service, which learns no contacts and can do no harm."""

from __future__ import annotations

import json

import pytest
import requests
import responses
from sqlalchemy import select

from b24app.errors import InvalidState
from b24app.jobs.translate_messages import MOST_BYTES, TranslationJob
from b24app.services import message_translations, messages, settings
from b24app.services.message_translations import is_safe
from b24app.services.spoken import Spoken
from storage.models import MessageTranslation
from storage.unit_of_work import Transactions, UnitOfWork
from tests import factories

ADDRESS = "https://translate.example/api"


def _wanted(transactions: Transactions, text: str = "Narxi? +998 90 123 45 67") -> int:
    with transactions() as uow:
        conversation, _, abc, _ = factories.conversation(uow)
        settings.put(uow, message_translations.ADDRESS, ADDRESS, "user/1")
        settings.put(uow, message_translations.SECRET, "shibboleth", "user/1")
        said = messages.say(uow, abc, conversation, Spoken(kind="text", text=text, source_key="2001:1"))
        message_translations.want(uow, said.id, "ru")
        return said.id


def _kept(transactions: Transactions) -> tuple[str, str]:
    with transactions() as uow:
        found = uow.session.scalars(select(MessageTranslation)).one()
        return found.state, found.text


def test_nothing_is_sent_until_a_service_is_named(uow: UnitOfWork) -> None:
    """Without an address a translation is refused in words."""
    conversation, _, abc, _ = factories.conversation(uow)
    said = messages.say(uow, abc, conversation, Spoken(kind="text", text="Salom", source_key="2001:1"))
    with pytest.raises(InvalidState):
        message_translations.want(uow, said.id, "ru")


def test_a_text_is_translated_without_its_contacts(transactions: Transactions) -> None:
    """The service gets the words with contacts hidden, the language and the secret; its answer is kept."""
    _wanted(transactions)
    with responses.RequestsMock() as service:
        service.post(ADDRESS, json={"text": "Цена?"})
        assert TranslationJob(transactions).run() == 1
        asked = service.calls[0].request
    assert json.loads(asked.body or "") == {"text": "Narxi? •••", "target": "ru"}
    assert asked.headers["Authorization"] == "Bearer shibboleth"
    assert _kept(transactions) == ("done", "Цена?")


@pytest.mark.parametrize(
    "answer",
    [
        {"status": 500},
        {"status": 302, "headers": {"Location": "http://169.254.169.254/"}},
        {"body": "<html>"},
        {"json": {"words": "x"}},
        {"json": ["x"]},
        {"body": json.dumps({"text": "x" * MOST_BYTES})},
        {"body": requests.ConnectionError("gone")},
    ],
)
def test_whatever_the_service_does_is_no_more_than_a_failure(
    transactions: Transactions, answer: dict[str, object]
) -> None:
    """Errors, redirects, garbage, endless answers and silence are told as “no answer”; asking again is possible."""
    number = _wanted(transactions)
    with responses.RequestsMock() as service:
        service.post(ADDRESS, **answer)
        assert TranslationJob(transactions).run() == 1
        assert len(service.calls) == 1
    assert _kept(transactions) == ("failed", "")
    with transactions() as uow:
        assert message_translations.want(uow, number, "ru").state == "wanted"


@pytest.mark.parametrize(
    ("address", "safe"),
    [
        ("https://translate.example/api", True),
        ("http://127.0.0.1:5000/translate", True),
        ("http://translate.example/api", False),
        ("ftp://translate.example", False),
        ("https://user:word@translate.example", False),
        ("javascript:alert(1)", False),
        ("", False),
    ],
)
def test_texts_leave_only_over_a_safe_way(address: str, safe: bool) -> None:
    """Outside our own machine only https is spoken, and no address carries a password."""
    assert is_safe(address) == safe

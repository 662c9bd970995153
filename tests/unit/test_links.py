"""Addresses that may stand behind a button of ours."""

from __future__ import annotations

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from b24app.domain.links import LONGEST, is_safe

GOOD = [
    "https://pay.example/i/1",
    "https://portal.bitrix24.ru/~abc?x=1&y=%D1%82#part",
    "https://xn--e1afmkfd.xn--p1ai:8443/a",
    "https://meet.google.com/abc-defg-hij",
]
BAD = [
    "",
    "http://pay.example/1",
    "HTTPS://pay.example/1",
    "javascript:alert(1)",
    "https://bank.example@evil.example/",
    "https://user:secret@pay.example/",
    "https://pay.example/a b",
    "https://pay.example/\u202egpj.exe",
    "https://pay\u200b.example/",
    "https://раy.example/",
    "https://pay.example\\@evil.example/",
    "https://127.0.0.1/",
    "https://2130706433/",
    "https://[::1]/",
    "https://localhost/",
    "https://pay.example:0/",
    "https://pay.example:99999/",
    "https://-pay.example/",
    "https://pay..example/",
    "https://pay.example/<script>",
    "https://pay.example/\n",
    "https:///pay.example",
    f"https://pay.example/{'a' * LONGEST}",
    f"https://{'a' * 64}.example/",
]


@pytest.mark.parametrize("address", GOOD)
def test_addresses_that_people_copy_are_taken(address: str) -> None:
    """What a browser shows of an honest page may stand behind a button."""
    assert is_safe(address)


@pytest.mark.parametrize("address", BAD)
def test_addresses_that_deceive_are_refused(address: str) -> None:
    """Other schemes, credentials, signs nobody sees, look-alike letters and bare numbers lead nobody anywhere."""
    assert not is_safe(address)


@given(st.text(), st.sampled_from([sign for sign in map(chr, range(0x2100)) if sign not in string.printable]))
def test_one_odd_sign_is_enough(words: str, sign: str) -> None:
    """Whatever stands around it, a sign outside plain Latin makes an address refused."""
    assert not is_safe(f"https://pay.example/{words}{sign}")

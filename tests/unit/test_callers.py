"""Callers' addresses, as a server or a proxy writes them."""

from ipaddress import ip_address

import pytest

from api.http.callers import address_in


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("192.0.2.1", "192.0.2.1"), ("::ffff:192.0.2.1", "192.0.2.1"), ("2001:db8::1", "2001:db8::1"),
        ("[2001:db8::1]", "2001:db8::1"), ("[::ffff:127.0.0.1]", "127.0.0.1"),
    ],
)  # fmt: skip
def test_an_address_is_read_however_it_is_written(text: str, address: str) -> None:
    assert address_in(text) == ip_address(address)


@pytest.mark.parametrize("text", ["", "unix:", "unknown", "192.0.2.1, 192.0.2.2", "192.0.2.256"])
def test_what_is_no_address_is_none(text: str) -> None:
    assert address_in(text) is None

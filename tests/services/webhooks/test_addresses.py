"""Which addresses the service may be had to ask."""

import ipaddress
import socket

import pytest

from api.services.webhooks import addresses
from api.services.webhooks.addresses import RefusedAddressError, is_public, resolve, target_of


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1",
        "240.0.0.1", "255.255.255.255", "192.0.2.1", "198.18.0.1", "::1", "::", "fe80::1", "fc00::1", "fd00::1",
        "ff02::1", "fec0::1", "2001:db8::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254",
        "::127.0.0.1",
        "2002:7f00:1::", "2002:a00:1::1", "2002:a9fe:a9fe::", "64:ff9b::7f00:1", "64:ff9b::a00:1", "64:ff9b:1::1",
        "2001::1", "::ffff:0:127.0.0.1", "3fff::1",
    ],
)  # fmt: skip
def test_what_is_not_of_the_public_internet(address):
    assert not is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize(
    "address",
    ["8.8.8.8", "151.101.0.81", "2606:4700::1111", "::ffff:8.8.8.8", "2002:808:808::1", "64:ff9b::808:808"],
)
def test_what_is(address):
    assert is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize(
    "url",
    [
        "http://example.org/", "ftp://example.org/", "example.org", "https://", "https://user:secret@example.org/",
        "https://user@example.org/", "https://example.org:8443/", "https://example.org:22/", "https://example.org:99999/",
        "https://example.org/#part", "https://127.0.0.1/", "https://[::1]/", "https://[::ffff:10.0.0.1]/",
        "https://169.254.169.254/latest", "https://exa mple.org/", "https://ex\u00e4mple.org/", "https://example.org/\n",
        "https://example.org\\@127.0.0.1/", "https://[fe80::1%25eth0]/", f"https://example.org/{'a' * 2_000}",
    ],
)  # fmt: skip
def test_what_is_refused_before_anything_is_asked(url):
    with pytest.raises(RefusedAddressError) as refused:
        target_of(url)
    assert len(str(refused.value)) > 20


def test_what_is_taken():
    target = target_of("https://example.org/releases?of=uk")
    assert (target.host, target.port, target.path) == ("example.org", 443, "/releases?of=uk")
    assert target.authority == "example.org"
    assert target_of("https://example.org:80").authority == "example.org:80"
    own = target_of("http://[::1]:8080/", private=True)
    assert (own.host, own.port, own.authority) == ("::1", 8080, "[::1]:8080")


def test_every_address_of_a_name_is_looked_at(monkeypatch):
    found = ["8.8.8.8"]

    def looked_up(host, port, **_):
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in found]

    monkeypatch.setattr(addresses.socket, "getaddrinfo", looked_up)
    target = target_of("https://example.org/")
    assert resolve(target) == "8.8.8.8"
    found.append("10.0.0.1")
    with pytest.raises(RefusedAddressError, match=r"example\.org resolves to an address that is not"):
        resolve(target)
    assert resolve(target, private=True) == "8.8.8.8"


@pytest.mark.parametrize("host", ["0x7f.1", "2130706433", "localhost", "127.1"])
def test_other_spellings_of_an_address_are_looked_at_as_it(host):
    with pytest.raises(RefusedAddressError):
        resolve(target_of(f"https://{host}/"))

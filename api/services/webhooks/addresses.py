"""Which addresses the service may be had to ask: of the public internet, and never of its own network.

Whoever gives an address could otherwise have the service look at what only it can reach. A name is resolved once, all
that it resolves to is looked at, and the connection is made to what was looked at (`sending`).
"""

from __future__ import annotations

import ipaddress
import socket
from dataclasses import dataclass
from urllib.parse import urlsplit

_LONGEST = 2_000
_PORTS = {"https": 443, "http": 80}
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
_REFUSED = tuple(
    map(
        ipaddress.IPv6Network,
        # IPv4 in disguise that is of no use on the internet: compatible, translated (also locally), Teredo, ORCHID.
        ("::/96", "::ffff:0:0:0/96", "64:ff9b:1::/48", "2001::/23", "fec0::/10", "3fff::/20", "5f00::/16"),
    )
)
Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class RefusedAddressError(ValueError):
    """An address that is not asked, in words for whoever gave it."""


@dataclass(frozen=True, slots=True)
class Target:
    """Where a message goes: what the URL says, taken apart."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def authority(self) -> str:
        """The host as `Host` names it."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _PORTS[self.scheme] else f"{host}:{self.port}"


def target_of(url: str, *, private: bool = False) -> Target:
    """Where a URL leads. RefusedAddressError for one that is never asked; no name is resolved.

    `private`: also without encryption, at any port, and in networks of one's own.
    """
    if len(url) > _LONGEST or not url.isascii() or not url.isprintable() or " " in url or "\\" in url:
        raise RefusedAddressError(f"A URL is ASCII without blanks, and has {_LONGEST:,} characters at the most.")
    try:
        parts = urlsplit(url)
        host, given = parts.hostname, parts.port
    except ValueError:
        raise RefusedAddressError("This is no URL. Write it as https://example.org/releases.") from None
    if parts.scheme not in (_PORTS if private else {"https"}) or not host:
        raise RefusedAddressError("Messages are sent by HTTPS. Write the URL as https://example.org/releases.")
    if "@" in parts.netloc:
        raise RefusedAddressError("A URL has no user and password here. Messages are signed: check their signature.")
    if parts.fragment:
        raise RefusedAddressError("A fragment (#) is not sent. Leave it out.")
    port = given or _PORTS[parts.scheme]
    if port not in _PORTS.values() and not private:
        raise RefusedAddressError(f"Port {port} is not asked. Use 443, or 80.")
    literal = _literal(host)
    if literal is not None and not private and not is_public(literal):
        raise RefusedAddressError(f"{host} is no address of the public internet.")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(parts.scheme, host, port, path)


def resolve(target: Target, *, private: bool = False) -> str:
    """The one address to connect to, as text. RefusedAddressError where any that a name has is not public."""
    try:
        found = socket.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise RefusedAddressError(f"{target.host} cannot be resolved.") from None
    addresses = [ipaddress.ip_address(str(item[4][0]).partition("%")[0]) for item in found]
    if not addresses:
        raise RefusedAddressError(f"{target.host} cannot be resolved.")
    if not private and not all(map(is_public, addresses)):
        raise RefusedAddressError(f"{target.host} resolves to an address that is not of the public internet.")
    return str(addresses[0])


def is_public(address: Address) -> bool:
    """Whether an address is of the public internet, and so is the IPv4 address that it may stand for."""
    if isinstance(address, ipaddress.IPv6Address):
        inner = _within(address)
        if inner is not None:
            return is_public(inner)
        if any(address in network for network in _REFUSED):
            return False
    return address.is_global and not (
        address.is_multicast
        or address.is_private
        or address.is_reserved
        or address.is_loopback
        or address.is_link_local
        or address.is_unspecified
    )


def _within(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    """The IPv4 address that an IPv6 address stands for: mapped, 6to4, or of NAT64."""
    if address in _NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour


def _literal(host: str) -> Address | None:
    try:
        return ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return None

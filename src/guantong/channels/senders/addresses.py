"""Which addresses may be connected to: the public ones, and inner hosts that the installation names.

Checked is the address that the connection is then made to, so that a name which resolves to something else a moment
later changes nothing.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Iterator

from django.conf import settings

from guantong.channels.choices import Reason
from guantong.channels.senders.results import NotSent

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
NAT64 = ipaddress.ip_network("64:ff9b::/96")
NAT64_LOCAL = ipaddress.ip_network("64:ff9b:1::/48")


def is_public(address: Address) -> bool:
    """Neither private, loopback, link-local, shared, reserved nor multicast; nor one of those in another's clothes."""
    site_local = isinstance(address, ipaddress.IPv6Address) and address.is_site_local
    if not address.is_global or address.is_multicast or address.is_unspecified or site_local:
        return False
    return all(is_public(inner) for inner in _inside(address))


def _inside(address: Address) -> Iterator[Address]:
    """IPv4 addresses that an IPv6 address stands for."""
    if not isinstance(address, ipaddress.IPv6Address):
        return
    if address.ipv4_mapped:
        yield address.ipv4_mapped
    if address.sixtofour:
        yield address.sixtofour
    if address.teredo:
        yield from address.teredo
    if address in NAT64 or address in NAT64_LOCAL:
        yield ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)


def is_never(address: Address) -> bool:
    """Not even for a host on the list: link-local (where clouds keep their secrets), multicast, none at all."""
    return any(
        each.is_link_local or each.is_multicast or each.is_unspecified
        for each in (address, *_inside(address))
    )


def is_inner(host: str, port: int) -> bool:
    """Whether the installation names this host, with any port or with this one."""
    plain = host.strip("[]").lower().rstrip(".")
    named = {each.strip().lower() for each in settings.INNER_HOSTS}
    return bool({plain, f"{plain}:{port}", f"[{plain}]", f"[{plain}]:{port}"} & named)


def checked_addresses(host: str, port: int) -> list[tuple[int, tuple[str, int]]]:
    """(family, address) to connect to, in order. Raises NotSent where one of them is forbidden."""
    try:
        found = socket.getaddrinfo(host.strip("[]"), port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise NotSent(Reason.NOT_FOUND) from None
    inner = is_inner(host, port)
    checked = []
    for family, _kind, _protocol, _name, place in found:
        text = str(place[0]).partition("%")[0]
        address = ipaddress.ip_address(text)
        if is_never(address) or not (inner or is_public(address)):
            raise NotSent(Reason.FORBIDDEN)
        checked.append((int(family), (text, port)))
    if not checked:
        raise NotSent(Reason.NOT_FOUND)
    return checked

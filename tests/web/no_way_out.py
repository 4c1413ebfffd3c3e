"""An audit hook of the interpreter: whoever looks up a name or connects to anything but this machine is stopped and noted."""

from __future__ import annotations

import ipaddress
import sys
from collections.abc import Iterator
from contextlib import contextmanager

WATCHED = {"socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto"}
_noted: list[str] | None = None
_installed = False

AS_SITECUSTOMIZE = """
import sys
sys.path.insert(0, {tests!r})
from web import no_way_out
no_way_out.install()
no_way_out._noted = no_way_out.OnDisk({note!r})
"""


class OnDisk(list[str]):
    """Notes that outlive the process."""

    def __init__(self, path: str) -> None:
        super().__init__()
        self.path = path

    def append(self, text: str) -> None:
        with open(self.path, "a", encoding="utf-8") as file:
            file.write(text + "\n")


def is_here(host: object) -> bool:
    """This machine, by address or by the name everybody has."""
    if host in (None, "", b"", "localhost", b"localhost"):
        return True
    text = host.decode() if isinstance(host, bytes) else str(host)
    try:
        return ipaddress.ip_address(text).is_loopback
    except ValueError:
        return False


def _host_of(event: str, arguments: tuple[object, ...]) -> object:
    if event in ("socket.connect", "socket.sendto"):
        address = arguments[1]
        return (
            address[0] if isinstance(address, tuple) and address else None
        )  # a path: a socket of this machine
    return arguments[0]


def _hook(event: str, arguments: tuple[object, ...]) -> None:
    if _noted is None or event not in WATCHED:
        return
    host = _host_of(event, arguments)
    if not is_here(host):
        _noted.append(f"{event} {host!r}")
        raise PermissionError(f"{event} {host!r}: nothing may leave this machine")


def install() -> None:
    global _installed
    if not _installed:
        sys.addaudithook(_hook)
        _installed = True


@contextmanager
def nothing_leaves() -> Iterator[list[str]]:
    """Inside, every attempt is stopped; the list says which there were."""
    global _noted
    install()
    _noted = []
    try:
        yield _noted
    finally:
        _noted = None

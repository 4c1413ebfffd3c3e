"""One try under watch: where it got to, what came back, and an end to it whatever the other side does."""

from __future__ import annotations

import contextlib
import os
import socket
import threading
from types import TracebackType

from guantong.channels.choices import Reason
from guantong.channels.limits import CONNECT_SECONDS, READ_SECONDS, WHOLE_SECONDS
from guantong.channels.senders.addresses import checked_addresses
from guantong.channels.senders.results import NotSent

_now = threading.local()


class Watch:
    """Used as a context; connections made in this thread meanwhile are cut when its time is over."""

    def __init__(self, seconds: float = WHOLE_SECONDS) -> None:
        self.written = False
        self.refused: NotSent | None = None
        self.answer: tuple[int, bytes] | None = None
        self._sockets: list[socket.socket] = []
        self._timer = threading.Timer(seconds, self._cut)
        self._timer.daemon = True

    def __enter__(self) -> Watch:
        _now.watch = self
        self._timer.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._timer.cancel()
        _now.watch = None
        for each in self._sockets:
            each.close()

    def keep(self, connection: socket.socket) -> None:
        """A second handle on the connection: TLS takes the first one over."""
        self._sockets.append(socket.socket(fileno=os.dup(connection.fileno())))

    def _cut(self) -> None:
        for each in self._sockets:
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)


def watch_here() -> Watch:
    """The watch of this thread. Nothing is sent without one."""
    watch = getattr(_now, "watch", None)
    if not isinstance(watch, Watch):
        raise RuntimeError("nothing leaves the system outside a watch")
    return watch


def connect(host: str, port: int) -> socket.socket:
    """A connection to a checked address of the host. Raises NotSent, which the watch remembers."""
    watch = watch_here()
    try:
        connection = _first(checked_addresses(host, port))
    except NotSent as refused:
        watch.refused = refused
        raise
    connection.settimeout(READ_SECONDS)
    watch.keep(connection)
    return connection


def _first(places: list[tuple[int, tuple[str, int]]]) -> socket.socket:
    for family, place in places:
        connection = socket.socket(family, socket.SOCK_STREAM)
        connection.settimeout(CONNECT_SECONDS)
        try:
            connection.connect(place)
        except OSError:
            connection.close()
            continue
        return connection
    raise NotSent(Reason.NO_CONNECTION)

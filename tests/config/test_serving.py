"""`guantong serve` does not share its port."""

from __future__ import annotations

import argparse
import socket

import pytest

from guantong.config.commands import serve
from guantong.kernel.commands import Report
from guantong.kernel.refusals import Refusal


@pytest.mark.parametrize("shares", [False, True])
def test_a_taken_port_is_refused_before_anything_is_started(shares: bool) -> None:
    """The web server would take a port together with whoever lets it: another of its kind does."""
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, int(shares))
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        given = argparse.Namespace(host="127.0.0.1", port=port, with_worker=True)
        with pytest.raises(Refusal, match=f"127.0.0.1:{port}.*--port"):
            serve(given, Report(as_json=True))

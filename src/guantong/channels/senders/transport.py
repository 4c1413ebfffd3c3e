"""The one way by which HTTP leaves the system: checked addresses, no redirects, no proxies, bounded in time and size.

It stands where the plugins of apprise look for ``requests``, and keeps what came back on the watch of the try.
"""

from __future__ import annotations

import os
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import NewConnectionError

from guantong.channels.limits import CONNECT_SECONDS, MOST_READ, READ_SECONDS
from guantong.channels.senders.results import NotSent
from guantong.channels.senders.watching import connect, watch_here


class _Checked(HTTPConnection):
    def _new_conn(self) -> Any:
        try:
            return connect(self.host, self.port or 80)
        except NotSent as error:
            raise NewConnectionError(self, error.reason.value) from None

    def send(self, data: Any) -> None:
        if self.sock is None:
            self.connect()
        watch_here().written = True
        super().send(data)


class _CheckedTls(HTTPSConnection):
    def _new_conn(self) -> Any:
        try:
            return connect(self.host, self.port or 443)
        except NotSent as error:
            raise NewConnectionError(self, error.reason.value) from None

    def send(self, data: Any) -> None:
        if self.sock is None:
            self.connect()
        watch_here().written = True
        super().send(data)


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Checked


class _TlsPool(HTTPSConnectionPool):
    ConnectionCls = _CheckedTls


class _Adapter(HTTPAdapter):
    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {"http": _Pool, "https": _TlsPool}


class Requests:
    """What a plugin calls as ``requests``."""

    RequestException = requests.RequestException
    exceptions = requests.exceptions
    codes = requests.codes

    def post(self, url: str, **given: Any) -> requests.Response:
        return self.request("POST", url, **given)

    def request(self, method: str, url: str, **given: Any) -> requests.Response:
        given |= {
            "allow_redirects": False,
            "verify": os.environ.get("SSL_CERT_FILE")
            or True,  # an inner network's own authority, as for mail
            "timeout": (CONNECT_SECONDS, READ_SECONDS),
            "stream": True,
        }
        with requests.Session() as session:
            session.trust_env = False  # no proxy, no password file of the machine
            session.mount("http://", _Adapter(max_retries=0))
            session.mount("https://", _Adapter(max_retries=0))
            answer = session.request(method, url, **given)
            body = b""
            for piece in answer.iter_content(4096):
                body += piece
                if len(body) >= MOST_READ:
                    break
            answer.close()
        answer._content = body[:MOST_READ]
        watch_here().answer = (answer.status_code, body[:MOST_READ])
        return answer

"""The real program in its own processes, and a browser that speaks to it over HTTP on 127.0.0.1."""

from __future__ import annotations

import contextlib
import http.client
import http.cookiejar
import os
import re
import secrets
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import IO, Any

from config.installation import Installation

# What a request meets when the server is killed under it.
CUT_OFF = (urllib.error.URLError, http.client.HTTPException, ConnectionError, TimeoutError)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Program:
    """One long-running subcommand in a process group of its own."""

    installation: Installation
    arguments: tuple[str, ...]
    process: subprocess.Popen[str] | None = None
    log: IO[str] | None = None

    def start(self) -> None:
        path = self.installation.home.parent / f"{self.arguments[0]}.log"
        self.log = path.open("a", encoding="utf-8")
        self.process = subprocess.Popen(
            self.installation.command(*self.arguments),
            env=self.installation.environment, stdout=self.log, stderr=self.log, text=True,
            start_new_session=True,
        )  # fmt: skip

    def kill(self) -> None:
        """SIGKILL to the whole group: no handler runs, nothing is flushed."""
        if self.process:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
        self._close()

    def stop(self, *, within: float = 20) -> int:
        """SIGTERM, as an operator would; returns the exit code."""
        assert self.process is not None
        self.process.terminate()
        try:
            code = self.process.wait(timeout=within)
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self._close()
        return code

    def _close(self) -> None:
        self.process = None
        if self.log:
            self.log.close()


@dataclass
class Web(Program):
    """``guantong serve``."""

    port: int = 0

    @classmethod
    def of(cls, installation: Installation, *more: str) -> Web:
        port = free_port()
        return cls(installation, ("serve", "--port", str(port), *more), port=port)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self, *, within: float = 60) -> None:
        """Start, and wait until it answers."""
        super().start()
        until = time.monotonic() + within
        while time.monotonic() < until:
            assert self.process is not None
            assert self.process.poll() is None, "the server ended by itself"
            try:
                with urllib.request.urlopen(f"{self.address}/healthz", timeout=5) as answer:  # noqa: S310
                    if answer.status == 200:
                        return
            except CUT_OFF:
                time.sleep(0.1)
        raise AssertionError("the server did not come up")


class Worker(Program):
    """``guantong worker``."""

    @classmethod
    def of(cls, installation: Installation) -> Worker:
        return cls(installation, ("worker",))


@dataclass
class Answer:
    status: int
    text: str
    location: str = ""


class _StayHere(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        return None


@dataclass
class Browser:
    """Cookies and forms, nothing more; redirects are not followed. Raises one of CUT_OFF when there is no answer."""

    address: str
    cookies: http.cookiejar.CookieJar = field(default_factory=http.cookiejar.CookieJar)

    def open(self, path: str, data: bytes | None = None, **headers: str) -> Answer:
        opener = urllib.request.build_opener(
            urllib.request.ProxyHandler({}), urllib.request.HTTPCookieProcessor(self.cookies), _StayHere
        )
        request = urllib.request.Request(self.address + path, data=data, headers=headers)  # noqa: S310
        try:
            with opener.open(request, timeout=40) as answer:
                return Answer(answer.status, answer.read().decode("utf-8", "replace"))
        except urllib.error.HTTPError as error:
            with error:
                return Answer(
                    error.code, error.read().decode("utf-8", "replace"), error.headers.get("Location", "")
                )

    def token(self, path: str) -> str:
        """The form's protection against forgery, from the page it stands on."""
        return hidden(self.open(path).text, "csrfmiddlewaretoken")

    def send(
        self, path: str, values: Mapping[str, str], *, page: str = "",
        file: tuple[str, str, bytes] | None = None, token: str = "",
    ) -> Answer:  # fmt: skip
        """Post a form; ``file`` is (field, name, content)."""
        values = {**values, "csrfmiddlewaretoken": token or self.token(page or path)}
        if file is None:
            return self.open(path, urllib.parse.urlencode(values).encode())
        mark = secrets.token_hex(16)
        parts = [
            f'--{mark}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
            for name, value in values.items()
        ]
        name, file_name, content = file
        head = f'--{mark}\r\nContent-Disposition: form-data; name="{name}"; filename="{file_name}"\r\n'
        parts += [
            head.encode(), b"Content-Type: application/octet-stream\r\n\r\n", content, f"\r\n--{mark}--\r\n".encode()
        ]  # fmt: skip
        return self.open(path, b"".join(parts), **{"Content-Type": f"multipart/form-data; boundary={mark}"})

    def sign_in(self, name: str, password: str) -> bool:
        self.cookies.clear()
        return self.send("/sign-in/", {"sign_in": name, "password": password}).status == 302


def hidden(page: str, name: str) -> str:
    """The value of a hidden field; empty where there is none."""
    found = re.search(rf'name="{name}"[^>]*value="([^"]*)"', page)
    return found[1] if found else ""

"""Real servers on this machine: one that speaks HTTP as it is told to, one that takes mail."""

from __future__ import annotations

import contextlib
import datetime as dt
import ipaddress
import json
import socket
import socketserver
import ssl
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID


@dataclass
class Got:
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def told(self) -> Any:
        return json.loads(self.body)


@dataclass
class Robot:
    """What it got, and how it answers: status, headers, body; or it hangs up, drips or stays silent."""

    status: int = 200
    body: bytes = b'{"errcode": 0, "code": 0}'
    headers: dict[str, str] = field(default_factory=dict)
    manner: str = "answer"
    got: list[Got] = field(default_factory=list)
    port: int = 0

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"


class _Handler(BaseHTTPRequestHandler):
    robot: Robot

    def do_POST(self) -> None:
        length = int(self.headers.get("Content-Length", 0))
        self.robot.got.append(Got(self.path, dict(self.headers), self.rfile.read(length)))
        if self.robot.manner == "hang up":
            self.connection.shutdown(socket.SHUT_RDWR)
            return
        if self.robot.manner == "drip":
            with contextlib.suppress(OSError):
                for _each in range(400):
                    self.wfile.write(b"H")
                    self.wfile.flush()
                    time.sleep(0.05)
            return
        self.send_response(self.robot.status)
        for name, value in self.robot.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(self.robot.body)))
        self.end_headers()
        with contextlib.suppress(OSError):
            self.wfile.write(self.robot.body)

    def do_GET(self) -> None:
        self.do_POST()

    def log_message(self, *args: object) -> None:
        """Quiet."""


class _Quiet(ThreadingHTTPServer):
    def handle_error(self, request: object, client_address: object) -> None:
        """A connection that was broken off."""


def certificate(folder: Path) -> Path:
    """A certificate for this machine, signed by itself, and its key in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "here")])
    now = dt.datetime.now(dt.UTC)
    address = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(address, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = folder / "here.pem"
    secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path.write_bytes(made.public_bytes(Encoding.PEM) + secret)
    return path


def over_tls(server: socketserver.TCPServer, pem: Path | None) -> None:
    if pem is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(pem)
        server.socket = context.wrap_socket(server.socket, server_side=True)


@contextlib.contextmanager
def robot_here(pem: Path | None = None) -> Iterator[Robot]:
    robot = Robot()
    server = _Quiet(("127.0.0.1", 0), type("Handler", (_Handler,), {"robot": robot}))
    over_tls(server, pem)
    server.daemon_threads = True
    robot.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield robot
    finally:
        server.shutdown()
        server.server_close()


@dataclass
class Post:
    """A mail server: what it took, was told and was given as passwords.

    It answers ``no`` to the command ``say_no``; says nothing any more after the command ``hang_at`` (``220``: from the
    beginning); ``hang_up`` after the mail ends the connection. With ``offer`` – a certificate and its key – it offers
    STARTTLS.
    """

    mails: list[tuple[str, str, str]] = field(default_factory=list)
    commands: list[str] = field(default_factory=list)
    passwords: list[tuple[bool, str]] = field(default_factory=list)  # whether over TLS, and what was said
    say_no: str = ""
    no: int = 550
    hang_at: str = ""
    hang_up: bool = False
    offer: Path | None = None
    port: int = 0


class _PostHandler(socketserver.StreamRequestHandler):
    post: Post
    secured = False

    def handle(self) -> None:
        self._hang_at("220")
        self._say("220 here")
        sender = to = ""
        while line := self.rfile.readline().decode().strip():
            word = line.split()[0].upper()
            self.post.commands.append(word)
            self._hang_at(word)
            if word == "AUTH":
                self.post.passwords.append((self.secured, line))
            if word == self.post.say_no:
                self._say(f"{self.post.no} no")
            elif word == "DATA":
                self._say("354 go on")
                lines = []
                while (text := self.rfile.readline()) not in (b".\r\n", b""):
                    lines.append(text.decode())
                self.post.mails.append((sender, to, "".join(lines)))
                if self.post.hang_up:
                    return
                self._say(f"{self.post.no} no" if self.post.say_no == "." else "250 taken")
            elif word == "QUIT":
                self._say("221 bye")
                return
            elif word == "EHLO" and self.post.offer:
                self._say(
                    "250-here\r\n250 AUTH PLAIN"
                    if self.secured
                    else "250-here\r\n250-AUTH PLAIN\r\n250 STARTTLS"
                )
            elif word == "STARTTLS" and self.post.offer:
                self._say("220 go on")
                self._secure(self.post.offer)
            elif word == "AUTH":
                self._say("235 welcome")
            else:
                sender, to = (line, to) if word == "MAIL" else (sender, line if word == "RCPT" else to)
                self._say("250 fine")

    def _secure(self, pem: Path) -> None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(pem)
        self.request = context.wrap_socket(self.request, server_side=True)
        self.secured = True
        self.setup()

    def _hang_at(self, word: str) -> None:
        if self.post.hang_at == word:
            with contextlib.suppress(OSError):
                self.request.recv(1)  # until the client gives up

    def _say(self, text: str) -> None:
        self.wfile.write(f"{text}\r\n".encode())


class _PostServer(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True

    def handle_error(self, request: object, client_address: object) -> None:
        """A connection that was broken off."""


@contextlib.contextmanager
def post_here(pem: Path | None = None) -> Iterator[Post]:
    post = Post()
    server = _PostServer(("127.0.0.1", 0), type("Handler", (_PostHandler,), {"post": post}))
    over_tls(server, pem)
    post.port = server.server_address[1]
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield post
    finally:
        server.shutdown()
        server.server_close()

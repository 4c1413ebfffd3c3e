"""TLS is checked: an unknown certificate ends the try before anything is sent; an inner authority may be named."""

from __future__ import annotations

from pathlib import Path

import pytest

from channels.servers import certificate, post_here, robot_here
from channels.test_addresses import send
from guantong.channels.choices import Reason
from guantong.channels.senders import mail
from guantong.channels.senders.results import NotSent


def mail_to(port: int) -> None:
    mail.send(
        host="127.0.0.1", port=port, security="tls", account="", password="", sender="gt@example.org",
        to="a@example.org", title="t", body="b", key="k" * 40,
    )  # fmt: skip


@pytest.fixture
def pem(tmp_path: Path, inner: None) -> Path:
    return certificate(tmp_path)


def test_a_robot_with_an_unknown_certificate_gets_nothing(pem: Path) -> None:
    with robot_here(pem) as robot:
        with pytest.raises(NotSent) as refused:
            send(robot, base=f"https://127.0.0.1:{robot.port}")
        assert refused.value.reason == Reason.NO_CONNECTION
        assert robot.got == []


def test_one_with_a_certificate_of_a_named_authority_gets_it(
    pem: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(pem))
    with robot_here(pem) as robot:
        for kind in ("wecom", "webhook"):
            send(robot, kind=kind, base=f"https://127.0.0.1:{robot.port}")
        assert len(robot.got) == 2


def test_so_with_a_mail_server(pem: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with post_here(pem) as post:
        with pytest.raises(NotSent):
            mail_to(post.port)
        assert post.mails == []
        monkeypatch.setenv("SSL_CERT_FILE", str(pem))
        mail_to(post.port)
        assert len(post.mails) == 1

"""Mail over STARTTLS: a certificate that holds, or nothing is said; 4xx is tried again, 5xx is not."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from channels.cast import NOW, ask_of, choose, mail_through, planned
from channels.certificates import ELSEWHERE, Authority
from channels.servers import Post, certificate, post_here
from conftest import City
from guantong.channels.choices import Outcome, Reason
from guantong.channels.limits import PAUSES
from guantong.channels.models import Channel, Delivery
from guantong.channels.operations.delivering import deliver
from guantong.channels.senders import mail, watching
from guantong.channels.senders.results import NotSent, Unclear

PASSWORD = "mail-password-0123"


@pytest.fixture
def authority(tmp_path: Path, inner: None, monkeypatch: pytest.MonkeyPatch) -> Authority:
    made = Authority(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(made.file))
    return made


@pytest.fixture
def post(authority: Authority) -> Iterator[Post]:
    with post_here() as post:
        post.offer = authority.signs()
        yield post


def send(post: Post) -> None:
    mail.send(
        host="127.0.0.1", port=post.port, security="starttls", account="gt", password=PASSWORD,
        sender="gt@example.org", to="a@example.org", title="t", body="b", key="k" * 40,
    )  # fmt: skip


def refused(post: Post) -> NotSent:
    with pytest.raises(NotSent) as error:
        send(post)
    assert post.mails == []
    return error.value


class TestTheConnection:
    def test_is_secured_before_the_password_and_the_mail(self, post: Post) -> None:
        send(post)
        assert post.commands == ["EHLO", "STARTTLS", "EHLO", "AUTH", "MAIL", "RCPT", "DATA", "QUIT"]
        assert [secured for secured, _said in post.passwords] == [True]
        assert len(post.mails) == 1

    @pytest.mark.parametrize("which", ["of another name", "ended", "signed by itself"])
    def test_is_given_up_where_the_certificate_does_not_hold(
        self, post: Post, authority: Authority, which: str, tmp_path: Path
    ) -> None:
        post.offer = {
            "of another name": lambda: authority.signs(ELSEWHERE),
            "ended": lambda: authority.signs(days=-1),
            "signed by itself": lambda: certificate(tmp_path),
        }[which]()
        error = refused(post)
        assert (error.reason, error.for_good) == (Reason.NOT_SAFE, False)
        assert post.commands == ["EHLO", "STARTTLS"]
        assert post.passwords == []

    def test_is_given_up_where_none_is_offered(self, post: Post) -> None:
        post.offer = None
        assert refused(post).reason == Reason.NOT_SAFE
        assert post.commands == ["EHLO"]

    def test_is_given_up_where_the_server_takes_its_offer_back(self, post: Post) -> None:
        post.say_no, post.no = "STARTTLS", 454
        assert refused(post).reason == Reason.NO_CONNECTION
        assert post.passwords == []

    def test_says_when_the_password_is_wrong(self, post: Post) -> None:
        post.say_no, post.no = "AUTH", 535
        assert refused(post).reason == Reason.SIGN_IN

    @pytest.mark.parametrize("at", ["220", "EHLO", "STARTTLS", "AUTH", "RCPT", "DATA"])
    def test_ends_in_time_wherever_the_server_falls_silent(
        self, post: Post, at: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(watching, "READ_SECONDS", 0.5)
        monkeypatch.setattr(mail, "READ_SECONDS", 0.5)
        post.hang_at = at
        began = time.monotonic()
        with pytest.raises(Unclear if at in ("RCPT", "DATA") else NotSent):
            send(post)
        assert time.monotonic() - began < 8
        assert post.mails == []


class TestTheAnswer:
    @pytest.fixture
    def channel(self, city: City, post: Post) -> Channel:
        made = mail_through(city, post, security="starttls", account="gt", secrets={"password": PASSWORD})
        choose(city.head, made)
        ask_of(city.head, 1)
        planned()
        return made

    def ended(self) -> list[tuple[str, str, int]]:
        return list(Delivery.objects.values_list("outcome", "reason", "tries"))

    @pytest.mark.parametrize("at", ["MAIL", "RCPT", "DATA", "."])
    def test_not_now_is_tried_again_and_arrives_once(self, channel: Channel, post: Post, at: str) -> None:
        post.say_no, post.no = at, 451
        deliver(now=NOW)
        assert self.ended() == [(Outcome.WAITING, Reason.TURNED_DOWN, 1)]
        post.say_no, post.mails[:] = "", []
        deliver(now=NOW + PAUSES[0])
        deliver(now=NOW + dt.timedelta(hours=3))
        assert self.ended() == [(Outcome.SENT, "", 2)]
        assert len(post.mails) == 1

    @pytest.mark.parametrize("at", ["MAIL", "RCPT", "DATA", "."])
    def test_never_is_not_tried_again(self, channel: Channel, post: Post, at: str) -> None:
        post.say_no = at
        deliver(now=NOW)
        tried = len(post.commands)
        deliver(now=NOW + dt.timedelta(hours=3))
        assert self.ended() == [(Outcome.FAILED, Reason.TURNED_DOWN, 1)]
        assert len(post.commands) == tried

    def test_none_after_the_mail_is_not_tried_again(self, channel: Channel, post: Post) -> None:
        post.hang_up = True
        deliver(now=NOW)
        deliver(now=NOW + dt.timedelta(hours=3))
        assert self.ended() == [(Outcome.UNKNOWN, Reason.NO_ANSWER, 1)]
        assert len(post.mails) == 1

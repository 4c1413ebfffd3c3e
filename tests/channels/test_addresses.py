"""Nothing is connected to that is not public or named by the installation; checked is what is connected to."""

from __future__ import annotations

import ipaddress
import socket
import threading
import time

import pytest
from django.conf import LazySettings

from channels.servers import Robot
from guantong.channels.choices import Reason
from guantong.channels.senders import robots, watching
from guantong.channels.senders.addresses import checked_addresses, is_inner, is_public
from guantong.channels.senders.results import NotSent, Unclear

NOWHERE = "0.0.0.0"  # noqa: S104 - to be refused
FORBIDDEN = (
    "127.0.0.1", "127.8.8.8", NOWHERE, "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1",
    "198.18.0.1", "192.0.2.1", "224.0.1.1", "255.255.255.255", "::1", "::", "fe80::1", "fc00::1", "ff02::1",
    "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "2002:7f00:1::",
    "2002:a00:1::1", "fec0::1",
)  # fmt: skip


def send(robot: Robot, *, kind: str = "wecom", base: str = "", title: str = "t", body: str = "b") -> None:
    robots.send(
        kind=kind, base=base or robot.address, secrets={"token": "robotkey0123456789"}, title=title, body=body,
        key="k" * 40,
    )  # fmt: skip


@pytest.mark.parametrize("address", FORBIDDEN)
def test_inner_addresses_are_not_public(address: str) -> None:
    assert not is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize("address", ["8.8.8.8", "120.53.0.1", "2400:3200::1", "64:ff9b::808:808"])
def test_public_ones_are(address: str) -> None:
    assert is_public(ipaddress.ip_address(address))


class TestChecked:
    @pytest.mark.parametrize(
        "host", ["127.0.0.1", "localhost", "[::1]", "2130706433", "0x7f.1", "127.1", "017700000001", "0"]
    )
    def test_this_machine_under_any_spelling_is_refused(self, host: str) -> None:
        with pytest.raises(NotSent) as refused:
            checked_addresses(host, 80)
        assert refused.value.reason in (Reason.FORBIDDEN, Reason.NOT_FOUND)

    def test_a_host_that_the_installation_names_may_be_reached(self, settings: LazySettings) -> None:
        settings.INNER_HOSTS = ["127.0.0.1:8443", "mail.inner"]
        assert checked_addresses("127.0.0.1", 8443)[0][1] == ("127.0.0.1", 8443)
        assert is_inner("MAIL.inner.", 25)
        assert not is_inner("127.0.0.1", 80)
        with pytest.raises(NotSent):
            checked_addresses("127.0.0.1", 80)

    def test_link_local_is_refused_even_for_a_named_host(self, settings: LazySettings) -> None:
        settings.INNER_HOSTS = ["169.254.169.254", NOWHERE]
        for host in settings.INNER_HOSTS:
            with pytest.raises(NotSent):
                checked_addresses(host, 80)

    def test_one_forbidden_address_among_several_is_enough(self, monkeypatch: pytest.MonkeyPatch) -> None:
        mixed = [
            (socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, 443)) for each in ("8.8.8.8", "192.168.0.9")
        ]
        monkeypatch.setattr(socket, "getaddrinfo", lambda *given, **named: mixed)
        with pytest.raises(NotSent):
            checked_addresses("two.example", 443)

    def test_the_address_that_was_checked_is_the_one_connected_to(
        self, robot: Robot, monkeypatch: pytest.MonkeyPatch, settings: LazySettings
    ) -> None:
        """A name that answers differently the second time changes nothing: it is asked once."""
        settings.INNER_HOSTS = ["rebound.example"]
        asked = []

        def once(host: str, port: int, *given: object, **named: object) -> list[object]:
            asked.append(host)
            address = "127.0.0.1" if len(asked) == 1 else "10.255.255.1"
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))]

        monkeypatch.setattr(socket, "getaddrinfo", once)
        send(robot, base=f"http://rebound.example:{robot.port}")
        assert asked == ["rebound.example"]
        assert len(robot.got) == 1


class TestSending:
    def test_this_machine_is_not_connected_to_unless_named(
        self, robot: Robot, settings: LazySettings
    ) -> None:
        settings.INNER_HOSTS = []
        for kind in ("wecom", "dingtalk", "feishu", "webhook"):
            with pytest.raises(NotSent) as refused:
                send(robot, kind=kind)
            assert refused.value.reason == Reason.FORBIDDEN
        assert robot.got == []

    @pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
    def test_a_redirect_is_not_followed(self, robot: Robot, status: int) -> None:
        robot.status, robot.headers = status, {"Location": f"{robot.address}/elsewhere"}
        for kind in ("wecom", "dingtalk", "feishu", "webhook"):
            with pytest.raises(NotSent) as refused:
                send(robot, kind=kind)
            assert refused.value.reason == Reason.REDIRECTED
        assert len(robot.got) == 4
        assert not [each.path for each in robot.got if "elsewhere" in each.path]

    def test_no_proxy_of_the_machine_is_used(self, robot: Robot, monkeypatch: pytest.MonkeyPatch) -> None:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, "http://127.0.0.1:9")
        send(robot)
        assert len(robot.got) == 1

    def test_an_endless_answer_is_read_to_a_limit(self, robot: Robot) -> None:
        robot.body = b'{"errcode": 0}' + b" " * 5_000_000
        send(robot)
        robot.body = b"x" * 5_000_000
        with pytest.raises(Unclear):
            send(robot)

    def test_a_dripping_answer_is_cut(self, robot: Robot, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(watching.Watch.__init__, "__defaults__", (0.5,))
        robot.manner = "drip"
        began = time.monotonic()
        with pytest.raises(Unclear):
            send(robot)
        assert time.monotonic() - began < 5

    def test_a_closed_port_may_be_tried_again_and_a_broken_answer_may_not(self, robot: Robot) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            closed = probe.getsockname()[1]
        with pytest.raises(NotSent) as refused:
            send(robot, base=f"http://127.0.0.1:{closed}")
        assert refused.value.reason == Reason.NO_CONNECTION
        robot.manner = "hang up"
        with pytest.raises(Unclear):
            send(robot)

    @pytest.mark.parametrize(
        ("status", "error"),
        [(400, NotSent), (401, NotSent), (404, NotSent), (429, NotSent), (503, NotSent), (500, Unclear),
         (502, Unclear), (504, Unclear)],
    )  # fmt: skip
    def test_only_what_was_certainly_not_taken_may_be_sent_again(
        self, robot: Robot, status: int, error: type[Exception]
    ) -> None:
        robot.status = status
        for kind in ("wecom", "webhook"):
            with pytest.raises(error):
                send(robot, kind=kind)

    @pytest.mark.parametrize(
        ("body", "error"),
        [(b'{"errcode": 93000}', NotSent), (b'{"code": 9499}', NotSent), (b"<html>", Unclear), (b"[]", Unclear),
         (b'{"hello": 1}', Unclear), (b"", Unclear)],
    )  # fmt: skip
    def test_a_robot_s_own_code_counts_not_the_200(
        self, robot: Robot, body: bytes, error: type[Exception]
    ) -> None:
        robot.body = body
        for kind in ("wecom", "dingtalk", "feishu"):
            with pytest.raises(error):
                send(robot, kind=kind)

    def test_nothing_leaves_outside_a_watch(self, robot: Robot) -> None:
        with pytest.raises(RuntimeError):
            watching.connect("127.0.0.1", robot.port)
        assert threading.active_count() < 50

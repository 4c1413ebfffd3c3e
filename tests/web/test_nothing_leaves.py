"""No round of the worker opens a connection to anywhere else, unless a channel says so; pages and commands are held to
it in `test_no_call_goes_out`."""

from __future__ import annotations

import socket

import pytest
from django.conf import LazySettings

from channels.cast import NOW, ask_of, channel_to, choose, planned
from channels.servers import robot_here
from conftest import City
from guantong.channels.operations.delivering import deliver
from guantong.config.rounds import upkeep
from web.no_way_out import nothing_leaves


class TestTheWatch:
    def test_notices_a_name_and_an_address(self) -> None:
        with nothing_leaves() as noted:
            with pytest.raises(PermissionError):
                socket.getaddrinfo("example.org", 443)
            with socket.socket() as out, pytest.raises(PermissionError):
                out.connect(("192.0.2.1", 80))
        assert noted == ["socket.getaddrinfo 'example.org'", "socket.connect '192.0.2.1'"]

    def test_lets_this_machine_be(self) -> None:
        with nothing_leaves() as noted, socket.socket() as server, socket.socket() as near:
            server.bind(("127.0.0.1", 0))
            server.listen()
            near.connect(server.getsockname())
        assert noted == []


def test_no_round_of_the_worker_opens_one(signed: City) -> None:
    with nothing_leaves() as noted:
        upkeep()
        planned()
        deliver(now=NOW)
    assert noted == []


def test_a_channel_that_is_off_opens_none_and_one_that_is_on_is_noticed(
    city: City, settings: LazySettings
) -> None:
    settings.INNER_HOSTS = ["127.0.0.1"]
    with robot_here() as robot:
        channel = channel_to(city, robot, server="https://robot.example", on=True)
        choose(city.head, channel)
        ask_of(city.head, 1)
        planned()
        channel.is_on = False
        channel.save()
        with nothing_leaves() as noted:
            deliver(now=NOW)
        assert noted == []
        channel.is_on = True
        channel.save()
        channel.deliveries.update(outcome="waiting", ended_at=None)
        with nothing_leaves() as noted:
            deliver(now=NOW)
        assert noted == ["socket.getaddrinfo 'robot.example'"]

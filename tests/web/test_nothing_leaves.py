"""No page, no round of the worker and no command opens a connection to anywhere else, unless a channel says so."""

from __future__ import annotations

import socket
from dataclasses import replace
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.test import Client
from django.urls import get_resolver, reverse
from django.urls.exceptions import NoReverseMatch

from channels.cast import NOW, ask_of, channel_to, choose, planned
from channels.servers import robot_here
from config.installation import small_city
from conftest import City, SignIn
from guantong.channels.operations.delivering import deliver
from guantong.config.worker import upkeep
from web.no_way_out import AS_SITECUSTOMIZE, nothing_leaves

TESTS = Path(__file__).parents[1]
ACTORS = (
    ("1506-LGO", "coordinator"), ("1506-MU-01", "unit_head"), ("150602001001", "liaison"),
    ("1506-LGO", "system_admin"), ("1506-LGO", "audit_admin"),
)  # fmt: skip


def addresses() -> list[str]:
    """Every address that names no object."""
    found = []
    for name in {each for each in get_resolver().reverse_dict if isinstance(each, str)}:
        try:
            found.append(reverse(name))
        except NoReverseMatch:
            continue
    return sorted(found)


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


@pytest.mark.parametrize("actor", [None, *ACTORS], ids=lambda each: each[1] if each else "anonymous")
def test_no_page_opens_a_connection(signed: City, as_: SignIn, actor: tuple[str, str] | None) -> None:
    client = as_(signed.acting(*actor)) if actor else Client()
    asked = addresses()
    assert len(asked) > 60
    with nothing_leaves() as noted:
        for address in asked:
            if "sign-out" not in address:
                client.get(address)
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


@pytest.mark.django_db
def test_no_command_opens_one(tmp_path: Path) -> None:
    note, modules = tmp_path / "note", tmp_path / "modules"
    modules.mkdir()
    hook = AS_SITECUSTOMIZE.format(tests=str(TESTS), note=str(note))
    (modules / "sitecustomize.py").write_text(hook)
    with small_city(tmp_path / "home") as installation:
        watched = replace(installation, modules=str(modules))
        for arguments in (
            ["migrate"],
            ["settings"],
            ["worker", "--once"],
            ["verify-log"],
            ["backup", str(tmp_path / "b")],
        ):
            watched.guantong(*arguments)
    assert not note.exists() or note.read_text() == ""

"""Nothing is asked of any other machine: not by one address of the table, with real objects, and not by one command."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from config.installation import Installation, small_city
from config.serving import Web
from conftest import City, undone
from web.every_command import APART
from web.no_way_out import AS_SITECUSTOMIZE, nothing_leaves
from web.permissions import TABLE, Address, Rule, World, build

TESTS = Path(__file__).parents[1]
UNITS = ("1506-MU-01", "150602", "1506", "own")


def one_object(world: World, rule: Rule, actor: str) -> Address | None:
    """The arguments of one object that the address can name; None where the tests have none."""
    if rule.reach == "none":
        return ()
    known = world.objects.get(rule.key, {})
    return next((known[each] for each in (actor, *UNITS) if each in known), None)


@pytest.mark.policy
@pytest.mark.parametrize("actor", ["office", "security_admin"])
def test_no_address_opens_a_connection(actor: str, city: City) -> None:
    """The one sees all business, the other no business but the pages about persons."""
    world = build(city)
    client = Client(raise_request_exception=False)
    client.force_login(world.people[actor].person)  # type: ignore[arg-type]
    asked = 0
    with nothing_leaves() as noted:
        for name, rule in TABLE.items():
            arguments = one_object(world, rule, actor)
            if arguments is None:
                continue
            path = reverse(name, args=arguments)
            for method in rule.methods.split() if actor == "office" else rule.methods.split()[:1]:
                with undone():
                    client.cookies, kept = client.cookies.copy(), client.cookies
                    client.generic(method, path)
                    client.cookies = kept
                asked += 1
            assert noted == [], name
    assert asked > len(TABLE) * 0.9


@pytest.fixture
def watched(tmp_path: Path) -> Iterator[Installation]:
    """An installation whose every process notes what it would have asked of others."""
    modules = tmp_path / "modules"
    modules.mkdir()
    hook = AS_SITECUSTOMIZE.format(tests=str(TESTS), note=str(tmp_path / "noted"))
    (modules / "sitecustomize.py").write_text(hook)
    with small_city(tmp_path / "home") as installation:
        yield replace(installation, modules=str(modules))


def noted_by(installation: Installation) -> str:
    note = installation.home.parent / "noted"
    return note.read_text() if note.exists() else ""


def test_no_command_opens_a_connection(watched: Installation) -> None:
    codes = watched.call("web.every_command:run_all", folder=str(watched.home.parent / "folder"))
    assert noted_by(watched) == ""
    assert {name for name, code in codes.items() if code} == {"accept-loss"}, (
        "nothing was lost; all others are done"
    )


def test_the_watch_is_kept_in_other_processes_too(watched: Installation) -> None:
    watched.call("web.test_no_call_goes_out:ask_for_a_name")
    assert noted_by(watched) == "socket.getaddrinfo 'example.org'\n"


def ask_for_a_name() -> int:
    import socket

    try:
        socket.getaddrinfo("example.org", 443)
    except PermissionError:
        return 1
    raise AssertionError("nobody watched")


def test_the_web_server_opens_none(watched: Installation) -> None:
    web = Web.of(watched)
    web.start()
    web.stop()
    assert noted_by(watched) == ""


@pytest.mark.drill
def test_loading_the_demonstration_opens_none(watched: Installation) -> None:
    watched.guantong("load-demo")
    assert noted_by(watched) == ""


def test_these_two_are_all_that_is_tried_apart() -> None:
    assert {"serve", "load-demo"} == APART

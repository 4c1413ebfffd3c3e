"""Every address of the interface × method × actor × own/other's object answers as its table says; sessions never do."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from api.calling import Caller, token_for
from api.permissions import API_TABLE, ApiRule
from conftest import City, undone
from guantong.accounts import policies
from guantong.accounts.acting import Acting
from guantong.accounts.models import Person
from guantong.api.addresses import ADDRESSES
from guantong.api.contract.acts import Many
from web.permissions import ACTORS, CAST, MAY, Address, Rule, World, build
from web.test_permission_matrix import EVERY_DAY, address, named_patterns, targets

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


@pytest.fixture
def world(city: City) -> World:
    return build(city)


def test_the_table_names_every_address_and_the_functions_of_its_methods() -> None:
    declared = {
        name: (by_method.get("GET", ""), by_method.get("POST", ""))
        for _route, name, acts in ADDRESSES
        for by_method in [{act.method: act.function for act in acts}]
    }
    assert declared == {name: (rule.get, rule.post) for name, rule in API_TABLE.items()}
    views = {pattern.name: policies.policy_of(pattern.callback) for pattern in named_patterns()}
    assert {name: views[name] for name in API_TABLE} == {
        name: rule.policy for name, rule in API_TABLE.items()
    }


def expected(acting: Acting | None, actor: str, rule: ApiRule, method: str, *, reaches: bool) -> int:
    """The token, the policy, the method, its function, then whether the object is there for this actor.

    A reading that gets through answers 200; a writing sends nothing of use and is turned back for that, with 400.
    """
    if acting is None:
        return 401
    if not _may(actor, rule.policy):
        return 403
    wanted = {"GET": rule.get, "POST": rule.post}.get(method, "")
    if not wanted:
        return 405
    if not _may(actor, wanted):
        return 403
    if method == "POST":
        return 400
    return 200 if reaches else 404


def _may(actor: str, policy: str) -> bool:
    return policy == "signed_in" or actor in MAY[policy]


def asked(world: World, actor: str) -> Iterator[tuple[str, ApiRule, str, Address, bool]]:
    for name, rule in API_TABLE.items():
        plain = Rule(rule.policy, "GET POST", rule.reach, rule.key)
        for side, arguments, reaches in targets(world, actor, name, plain):
            if rule.reach == "absent":
                arguments = (1,)
            yield name, rule, side, arguments, reaches


@pytest.mark.parametrize(
    "actor", [pytest.param(each, marks=() if each in EVERY_DAY else pytest.mark.drill) for each in ACTORS]
)
def test_every_address_answers_the_actor_as_the_table_says(actor: str, world: World) -> None:
    acting = world.people.get(actor)
    caller = Caller(token_for(acting)[1]) if acting else Caller("gt_nobody")
    wrong = []
    for place, (name, rule, side, arguments, reaches) in enumerate(asked(world, actor)):
        path = address(name, arguments)
        for method in METHODS if side == "own" and place % 4 == 0 else METHODS[:2]:
            with undone():
                found = caller.ask(method, path).status_code
            said = expected(acting, actor, rule, method, reaches=reaches)
            # a writing without a body is turned back for its media type
            if found != said and not (said == 400 and found == 415):
                wrong.append(f"{method} {path} ({side}): {found}, not {said}")
    assert not wrong, "\n".join(wrong)


def test_a_session_opens_nothing_here(world: World) -> None:
    person = world.people["office"].person
    assert isinstance(person, Person)
    client = Client()
    client.force_login(person)
    statuses: dict[str, set[int]] = {}
    for name, rule, _side, arguments, _reaches in asked(world, "office"):
        method = "GET" if rule.get else "POST"
        statuses.setdefault(name, set()).add(client.generic(method, address(name, arguments)).status_code)
    assert statuses == {name: {401} for name in API_TABLE}


# Homes and their rooms are there for whoever is near; a cycle binds those below it; a matter is issued from above.
SEEN_FROM_OUTSIDE = ("api-homes", "api-rooms", "api-cycles", "api-matters")


@pytest.mark.policy
def test_two_actors_are_never_given_rows_beyond_their_scope(world: World) -> None:
    """Whatever a list gives, its unit lies in the actor's subtree, or the room says why it is seen from outside."""
    for actor in ("village", "township", "district_a", "member"):
        acting = world.people[actor]
        caller = Caller.acting(acting)
        assert CAST[actor]
        for route, name, acts in ADDRESSES:
            if not isinstance(acts[0], Many) or "<" in route or name in SEEN_FROM_OUTSIDE:
                continue
            for row in caller.read(f"{route}?limit=100")["items"] if _may(actor, acts[0].function) else []:
                assert _inside(acting, row), (actor, route, row)


def _inside(acting: Acting, row: dict[str, Any]) -> bool:
    from guantong.organisation.models import Unit

    ref = row.get("unit") or (row["id"] if "level" in row else None)
    if ref is None:
        return True
    unit = Unit.objects.get(pk=ref["id"] if isinstance(ref, dict) else ref)
    return acting.sees(unit.path)

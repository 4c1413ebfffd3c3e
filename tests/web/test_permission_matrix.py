"""Every address × method × actor × own/other's object × page/fragment answers as the permission table says."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.contrib.auth import get_user_model
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from api.permissions import API_TABLE
from conftest import City, undone
from guantong.accounts import policies
from guantong.accounts.models import Person
from web.homing import is_near
from web.permissions import (
    ACTORS,
    BUSINESS,
    CAST,
    MAY,
    REACHES,
    TABLE,
    WITHOUT_OFFICE,
    Address,
    Rule,
    World,
    build,
    with_second_factor,
)

COMMON, ODD = ("GET", "POST"), ("PUT", "PATCH", "DELETE")
# Asked every day, on both databases: nobody, who runs it all, a member unit, a district. `make drill-permissions` asks
# everybody everything.
EVERY_DAY = ("anonymous", "office", "member", "district_a", "security_admin")
NOBODYS: dict[str, Address] = {
    "openid_connect_login": ("nobody",),
    "openid_connect_callback": ("nobody",),
    "mfa_remove_webauthn": (1,),
    "mfa_edit_webauthn": (1,),
    "token-revocation": (10**9,),
    "document-template-file": (10**9,),
}
SIGN_IN, REFUSED, ABSENT, WRONG_VERB, SERVED = "sign in", "403", "404", "405", "served"


def named_patterns(resolver: URLResolver | None = None) -> Iterator[URLPattern]:
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLResolver):
            yield from named_patterns(pattern)
        else:
            yield pattern


@pytest.fixture
def world(city: City) -> World:
    return build(city)


class Browser:
    """One actor's way in; every request starts from the same cookies and leaves no trace behind."""

    def __init__(self, world: World, actor: str) -> None:
        self._cookies = {}
        client = Client()
        if actor in world.people:
            client.force_login(world.people[actor].person)  # type: ignore[arg-type]
        elif actor == "newcomer":
            client.force_login(
                with_second_factor(
                    Person.objects.create_person(sign_in="newcomer", password=None, display_name="新来的人")
                )
            )
        self._cookies = client.cookies

    def ask(self, method: str, path: str, *, fragment: bool) -> tuple[str, int]:
        client = Client(raise_request_exception=False)
        client.cookies.update(self._cookies)
        headers = {"HX-Request": "true"} if fragment else {}
        with undone():
            answer = client.generic(method, path, headers=headers)
            return outcome_of(answer), answer.status_code


def outcome_of(answer: HttpResponse) -> str:
    status = answer.status_code
    if "HX-Redirect" in answer or (status == 302 and answer["Location"].startswith("/sign-in/?next=")):
        return SIGN_IN
    if status in (403, 404, 405):
        return str(status)
    return SERVED if status in (200, 204, 302, 401, 422) else f"broken {status}"


def sees(world: World, actor: str, code: str) -> bool:
    """Whether a unit lies in the actor's subtree, by walking up the tree."""
    scope = CAST[actor][2] if actor in CAST else ""
    unit = world.units.get(code)
    while unit is not None:
        if unit.code == scope:
            return True
        unit = unit.parent
    return False


def targets(
    world: World, actor: str, name: str, rule: Rule | None = None
) -> Iterator[tuple[str, Address, bool]]:
    """(own or other, arguments of the address, whether the actor reaches it)."""
    rule = rule or TABLE[name]
    known = world.objects.get(rule.key, {})
    own, other = CAST[actor][3:] if actor in CAST else ("1506-MU-01", "1506-MU-02")
    if rule.reach == "none":
        yield "own", (), True
    elif rule.reach in ("absent", "confirmed"):
        yield "own", NOBODYS.get(name, ()), rule.reach == "confirmed"
    elif rule.reach in ("unit", "score"):
        for side, code in (("own", own), ("other", other)):
            if code in known:
                yield side, known[code], sees(world, actor, code)
    elif rule.reach == "near":
        for side, code in (("own", own), ("other", other)):
            if code in known:
                near = actor in CAST and is_near(world, CAST[actor][0], code)
                yield side, known[code], near or sees(world, actor, code)
    elif rule.reach == "own_unit":
        for side, code in (("own", own), ("other", other)):
            if code in known:
                yield side, known[code], actor in CAST and CAST[actor][0] == code
    elif rule.reach in ("cycle", "city"):
        for side, code in (("own", "1506"), ("other", "1502")):
            bound = rule.reach == "cycle" and actor in BUSINESS and code == "1506"
            shared = rule.key == "package" and actor in BUSINESS  # both cities run the same package
            yield side, known[code], bound or shared or sees(world, actor, code)
    elif rule.reach == "holder":
        for side, whose in (("own", actor), ("other", "member" if actor != "member" else "district_a")):
            if whose in known:
                yield side, known[whose], whose == actor
    else:
        yield "own", known["own"], True
        yield "other", known["other"], rule.reach == "any"


def turned_away(actor: str, rule: Rule) -> str | None:
    """What the policy answers instead of the view, whatever is asked; None where the actor gets in."""
    if rule.policy == "public":
        return None
    if actor in ("anonymous", "applicant"):
        return SIGN_IN
    return None if rule.policy == "signed_in" or actor in MAY[rule.policy] else REFUSED


def expected(actor: str, rule: Rule, method: str, *, reaches: bool) -> str:
    """Policy first, then the method, then whether the object is there for this actor."""
    refused = turned_away(actor, rule)
    if refused is not None:
        return refused
    if method not in rule.methods.split():
        return WRONG_VERB
    return SERVED if reaches else ABSENT


def address(name: str, arguments: Address) -> str:
    return reverse(name, args=arguments)


def test_the_table_names_every_address_and_no_other() -> None:
    assert {pattern.name for pattern in named_patterns()} == set(TABLE) | set(API_TABLE)
    assert not set(TABLE) & set(API_TABLE)
    assert {rule.reach for rule in TABLE.values()} == set(REACHES)
    assert {rule.policy for rule in TABLE.values()} == set(MAY) | {"public", "signed_in"}


def test_the_table_says_the_policy_that_the_address_declares() -> None:
    declared = {pattern.name: policies.policy_of(pattern.callback) for pattern in named_patterns()}
    assert declared == {name: rule.policy for name, rule in (TABLE | API_TABLE).items()}


def asked_of(
    place: int, side: str, rule: Rule, *, closed: bool, thorough: bool
) -> Iterator[tuple[str, bool]]:
    """(method, as a fragment) to ask of an address.

    Every day one of the three odd methods, in turn; and where the policy turns the actor away before anything of the
    request is read (``closed``), one method only.
    """
    answered = rule.methods.split()
    if closed and not thorough:
        yield answered[place % len(answered)], place % 2 == 1
        return
    odd = ODD if thorough else (ODD[place % len(ODD)],) if side == "own" else ()
    for method in (*COMMON, *odd):
        for fragment in (False, True) if method in answered or thorough else (False,):
            yield method, fragment


def ask_everything(world: World, actor: str, *, thorough: bool) -> tuple[int, list[str]]:
    """(how much was asked, what was answered otherwise than the table says)."""
    browser = Browser(world, actor)
    wrong, asked = [], 0
    for place, (name, rule) in enumerate(TABLE.items()):
        closed = turned_away(actor, rule)
        for side, arguments, reaches in targets(world, actor, name):
            path = address(name, arguments)
            for method, fragment in asked_of(place, side, rule, closed=closed is not None, thorough=thorough):
                found, status = browser.ask(method, path, fragment=fragment)
                wanted = expected(actor, rule, method, reaches=reaches)
                asked += 1
                if found != wanted:
                    wrong.append(
                        f"{method} {path} ({name}, {side}, {fragment=}): {found} {status}, not {wanted}"
                    )
    return asked, wrong


@pytest.mark.parametrize(
    "actor",
    [pytest.param(each, marks=() if each in EVERY_DAY else pytest.mark.drill) for each in ACTORS],
)
def test_every_address_answers_the_actor_as_the_table_says(actor: str, world: World) -> None:
    asked, wrong = ask_everything(world, actor, thorough=False)
    assert not wrong, "\n".join(wrong)
    assert asked > len(TABLE)


@pytest.mark.drill
@pytest.mark.parametrize("actor", ACTORS)
def test_every_method_of_every_address_answers_the_actor_as_the_table_says(actor: str, world: World) -> None:
    asked, wrong = ask_everything(world, actor, thorough=True)
    assert not wrong, "\n".join(wrong)
    assert asked > 3000


def test_an_address_whose_policy_is_taken_away_is_closed_and_reported(world: World) -> None:
    """The table cannot be met without the declaration: nobody gets in, and start-up refuses."""
    views = {pattern.name: pattern.callback for pattern in named_patterns()}
    browsers: dict[str, Browser] = {}
    for name, rule in TABLE.items():
        actor = min(MAY.get(rule.policy, {"office"}))
        browser = browsers.setdefault(actor, Browser(world, actor))
        method = rule.methods.split()[0]
        with pytest.MonkeyPatch.context() as without:
            without.delattr(views[name], "policy")
            assert policies.every_url_has_a_policy(None) != [], name
            for _side, arguments, reaches in targets(world, actor, name):
                found, _status = browser.ask(method, address(name, arguments), fragment=False)
                assert found == REFUSED, name
                assert found != expected(actor, rule, method, reaches=reaches)
    assert policies.every_url_has_a_policy(None) == []


def test_the_matrix_notices_a_view_that_forgets_its_scope(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Seeded fault: with a query that forgets the subtree, another's obligation is served and the table is not met."""
    from guantong.obligations import queries
    from guantong.obligations.models import Obligation

    monkeypatch.setattr(queries, "obligations_visible_to", lambda acting: Obligation.objects.all())
    rule = TABLE["obligation"]
    other = [each for each in targets(world, "district_a", "obligation") if each[0] == "other"]
    [(_side, arguments, reaches)] = other
    found, _status = Browser(world, "district_a").ask("GET", address("obligation", arguments), fragment=False)
    assert (found, expected("district_a", rule, "GET", reaches=reaches)) == (SERVED, ABSENT)


def test_the_cast_holds_one_office_each_and_the_others_none(world: World) -> None:
    assert {actor for actor in ACTORS if actor not in CAST} == set(WITHOUT_OFFICE)
    held = {actor: acting.person.holdings.count() for actor, acting in world.people.items() if acting.person}
    assert held == dict.fromkeys(CAST, 1)
    assert get_user_model() is Person

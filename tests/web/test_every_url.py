"""Every URL has a policy; every page answers each role as its policy says."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse

from conftest import CONSOLE, City, SignIn, at
from guantong.accounts import policies
from guantong.assessment.models import Score, ScoreLine
from guantong.assessment.operations import run_scores
from guantong.obligations.models import Obligation
from guantong.reporting.tallies import recount

ROLES = {
    "coordinator": ("1506-LGO", "coordinator"),
    "assessor": ("1506-LGO", "assessor"),
    "leader": ("1506-LG", "leader"),
    "unit_head": ("1506-MU-01", "unit_head"),
    "county": ("150602", "first_responsible"),
    "commissioner": ("150602001", "commissioner"),
    "liaison": ("150602001001", "liaison"),
    "home_keeper": ("150602001-H1", "home_keeper"),
    "system_admin": ("1506-LGO", "system_admin"),
    "audit_admin": ("1506-LGO", "audit_admin"),
}


def test_every_url_declares_a_policy() -> None:
    assert policies.every_url_has_a_policy(None) == []


def test_a_view_without_policy_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    from guantong.web import views

    monkeypatch.delattr(views.home, "policy")
    assert [error.id for error in policies.every_url_has_a_policy(None)] == ["guantong.E001"]


@pytest.fixture
def pages(signed: City) -> list[str]:
    run_scores(cycle=signed.cycle, as_of=dt.date(2026, 7, 1), actor=CONSOLE, now=at(7, 1))
    recount(signed.cycle, on=dt.date(2026, 7, 1), now=at(7, 1))
    cycle, unit = signed.cycle.pk, signed.units["1506"].pk
    return [
        reverse("home"),
        reverse("inbox"),
        reverse("obligations"),
        reverse("obligation", args=[Obligation.objects.filter(unit__code="1506-MU-01")[0].pk]),
        reverse("duty-lists"),
        reverse("duty-list", args=[signed.list_of("1506-MU-01").pk]),
        reverse("duty-library"),
        reverse("tasks"),
        reverse("records"),
        reverse("new-record"),
        reverse("reviews"),
        reverse("scores"),
        reverse("score", args=[Score.objects.filter(scorecard="SC_unit")[0].pk]),
        reverse("score-line", args=[ScoreLine.objects.filter(indicator="I02")[0].pk]),
        reverse("cycles"),
        reverse("board", args=[cycle, unit]),
        reverse("board-element", args=[cycle, unit, "base_staff"]),
        reverse("unit", args=[cycle, unit]),
        reverse("coverage", args=[cycle, unit, "C01"]),
        reverse("package", args=[signed.cycle.stored_id]),
        reverse("import-tasks", args=[cycle]),
        reverse("task-questions"),
    ]


def test_anonymous_is_sent_to_sign_in(pages: list[str]) -> None:
    for page in pages:
        answer = Client().get(page)
        assert answer.status_code == 302, page
        assert answer["Location"].startswith("/sign-in/"), page


def test_a_fragment_without_sign_in_moves_the_whole_page() -> None:
    answer = Client().get("/obligations/", headers={"HX-Request": "true"})
    assert answer.status_code == 401
    assert "HX-Redirect" in answer


@pytest.mark.parametrize("role", ROLES)
def test_each_role_gets_what_its_policy_allows(
    role: str, pages: list[str], signed: City, as_: SignIn
) -> None:
    acting = signed.acting(*ROLES[role])
    client = as_(acting)
    for page in pages:
        answer = client.get(page)
        match = answer.resolver_match
        assert match is not None
        policy = policies.policy_of(match.func)
        if policy not in (policies.PUBLIC, policies.SIGNED_IN) and not acting.may(str(policy)):
            assert answer.status_code == 403, page
        else:
            assert answer.status_code in (200, 404), page


def test_the_coordinator_can_open_every_page(pages: list[str], signed: City, as_: SignIn) -> None:
    client = as_(signed.coordinator)
    assert {page: client.get(page).status_code for page in pages} == dict.fromkeys(pages, 200)


def test_a_district_cannot_fetch_another_district_s_obligation(signed: City, as_: SignIn) -> None:
    other = Obligation.objects.filter(unit__code="150622")[0]
    client = as_(signed.acting("150602", "first_responsible"))
    assert client.get(reverse("obligation", args=[other.pk])).status_code == 404


def test_pages_of_the_loop_need_a_fixed_number_of_queries(
    pages: list[str], signed: City, as_: SignIn, django_assert_max_num_queries: object
) -> None:
    client = as_(signed.coordinator)
    for name, most in (("home", 16), ("obligations", 14), ("inbox", 20)):
        with django_assert_max_num_queries(most):  # type: ignore[operator]
            client.get(reverse(name))

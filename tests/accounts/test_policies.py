"""No policy, no page; whatever goes wrong in deciding, the answer is no."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from conftest import City
from guantong.accounts import policies
from guantong.accounts.acting import Acting
from guantong.accounts.middleware import PolicyMiddleware, acting_of, seats_for
from guantong.accounts.models import Person
from guantong.accounts.policies import allowed, may, public, signed_in
from guantong.kernel import clock


def page(request: HttpRequest) -> HttpResponse:
    return HttpResponse("…")


def ask(view: object, acting: object) -> object:
    """What the middleware answers before the view: None lets the request through."""
    request = RequestFactory().get("/somewhere/")
    request.acting = acting  # type: ignore[attr-defined]
    return PolicyMiddleware(page).process_view(request, view, (), {})  # type: ignore[arg-type]


class TestPolicies:
    def test_who_may_use_what(self, offices: City, newcomer: Person) -> None:
        head, nobody, without = offices.head, Acting(), Acting(newcomer)
        request = RequestFactory().get("/")
        table = {}
        for acting in (nobody, without, head):
            request.acting = acting  # type: ignore[attr-defined]
            table[acting] = [
                allowed(request, policy) for policy in ("public", "signed_in", "duties.sign", "cycles.run")
            ]
        assert table == {
            nobody: [True, False, False, False],
            without: [True, True, False, False],
            head: [True, True, True, False],
        }

    def test_a_view_without_a_policy_is_closed_to_everybody(self, offices: City) -> None:
        for acting in (Acting(), offices.head):
            with pytest.raises(PermissionDenied):
                ask(page, acting)

    def test_a_view_lets_through_whoever_has_the_right(self, offices: City) -> None:
        view = may("duties.sign")(lambda request: HttpResponse("…"))
        assert ask(view, offices.head) is None

    def test_and_refuses_whoever_has_it_not(self, offices: City, newcomer: Person) -> None:
        view = may("cycles.run")(lambda request: HttpResponse("…"))
        for acting in (offices.head, Acting(newcomer)):
            with pytest.raises(PermissionDenied):
                ask(view, acting)

    def test_a_refusal_stands_in_the_security_log_without_a_name(
        self, offices: City, caplog: pytest.LogCaptureFixture
    ) -> None:
        view = may("cycles.run")(lambda request: HttpResponse("…"))
        with caplog.at_level("WARNING", logger="guantong.security"), pytest.raises(PermissionDenied):
            ask(view, offices.head)
        [said] = [each.getMessage() for each in caplog.records if each.name == "guantong.security"]
        assert offices.head.reference in said
        assert "cycles.run" in said
        assert str(offices.head.person) not in said

    def test_a_stranger_is_sent_to_the_sign_in_page_and_back(self) -> None:
        answer = ask(signed_in(lambda request: HttpResponse("…")), Acting())
        assert isinstance(answer, HttpResponse)
        assert answer["Location"] == "/sign-in/?next=/somewhere/"

    def test_an_error_in_deciding_is_a_no(self) -> None:
        undecidable = SimpleNamespace(person=None)  # asked for a right, it fails
        with pytest.raises(PermissionDenied):
            ask(may("duties.sign")(lambda request: HttpResponse("…")), undecidable)

    def test_a_stopped_person_acts_for_nobody_even_in_a_session_that_stands(self, offices: City) -> None:
        head = offices.head.person
        assert head is not None
        request = RequestFactory().get("/")
        request.user, request.session, request.today = head, {}, clock.today()  # type: ignore[attr-defined, assignment]
        assert acting_of(request, seats_for(request)).office == offices.head.office
        head.is_active = False
        assert (acting_of(request, seats_for(request)), seats_for(request)) == (Acting(), [])

    def test_a_public_view_is_open(self) -> None:
        assert ask(public(lambda request: HttpResponse("…")), Acting()) is None

    def test_the_check_names_the_address_without_a_policy(self, monkeypatch: pytest.MonkeyPatch) -> None:
        from guantong.web import people

        monkeypatch.delattr(people.people, "policy")
        [error] = policies.every_url_has_a_policy(None)
        assert (error.id, "people/" in error.msg) == ("guantong.E001", True)

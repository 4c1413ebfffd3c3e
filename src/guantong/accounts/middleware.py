"""Puts on each request who acts, for which office, and when; then asks the view's policy."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase

from guantong.accounts import policies
from guantong.accounts.acting import Acting
from guantong.accounts.models import Person
from guantong.accounts.queries import holding_in_use
from guantong.kernel import clock

SESSION_OFFICE = "office"


class Request(HttpRequest):
    """A request as the middleware leaves it, for annotations."""

    acting: Acting
    now: dt.datetime
    today: dt.date
    htmx: Any


class ActingMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request.now = clock.now()  # type: ignore[attr-defined]
        request.today = clock.today(request.now)  # type: ignore[attr-defined]
        request.acting = acting_of(request)  # type: ignore[attr-defined]
        return self.get_response(request)


def acting_of(request: HttpRequest) -> Acting:
    """The signed-in person with the office chosen in this session, else the first held today."""
    person = request.user
    if not isinstance(person, Person) or not person.is_active:
        return Acting()
    holding = holding_in_use(
        person,
        office_id=request.session.get(SESSION_OFFICE),
        on=request.today,  # type: ignore[attr-defined]
    )
    return Acting(person=person, office=holding.office if holding else None)


class PolicyMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(self, request: Request, view: Any, args: Any, kwargs: Any) -> HttpResponseBase | None:
        policy = policies.policy_of(view)
        if policy is None:
            raise PermissionDenied
        if policies.allowed(request, policy):
            return None
        if request.acting.person is None:
            return sign_in_first(request)
        raise PermissionDenied


def sign_in_first(request: Request) -> HttpResponseBase:
    """To the sign-in page; a fragment asks the browser to go there as a whole page."""
    if not getattr(request, "htmx", False):
        return redirect_to_login(request.get_full_path())
    answer = HttpResponse(status=401)
    answer["HX-Redirect"] = redirect_to_login(request.htmx.current_url_abs_path or "/").url
    return answer

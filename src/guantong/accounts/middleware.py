"""Puts on each request who acts, for which office, and when; then asks the view's policy."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase

from guantong.accounts import policies
from guantong.accounts.acting import Acting
from guantong.accounts.models import Person
from guantong.accounts.queries import seat_in_use
from guantong.kernel import clock
from guantong.privacy import keys

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
        keys.forget()
        request.now = clock.now()  # type: ignore[attr-defined]
        request.today = clock.today(request.now)  # type: ignore[attr-defined]
        request.acting = acting_of(request)  # type: ignore[attr-defined]
        return self.get_response(request)


def acting_of(request: HttpRequest) -> Acting:
    """The signed-in person with the office chosen in this session, else the first held today."""
    person = request.user
    if not isinstance(person, Person) or not person.is_active:
        return Acting()
    seat = seat_in_use(
        person,
        office_id=request.session.get(SESSION_OFFICE),
        on=request.today,  # type: ignore[attr-defined]
    )
    if seat is None:
        return Acting(person=person)
    return Acting(person=person, office=seat.office, standing_in_for=seat.standing_in_for)


class PolicyMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(self, request: Request, view: Any, args: Any, kwargs: Any) -> HttpResponseBase | None:
        policy = policies.policy_of(view)
        if policy is None:
            raise PermissionDenied
        try:
            allowed = policies.allowed(request, policy)
        except Exception as error:  # whatever goes wrong in deciding, the answer is no
            raise PermissionDenied from error
        if allowed:
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


class SessionLimitsMiddleware:
    """Ends a session that lay idle or that has lasted too long, however it is kept alive."""

    STARTED, SEEN = "started_at", "seen_at"
    GRAIN = dt.timedelta(minutes=1)

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.user.is_authenticated:
            self._limit(request, clock.now())
        return self.get_response(request)

    def _limit(self, request: HttpRequest, now: dt.datetime) -> None:
        session = request.session
        started = dt.datetime.fromisoformat(session.setdefault(self.STARTED, now.isoformat()))
        seen = dt.datetime.fromisoformat(session.setdefault(self.SEEN, now.isoformat()))
        idle = now - seen > dt.timedelta(minutes=settings.IDLE_MINUTES)
        over = now - started > dt.timedelta(hours=settings.SESSION_HOURS)
        if idle or over:
            logout(request)
        elif now - seen > self.GRAIN:
            session[self.SEEN] = now.isoformat()

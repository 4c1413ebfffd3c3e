"""Puts on each request who acts, for which office, and when; then asks the view's policy."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from guantong.accounts import policies
from guantong.accounts.acting import Acting
from guantong.accounts.models import Person
from guantong.accounts.queries import Seat, seat_in_use, seats_of
from guantong.accounts.second_factors import is_missing
from guantong.kernel import clock
from guantong.privacy import keys

SESSION_OFFICE = "office"
# All that is open to whoever still has a password that somebody else has seen; static files are served before.
BEFORE_NEW_PASSWORD = {"password", "sign-out", "set_language"}
# And to whoever must set up a second factor first.
BEFORE_SECOND_FACTOR = BEFORE_NEW_PASSWORD | {
    "account_reauthenticate", "mfa_index", "mfa_activate_totp", "mfa_list_webauthn", "mfa_add_webauthn",
    "mfa_view_recovery_codes", "mfa_generate_recovery_codes", "mfa_download_recovery_codes",
}  # fmt: skip
log = logging.getLogger("guantong.security")


class Request(HttpRequest):
    """A request as the middleware leaves it, for annotations."""

    acting: Acting
    seats: list[Seat]
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
        request.seats = seats_for(request)  # type: ignore[attr-defined]
        request.acting = acting_of(request, request.seats)  # type: ignore[attr-defined]
        return self.get_response(request)


def seats_for(request: HttpRequest) -> list[Seat]:
    """The offices that the signed-in person may act for today."""
    person = request.user
    if not isinstance(person, Person) or not person.is_active:
        return []
    return seats_of(person, on=request.today)  # type: ignore[attr-defined]


def acting_of(request: HttpRequest, seats: list[Seat]) -> Acting:
    """The signed-in person with the office chosen in this session, else the first held today."""
    person = request.user
    if not isinstance(person, Person) or not person.is_active:
        return Acting()
    seat = seat_in_use(seats, office_id=request.session.get(SESSION_OFFICE))
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
        if must_change_password_first(request):
            return whole_page_first(request, "password")
        if must_set_up_second_factor(request):
            return whole_page_first(request, "mfa_index")
        try:
            allowed = policies.allowed(request, policy)
        except Exception as error:  # whatever goes wrong in deciding, the answer is no
            raise PermissionDenied from error
        if allowed:
            return None
        if request.acting.person is None:
            return sign_in_first(request)
        name = request.resolver_match.url_name if request.resolver_match else ""
        log.warning("refused: %s asked for %s without %s", request.acting.reference, name, policy)
        raise PermissionDenied


def sign_in_first(request: Request) -> HttpResponseBase:
    """To the sign-in page; a fragment asks the browser to go there as a whole page."""
    if not getattr(request, "htmx", False):
        return redirect_to_login(request.get_full_path())
    return _whole_page(redirect_to_login(request.htmx.current_url_abs_path or "/").url, status=401)


def must_change_password_first(request: Request) -> bool:
    """Whether the password was given out by somebody else and the request is for anything but changing it."""
    person = request.acting.person
    if person is None or not person.must_change_password:
        return False
    return request.resolver_match is None or request.resolver_match.url_name not in BEFORE_NEW_PASSWORD


def must_set_up_second_factor(request: Request) -> bool:
    """Whether a second factor is asked of the office acted for and the request is for anything but setting it up."""
    match = request.resolver_match
    if match is not None and match.url_name in BEFORE_SECOND_FACTOR:
        return False
    return is_missing(request.acting)


def whole_page_first(request: Request, name: str) -> HttpResponseBase:
    """To the page that comes first, whatever was asked for; nothing of that is done."""
    address = reverse(name)
    return _whole_page(address, status=403) if getattr(request, "htmx", False) else redirect(address)


def _whole_page(address: str, *, status: int) -> HttpResponse:
    answer = HttpResponse(status=status)
    answer["HX-Redirect"] = address
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

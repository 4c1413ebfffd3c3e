"""A refusal becomes a 422 with its sentences, here and nowhere else; and the headers of every answer."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _

from guantong.audit import standing
from guantong.kernel.refusals import Refusal
from guantong.web.display import display_of

# Only scripts that carry the page's nonce run, and none is ever built from text; nothing is framed or plugged in.
CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'nonce-{nonce}'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; manifest-src 'self'; worker-src 'self'; form-action {forms}; frame-ancestors 'none'; base-uri 'none'; "
    "object-src 'none'"
)
THEME_COOKIE = "__Host-theme"  # what app.js calls it over TLS
READ_ONLY_MAY = {"sign-in", "sign-out", "set_language", "display", "acting-office", "healthz"}


class RefusalMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, Refusal):
            return None
        template = "ui/refusal.html" if getattr(request, "htmx", False) else "web/refused.html"
        return render(request, template, {"reasons": exception.reasons}, status=422)


def form_targets() -> str:
    """Where a form may lead: here, and to the identity providers that signing in hands over to."""
    return " ".join(["'self'", *sorted(set(_provider_origins()))])


def _provider_origins() -> Iterator[str]:
    known: dict[str, Any] = settings.SOCIALACCOUNT_PROVIDERS
    for provider in ("openid_connect", "saml"):
        for app in known.get(provider, {}).get("APPS", []):
            told = app.get("settings", {})
            overrides = told.get("openid_configuration_overrides", {})
            idp = told.get("idp", {})
            for address in (
                app.get("server_url"),
                told.get("server_url"),
                overrides.get("authorization_endpoint"),
                idp.get("sso_url"),
                idp.get("slo_url"),
                idp.get("metadata_url"),
            ):
                parts = urlsplit(address or "")
                if parts.scheme in {"http", "https"} and parts.netloc:
                    yield f"{parts.scheme}://{parts.netloc}"


class HeadersMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request.csp_nonce = secrets.token_urlsafe(16)  # type: ignore[attr-defined]
        request.theme = request.COOKIES.get(THEME_COOKIE, "")  # type: ignore[attr-defined]
        request.display = display_of(request)  # type: ignore[attr-defined]
        response = self.get_response(request)
        policy = CONTENT_SECURITY_POLICY.format(
            nonce=request.csp_nonce,  # type: ignore[attr-defined]
            forms=form_targets(),
        )
        response.headers.setdefault("Content-Security-Policy", policy)
        response.headers.setdefault("Permissions-Policy", "geolocation=(), camera=(), microphone=()")
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        patch_vary_headers(response, ["HX-Request"])
        if getattr(request, "user", None) is not None and request.user.is_authenticated:
            response.headers.setdefault("Cache-Control", "private, no-store")
        return response


class ReadOnlyMiddleware:
    """A database behind its own published log is shown with an alarm and changed by nobody."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: object, args: object, kwargs: object
    ) -> HttpResponse | None:
        if request.method in {"GET", "HEAD", "OPTIONS"}:
            return None
        why = standing.is_rolled_back()
        name = request.resolver_match.url_name if request.resolver_match else ""
        if not why or name in READ_ONLY_MAY:
            return None
        reasons = [_("系统处于只读状态，没有保存。"), why]
        template = "ui/refusal.html" if getattr(request, "htmx", False) else "web/refused.html"
        return render(request, template, {"reasons": reasons}, status=503)


def say(request: HttpRequest, sentence: object) -> None:
    """A toast on the next page."""
    messages.success(request, str(sentence))

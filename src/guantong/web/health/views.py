"""Asked by programs: alive, ready, and figures. Nothing here tells a secret."""

from __future__ import annotations

import ipaddress

from django.conf import settings
from django.http import Http404, HttpResponse, JsonResponse
from django.utils.crypto import constant_time_compare
from django.views.decorators.http import require_GET
from prometheus_client import CONTENT_TYPE_LATEST

from guantong.accounts.adapters import source_of
from guantong.accounts.middleware import Request
from guantong.accounts.policies import public
from guantong.web.health.figures import text_of_figures
from guantong.web.health.readiness import is_ready, readiness


@public
@require_GET
def healthz(request: Request) -> HttpResponse:
    """200 while the process answers."""
    return HttpResponse("ok\n", content_type="text/plain")


@public
@require_GET
def readyz(request: Request) -> HttpResponse:
    """200 while pages can be served, else 503; a word for each thing looked at."""
    words = readiness(now=request.now)
    ready = is_ready(words)
    answer = JsonResponse({"ready": ready, "checks": words}, status=200 if ready else 503)
    answer["Cache-Control"] = "no-store"
    return answer


@public
@require_GET
def metrics(request: Request) -> HttpResponse:
    """Figures for whoever has the token or asks from a named address; for others there is no such page."""
    if not may_read_figures(request):
        raise Http404
    answer = HttpResponse(text_of_figures(), content_type=CONTENT_TYPE_LATEST)
    answer["Cache-Control"] = "no-store"
    return answer


def may_read_figures(request: Request) -> bool:
    kind, _space, token = request.headers.get("Authorization", "").partition(" ")
    if settings.METRICS_TOKEN and kind.lower() == "bearer":
        return constant_time_compare(token.strip(), settings.METRICS_TOKEN)
    return bool(settings.METRICS_FROM) and _is_named(request)


def _is_named(request: Request) -> bool:
    """Behind a proxy everybody seems to come from this machine: then only what the trusted proxy says counts."""
    forwarded = {"X-Forwarded-For", "Forwarded", "X-Real-Ip"} & set(request.headers)
    if forwarded and not settings.HTTPS:
        return False
    try:
        source = ipaddress.ip_address(source_of(request))
        return any(source in ipaddress.ip_network(each, strict=False) for each in settings.METRICS_FROM)
    except ValueError:
        return False

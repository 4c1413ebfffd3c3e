"""What a phone keeps so that records can be written without a network: the page, its worker, a fresh token."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from django.http import HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.views.decorators.http import require_GET

from guantong import ui
from guantong.accounts.middleware import Request
from guantong.accounts.policies import may, public, signed_in
from guantong.grassroots.quick.forms import form_for
from guantong.grassroots.quick.kinds import buttons
from guantong.grassroots.quick.views import offer_for

SCRIPTS = Path(ui.__file__).parent / "static" / "ui"


@may("records.write")
@require_GET
def quick_offline(request: Request) -> HttpResponse:
    """Every kind on one page, without a name and without a token: what the phone shows while there is no network."""
    offer = offer_for(request, request.acting, "")
    context = {
        "offer": offer,
        "forms": [form_for(kind, offer) for kind in offer.kinds],
        "kinds": buttons(offer.kinds),
        "csrf_token": "",
    }
    return render(request, "grassroots/quick_offline.html", context)


@signed_in
@require_GET
def quick_token(request: Request) -> JsonResponse:
    """Who is signed in on this phone now, by number, and a token for sending. Asked before anything is sent."""
    return JsonResponse({"who": request.acting.person_ref, "token": get_token(request)})


@lru_cache(maxsize=1)
def _worker() -> bytes:
    return b"\n".join((SCRIPTS / name).read_bytes() for name in ("queue.js", "worker.js"))


@public
@require_GET
def service_worker(request: Request) -> HttpResponse:
    """The program that stands between the pages and the network; at the root, since it answers for every page."""
    answer = HttpResponse(_worker(), content_type="text/javascript; charset=utf-8")
    answer["Cache-Control"] = "no-cache"
    answer["Content-Security-Policy"] = "default-src 'none'; connect-src 'self'"
    return answer

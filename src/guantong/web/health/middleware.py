"""Around every request: its number, its log line, its count. Outermost, so that nothing is missed."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

from guantong.web.health.figures import count_request
from guantong.web.health.request_ids import HEADER, current, id_for

log = logging.getLogger("guantong.requests")


class ObservingMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        number = id_for(request.headers.get(HEADER, ""))
        before = current.set(number)
        began = time.monotonic()
        try:
            response = self.get_response(request)
            self._note(request, response.status_code, time.monotonic() - began)
        finally:
            current.reset(before)
        response.headers[HEADER] = number
        return response

    def _note(self, request: HttpRequest, status: int, seconds: float) -> None:
        name, method = name_of(request), request.method or ""
        count_request(name=name, method=method, status=status, seconds=seconds)
        if name != "static":
            told = {"name": name, "method": method[:10], "status": status, "ms": round(seconds * 1000, 1)}
            log.info("request", extra={"told": told})


def name_of(request: HttpRequest) -> str:
    """The name of the address, never its path: paths carry codes."""
    match = request.resolver_match
    if match is not None:
        return match.url_name or "unnamed"
    return "static" if request.path.startswith(settings.STATIC_URL) else "unknown"

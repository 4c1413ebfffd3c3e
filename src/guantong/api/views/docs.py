"""What the interface offers: a page for people, a document for programs."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_GET

from guantong.accounts.middleware import Request
from guantong.accounts.policies import public
from guantong.api.addresses import ADDRESSES
from guantong.api.choices import OFFERED, EventKind
from guantong.api.contract.acts import Act, Write
from guantong.api.contract.problems import KINDS
from guantong.api.openapi import document, path_of
from guantong.api.shapes.types import fields_of

_documents: dict[str, dict[str, Any]] = {}


@public
@require_GET
def openapi(request: Request) -> JsonResponse:
    """OpenAPI 3.1. Nothing in it depends on who asks."""
    language = get_language() or ""
    if language not in _documents:
        _documents[language] = document()
    answer = JsonResponse(_documents[language], json_dumps_params={"ensure_ascii": False})
    answer["Cache-Control"] = "public, max-age=300"
    answer["Vary"] = "Accept-Language"
    return answer


def names_of(act: Act) -> list[str]:
    """What may be filtered by, or what is sent."""
    if isinstance(act, Write):
        return list(fields_of(act.body))
    return [name for name in fields_of(act.query) if name not in ("limit", "cursor")]


@public
@require_GET
def listing(request: Request) -> HttpResponse:
    """Every address, what it does, what right it needs, what it takes and gives."""
    rows = [
        {
            "method": act.method,
            "route": f"/api/v1/{path_of(route)}",
            "what": act.summary,
            "right": OFFERED.get(act.function, ""),
            "names": names_of(act),
        }
        for route, _name, acts in ADDRESSES
        for act in acts
    ]
    problems = [{"code": code, "status": kind.status, "title": kind.title} for code, kind in KINDS.items()]
    context = {"rows": rows, "problems": problems, "events": EventKind.choices}
    return render(request, "api/docs.html", context)

"""For leaders: which requests ask for more than they may, and what was signed."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from guantong.accounts.approvals import may_decide
from guantong.accounts.middleware import Request
from guantong.accounts.policies import may
from guantong.accounts.queries import approvals_visible_to
from guantong.burden.choices import Concern
from guantong.burden.models import FieldRequest
from guantong.burden.queries.requests import OVER
from guantong.burden.views import tabs
from guantong.notices.said import words


@may("burden.sign")
@require_GET
def signatures(request: Request) -> HttpResponse:
    """What waits for a leader with everything that stands against it; then what leaders decided, with reasons."""
    found = list(approvals_visible_to(request.acting).filter(kind=OVER)[:100])
    requests = FieldRequest.objects.select_related("issuer").in_bulk([each.object_ref for each in found])
    names = dict(Concern.choices)
    rows = [
        {
            "approval": each,
            "request": requests[each.object_ref],
            "against": [names.get(kind, kind) for kind in each.wanted.get("against", ())],
            "sentences": [words(said) for said in each.wanted.get("sentences", ())],
            "minutes": each.wanted.get("minutes"),
            "may_decide": may_decide(request.acting, each),
        }
        for each in found
    ]
    context = {
        "tabs": tabs("burden-signatures", request.acting),
        "waiting": [row for row in rows if row["approval"].granted is None],
        "decided": [row for row in rows if row["approval"].granted is not None],
    }
    return render(request, "burden/signatures.html", context)

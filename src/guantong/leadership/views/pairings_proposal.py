"""The proposed assignment, with the numbers behind it; confirmed by the coordinating office."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from guantong.accounts.middleware import Request
from guantong.accounts.policies import may
from guantong.kernel.refusals import Refusal
from guantong.leadership.balancing import Choice
from guantong.leadership.operations.pairings import confirm_pairings
from guantong.leadership.queries.pairing_proposal import Proposed, proposed_for
from guantong.leadership.queries.pairings import shown_to
from guantong.leadership.rules.pairings import PairingTerms, terms_of
from guantong.leadership.views.pairings_frame import bars, cycle_or_refuse
from guantong.mechanisms.asked import cycle_asked


@may("leadership.run")
@require_http_methods(["GET", "POST"])
def proposal(request: Request) -> HttpResponseBase:
    """Look, untick what should wait, confirm the rest."""
    if request.method == "POST":
        return _confirmed(request)
    cycle = cycle_asked(request)
    blocks = (
        [_block(request, terms, proposed_for(cycle, terms)) for terms in terms_of(cycle.package)]
        if cycle
        else []
    )
    context = {
        **bars("pairing-proposal", request.acting),
        "cycle": cycle,
        "blocks": blocks,
    }
    return render(request, "leadership/pairing_proposal.html", context)


def _block(request: Request, terms: PairingTerms, found: Proposed) -> dict[str, Any]:
    shown = shown_to(request.acting, found.partners.values())
    loads = [
        {"office": office, "load": found.proposal.loads[pk], "short": pk in found.proposal.below_least}
        for pk, office in found.offices.items()
    ]
    return {
        "terms": terms,
        "rows": [_row(each, found, shown) for each in found.placed],
        "left_over": [_row(each, found, shown) for each in found.left_over],
        "loads": loads,
        "most_load": max(found.proposal.loads.values(), default=0),
        "least_load": min(found.proposal.loads.values(), default=0),
    }


def _row(choice: Choice, found: Proposed, shown: dict[int, Any]) -> dict[str, Any]:
    return {
        "partner": found.partners[choice.partner],
        "shown": shown[choice.partner],
        "office": found.offices[choice.office] if choice.office is not None else None,
        "leaving": found.leaving.get(choice.partner),
        "why": choice.why,
        "value": f"{choice.partner}:{choice.office}",
    }


def _confirmed(request: Request) -> HttpResponse:
    cycle = cycle_or_refuse(request)
    rule = request.POST.get("rule", "")
    terms = next((each for each in terms_of(cycle.package) if each.rule == rule), None)
    if terms is None:
        raise Refusal(_("请从分工建议页面确认。"))
    chosen = dict(_pair(each) for each in request.POST.getlist("chosen"))
    made = confirm_pairings(cycle=cycle, terms=terms, chosen=chosen, actor=request.acting, now=request.now)
    messages.success(request, _("已确认 %(n)s 项，有关岗位的待办里已列出应联系的期限。") % {"n": len(made)})
    return redirect("pairings")


def _pair(value: str) -> tuple[int, int]:
    partner, _colon, office = value.partition(":")
    if not (partner.isdigit() and office.isdigit()):
        raise Refusal(_("请从分工建议页面确认。"))
    return int(partner), int(office)

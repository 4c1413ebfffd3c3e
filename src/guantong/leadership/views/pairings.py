"""Pairings: the list with what is overdue first, one pairing, handing over, ending, and how well contact is kept."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import F, Q, QuerySet
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from guantong.accounts.middleware import Request
from guantong.accounts.policies import may
from guantong.cases.queries.visible import cases_visible_to
from guantong.leadership.models import Pairing
from guantong.leadership.operations.pairing_handover import hand_over_pairing
from guantong.leadership.operations.pairings import end_pairing
from guantong.leadership.pairing_forms import ENDED, OVERDUE, HandoverForm, PairingFilter, ReasonForm
from guantong.leadership.queries import pairings as queries
from guantong.leadership.queries.pairing_proposal import offices_for
from guantong.leadership.queries.pairing_quality import OVER, quality_of
from guantong.leadership.rules import pairings as rules
from guantong.leadership.views.pairings_frame import bars
from guantong.mechanisms.asked import cycle_asked
from guantong.mechanisms.models import Cycle
from guantong.ui.forms import valid
from guantong.ui.tables import Column, Listing

COLUMNS = [
    Column("partner", gettext_lazy("联系对象")),
    Column("office", gettext_lazy("由谁联系"), ("office__unit__path", "office__number")),
    Column("since", gettext_lazy("何时起"), ("starts_on",)),
    Column("last", gettext_lazy("上次联系"), ("last_contact",)),
    Column("next", gettext_lazy("下次最迟")),
]


def _mechanisms(cycle: Cycle | None) -> list[tuple[str, Any]]:
    terms = rules.terms_of(cycle.package) if cycle else []
    names = {name for each in terms for name in each.mechanisms}
    return [(name, label) for name, label in rules.MECHANISM_NAMES.items() if name in names]


@may("partners.read")
@require_GET
def pairings(request: Request) -> HttpResponse:
    """Who keeps contact with whom; whoever is overdue stands first."""
    cycle = cycle_asked(request)
    form = PairingFilter(request.GET, mechanisms=_mechanisms(cycle))
    form.is_valid()
    visible = queries.pairings_visible_to(request.acting).filter(cycle=cycle)
    found = queries.with_standing(_filtered(visible, form.cleaned_data, request))
    found = found.order_by(F("next_due").asc(nulls_last=True), "office__unit__path", "pk")
    listing = Listing.of(found, request.GET, COLUMNS, id="pairings")
    shown = queries.shown_to(request.acting, [each.partner for each in listing])
    for each in listing:
        each.shown = shown[each.partner_id]
        each.overdue = each.next_due is not None and each.next_due < request.today
    context = {
        **bars("pairings", request.acting),
        "form": form,
        "listing": listing,
        "cycle": cycle,
        "may_run": request.acting.may("leadership.run"),
    }
    return render(request, "leadership/pairings.html", context)


def _filtered(found: QuerySet[Pairing], wanted: dict[str, Any], request: Request) -> QuerySet[Pairing]:
    if wanted.get("state") == ENDED:
        found = found.filter(ends_on__isnull=False)
    else:
        found = found.filter(ends_on__isnull=True)
    if wanted.get("mechanism"):
        found = found.filter(partner__kind__in=rules.MECHANISMS[wanted["mechanism"]])
    if wanted.get("q"):
        words = wanted["q"].strip()
        found = found.filter(
            Q(partner__name__icontains=words)
            | Q(office__title__icontains=words)
            | Q(office__unit__name__icontains=words)
        )
    if wanted.get("state") == OVERDUE:
        found = queries.overdue_on(found, request.today)
    return found


def visible_pairing(request: Request, pk: int) -> Pairing:
    return get_object_or_404(queries.pairings_visible_to(request.acting), pk=pk)


@may("partners.read")
@require_GET
def pairing(request: Request, pk: int) -> HttpResponse:
    """One pairing: why this office, what is owed and done, the promises that are open."""
    found = visible_pairing(request, pk)
    cases = cases_visible_to(request.acting).filter(partner=found.partner_id).order_by("received_on", "pk")
    open_cases = [each for each in cases if each.stage not in OVER]
    runs = found.ends_on is None and rules.may_run(request.acting, found.partner)
    terms = rules.terms_by_rule(found.cycle.package, found.rule)
    offices = (
        [each for each in offices_for(found.cycle, terms) if each.pk != found.office_id]
        if runs and terms
        else []
    )
    context = {
        **bars("pairings", request.acting),
        "pairing": found,
        "shown": queries.shown_to(request.acting, [found.partner])[found.partner_id],
        "why": found.explanation,
        "owed": queries.obligations_of(found),
        "contacts": found.contacts.filter(cancelled_at__isnull=True)
        .select_related("record", "joined__office")
        .order_by("-day", "-pk"),
        "open_cases": open_cases,
        "solved": sum(1 for each in cases if each.outcome == "solved"),
        "oldest_days": (request.today - open_cases[0].received_on).days if open_cases else None,
        "handover_form": HandoverForm(offices=offices) if runs else None,
        "ending_form": ReasonForm(prefix="end") if runs else None,
    }
    return render(request, "leadership/pairing.html", context)


@may("leadership.run")
@require_POST
def handover(request: Request, pk: int) -> HttpResponseBase:
    """Another office keeps the contact, with everything open."""
    found = visible_pairing(request, pk)
    terms = rules.terms_by_rule(found.cycle.package, found.rule)
    offices = offices_for(found.cycle, terms) if terms else []
    given = valid(HandoverForm(request.POST, offices=offices))
    successor = hand_over_pairing(pairing=found, actor=request.acting, now=request.now, **given)
    messages.success(request, _("已移交。未完成的联系、已安排的走访和未办结的诉求一并转给新岗位。"))
    return redirect("pairing", pk=successor.pk)


@may("leadership.run")
@require_POST
def ending(request: Request, pk: int) -> HttpResponseBase:
    """The contact ends today."""
    found = visible_pairing(request, pk)
    given = valid(ReasonForm(request.POST, prefix="end"))
    end_pairing(pairing=found, actor=request.acting, now=request.now, **given)
    messages.success(request, _("已结束。以后各期不再要求联系，已经到期的仍须完成。"))
    return redirect("pairing", pk=found.pk)


@may("partners.read")
@require_GET
def quality(request: Request) -> HttpResponse:
    """Demands solved and the age of the oldest promise, per office, in the order of the tree: nobody is ranked."""
    cycle = cycle_asked(request)
    terms = rules.terms_of(cycle.package) if cycle else []
    seats = {each.pk: each for term in terms for each in offices_for(cycle, term)} if cycle else {}
    offices = list(seats.values())
    if not request.acting.may("leadership.run"):
        offices = [each for each in offices if each.pk == request.acting.office_ref]
    else:
        offices = [each for each in offices if request.acting.sees(each.scope.path)]
    rows = quality_of(request.acting, cycle, offices, on=request.today) if cycle else []
    oldest = max((each.oldest_days for each in rows if each.oldest), default=None)
    context = {
        **bars("pairing-quality", request.acting),
        "cycle": cycle,
        "rows": rows,
        "heard": sum(each.heard for each in rows),
        "solved": sum(each.solved for each in rows),
        "open": sum(each.open for each in rows),
        "oldest_days": oldest,
    }
    return render(request, "leadership/pairing_quality.html", context)

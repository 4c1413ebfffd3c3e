"""The ledger of an office: it fills itself from what the office took part in, and nobody keeps it by hand."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from guantong.accounts.choices import Role
from guantong.accounts.middleware import Request
from guantong.accounts.models import Office
from guantong.accounts.policies import may
from guantong.cases.models import Case
from guantong.leadership.queries.lines import decisions_of
from guantong.mechanisms.models import Cycle
from guantong.mechanisms.queries import current_cycle
from guantong.records.choices import RecordKind
from guantong.reporting.duty_reports.facts import records_of
from guantong.reporting.duty_reports.queries import ledgers_visible_to, may_write, reports_visible_to
from guantong.reporting.models import DutyReport
from guantong.ui.tables import Column, Listing

COLUMNS = [
    Column("day", _("日期"), ("happened_on",)),
    Column("kind", _("类型"), ("kind",)),
    Column("summary", _("做了什么")),
    Column("place", _("地点")),
]
OFFICES = [
    Column("office", _("岗位"), ("unit__path", "seat", "number")),
    Column("unit", _("单位")),
    Column("records", _("参加的工作"), ("n_records",), is_number=True),
    Column("cases", _("包案诉求"), ("n_cases",), is_number=True),
    Column("report", _("述职报告")),
]
DECIDED_SHOWN = 20
LEADING = (Role.LEADER, Role.UNIT_HEAD, Role.COMMISSIONER)


class LedgerFilter(forms.Form):
    kind = forms.ChoiceField(label=_("类型"), required=False, choices=[("", _("全部")), *RecordKind.choices])


@may("business.read")
@require_GET
def ledgers(request: Request) -> HttpResponse:
    """The leading offices in sight, with what each ledger holds."""
    cycle = current_cycle(request.acting, on=request.today)
    listing = None
    if cycle:
        listing = Listing.of(_counted(request, cycle), request.GET, OFFICES, id="ledgers", sort="office")
        reports = {
            each.office_id: each
            for each in reports_visible_to(request.acting).filter(
                cycle=cycle, office__in=[each.pk for each in listing]
            )
        }
        for each in listing:
            each.report = reports.get(each.pk)
    return render(request, "reporting/ledgers.html", {"cycle": cycle, "listing": listing})


def _counted(request: Request, cycle: Cycle) -> Any:
    within = Q(
        participations__record__happened_on__gte=cycle.starts_on,
        participations__record__happened_on__lte=cycle.ends_on,
    )
    path = cycle.unit.path
    return (
        ledgers_visible_to(request.acting)
        .filter(role__in=LEADING, closed_on=None, unit__path__gte=path, unit__path__lt=path + "~")
        .annotate(
            n_records=Count("participations__record", filter=within, distinct=True),
            n_cases=Count("hosted_cases", filter=Q(hosted_cases__cycle=cycle), distinct=True),
        )
    )


@may("business.read")
@require_GET
def ledger(request: Request, pk: int) -> HttpResponse:
    """One office's year as its records tell it, and the duty report written from them."""
    office = get_object_or_404(ledgers_visible_to(request.acting), pk=pk)
    cycle = current_cycle(request.acting, on=request.today)
    context: dict[str, Any] = {"office": office, "cycle": cycle}
    if cycle:
        context |= _ledger(request, office, cycle)
    return render(request, "reporting/ledger.html", context)


def _ledger(request: Request, office: Office, cycle: Cycle) -> dict[str, Any]:
    form = LedgerFilter(request.GET)
    form.is_valid()
    rows = records_of(office, cycle, as_of=request.today)
    counts = dict(rows.order_by().values_list("kind").annotate(n=Count("pk")))
    chosen = form.cleaned_data.get("kind")
    listing = Listing.of(
        rows.filter(kind=chosen) if chosen else rows, request.GET, COLUMNS, id="ledger", sort="-day"
    )
    report = reports_visible_to(request.acting).filter(office=office, cycle=cycle).first()
    decided = decisions_of(office, cycle, as_of=request.today)
    return {
        "form": form,
        "listing": listing,
        "counts": [(RecordKind(kind), number) for kind, number in sorted(counts.items())],
        "n_decided": decided.count(),
        "decided": decided[:DECIDED_SHOWN],
        "n_cases": Case.objects.filter(host=office, cycle=cycle).count(),
        "report": report,
        "may_draft": report is None and _may_draft(request, office, cycle),
        "today": min(request.today, cycle.ends_on + dt.timedelta(days=31)),
    }


def _may_draft(request: Request, office: Office, cycle: Cycle) -> bool:
    return (
        may_write(request.acting, office)
        and not DutyReport.objects.filter(office=office, cycle=cycle).exists()
    )

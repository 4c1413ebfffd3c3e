"""The list of cases, and one case with its timeline and the acts open to this office."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_GET

from guantong.accounts.middleware import Request
from guantong.accounts.policies import may
from guantong.cases.forms.office import CaseFilter
from guantong.cases.models import Case
from guantong.cases.queries import cases_visible_to
from guantong.cases.queries.lists import counts_of, overdue, to_be_taken_over, with_standing
from guantong.cases.terms import terms_of
from guantong.cases.views.case_page import page_of
from guantong.cases.views.tracking_page import STAGE_TONES
from guantong.mechanisms.asked import cycle_asked
from guantong.mechanisms.models import Cycle
from guantong.ui.tables import Column, Listing

COLUMNS = [
    Column("number", gettext_lazy("编号"), ("number",)),
    Column("title", gettext_lazy("诉求"), ("title",)),
    Column("lead", gettext_lazy("谁在办")),
    Column("due", gettext_lazy("期限"), ("due_on", "number")),
    Column("stage", gettext_lazy("阶段"), ("stage",)),
]


def tabs(current: str, *, runs: bool) -> list[dict[str, Any]]:
    """The pages of cases, for those who run them."""
    pages = [("cases", pgettext_lazy("navigation", "诉求"))]
    if runs:
        pages += [("case-proposals", gettext_lazy("归并建议")), ("call-back-draws", gettext_lazy("回访抽取"))]
    if len(pages) == 1:
        return []
    return [{"label": label, "url": reverse(name), "current": name == current} for name, label in pages]


@may("cases.handle")
@require_GET
def cases(request: Request) -> HttpResponse:
    """The filtered list, and how many are open, wait to be accepted, are overdue."""
    cycle = cycle_asked(request)
    form = CaseFilter(request.GET)
    form.is_valid()
    visible = cases_visible_to(request.acting).filter(cycle=cycle)
    found = with_standing(_filtered(visible, form.cleaned_data, request, cycle))
    listing = Listing.of(found, request.GET, COLUMNS, id="cases", sort="-number")
    for each in listing:
        each.tone = STAGE_TONES.get(each.stage, "")
        each.late = each.due_on is not None and each.due_on < request.today and not each.still
    runs = request.acting.may("cases.run")
    context = {
        "tabs": tabs("cases", runs=runs),
        "form": form,
        "listing": listing,
        "cycle": cycle,
        "counts": counts_of(visible, request.today),
        "n_to_host": to_be_taken_over(visible, terms_of(cycle.package), request.today).count()
        if cycle and runs
        else None,
        "runs": runs,
    }
    return render(request, "cases/cases.html", context)


def _filtered(
    found: QuerySet[Case], wanted: dict[str, Any], request: Request, cycle: Cycle | None
) -> QuerySet[Case]:
    for name in ("stage", "kind"):
        if wanted.get(name):
            found = found.filter(**{name: wanted[name]})
    office = request.acting.office
    if wanted.get("mine") == "host":
        found = found.filter(host=office)
    elif wanted.get("mine") == "unit" and office is not None:
        found = found.filter(handlings__unit=office.unit_id, handlings__released_on__isnull=True)
    if wanted.get("overdue"):
        found = overdue(found, request.today)
    if wanted.get("to_host") and cycle is not None:
        found = to_be_taken_over(found, terms_of(cycle.package), request.today)
    if wanted.get("q"):
        text = wanted["q"].strip()
        number = text.rpartition("-")[2]
        by_words = Q(title__icontains=text)
        found = found.filter(
            by_words | Q(number=int(number)) if number.isdigit() and len(number) < 9 else by_words
        )
    return found


def visible_case(request: Request, pk: int) -> Case:
    return get_object_or_404(cases_visible_to(request.acting), pk=pk)


@may("cases.handle")
@require_GET
def case(request: Request, pk: int) -> HttpResponse:
    """One case: what was said, by when what is due, who has it, what happened, what this office can do now."""
    found = visible_case(request, pk)
    answer = render(request, "cases/case.html", page_of(request, found))
    answer["Cache-Control"] = "private, no-store"
    return answer

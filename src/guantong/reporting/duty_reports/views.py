"""A duty report as it is read and mended, and what is behind each of its sentences."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from guantong.accounts.middleware import Request
from guantong.accounts.policies import may
from guantong.kernel.refusals import Refusal
from guantong.mechanisms.queries import current_cycle
from guantong.obligations.choices import Verdict
from guantong.obligations.models import Claim
from guantong.reporting.duty_reports import operations
from guantong.reporting.duty_reports.drafting import SECTIONS
from guantong.reporting.duty_reports.queries import (
    ledgers_visible_to,
    may_write,
    outline_of,
    reports_visible_to,
)
from guantong.reporting.duty_reports.sources import rows_behind
from guantong.reporting.models import DutyReport
from guantong.ui.forms import DAY, valid

NUMERALS = "一二三四五六七八"


class DraftForm(forms.Form):
    as_of = forms.DateField(label=gettext_lazy("数据截止日"), widget=DAY)


def _visible(request: Request, pk: int) -> DutyReport:
    return get_object_or_404(reports_visible_to(request.acting), pk=pk)


@may("records.write")
@require_POST
def new_report(request: Request, pk: int) -> HttpResponseBase:
    """Have a first draft written from the records of the office's year."""
    office = get_object_or_404(ledgers_visible_to(request.acting), pk=pk)
    cycle = current_cycle(request.acting, on=request.today)
    if cycle is None:
        raise Refusal(_("还没有启动年度周期。"))
    data = valid(DraftForm(request.POST))
    made = operations.draft_report(office=office, cycle=cycle, actor=request.acting, now=request.now, **data)
    messages.success(request, _("已按记录拟好草稿，每句话都能点开出处。"))
    return redirect("duty-report", pk=made.pk)


@may("business.read")
@require_GET
def report(request: Request, pk: int) -> HttpResponse:
    """The paper, each sentence with a footnote to what it was written from."""
    item = _visible(request, pk)
    sentences = list(item.sentences.all())
    most = outline_of(item.cycle.package)[1]
    writes = may_write(request.acting, item.office)
    context = {
        "item": item,
        "sections": _sections([each for each in sentences if each.text]),
        "length": operations.length_of(sentences),
        "most": most,
        "n_edited": sum(each.edited for each in sentences),
        "n_overtaken": sum(each.is_overtaken for each in sentences),
        "form": DraftForm(initial={"as_of": request.today}) if writes and not item.submitted_at else None,
        "may_take_back": writes and bool(item.submitted_at) and _was_returned(item),
    }
    return render(request, "reporting/duty_report.html", context)


def _was_returned(item: DutyReport) -> bool:
    return Claim.objects.filter(record=item.record_id, reviews__verdict=Verdict.RETURNED).exists()


def _sections(sentences: list[Any]) -> list[dict[str, Any]]:
    order = {name: place for place, name in enumerate(SECTIONS)}
    sentences.sort(key=lambda each: (order.get(each.section, 99), each.order, each.pk))
    found: list[dict[str, Any]] = []
    number = 0
    for section, rows in groupby(sentences, key=lambda each: each.section):
        lines = []
        for each in rows:
            number += bool(each.n_sources)
            lines.append({"sentence": each, "note": number if each.n_sources else None})
        found.append(
            {"numeral": NUMERALS[len(found) % 8], "name": SECTIONS.get(section, section), "lines": lines}
        )
    return found


@may("records.write")
@require_http_methods(["GET", "POST"])
def report_text(request: Request, pk: int) -> HttpResponseBase:
    """Mend the draft, a field for each sentence, and add one's own."""
    item = _visible(request, pk)
    sentences = list(item.sentences.all())
    if request.method == "POST":
        operations.edit_sentences(
            report=item,
            texts={each.key: request.POST[each.key] for each in sentences if each.key in request.POST},
            own={"own": request.POST.get("own", "")},
            actor=request.acting,
            now=request.now,
        )
        messages.success(request, _("已保存。"))
        return redirect("duty-report", pk=pk)
    context = {"item": item, "sections": _sections(sentences)}
    return render(request, "reporting/duty_report_text.html", context)


@may("records.write")
@require_POST
def report_drawing(request: Request, pk: int) -> HttpResponseBase:
    """Read the records again; what was written by hand stays."""
    item = _visible(request, pk)
    data = valid(DraftForm(request.POST))
    operations.redraft_report(report=item, actor=request.acting, now=request.now, **data)
    messages.success(request, _("已按新的截止日重拟，改过的句子保留原样。"))
    return redirect("duty-report", pk=pk)


@may("records.write")
@require_POST
def report_submission(request: Request, pk: int) -> HttpResponseBase:
    operations.submit_report(report=_visible(request, pk), actor=request.acting, now=request.now)
    messages.success(request, _("述职报告已提交，等待审核。"))
    return redirect("duty-report", pk=pk)


@may("records.write")
@require_POST
def report_taking_back(request: Request, pk: int) -> HttpResponseBase:
    operations.take_back_report(report=_visible(request, pk), actor=request.acting, now=request.now)
    messages.success(request, _("可以重新修改了。"))
    return redirect("duty-report", pk=pk)


@may("business.read")
@require_GET
def sentence_sources(request: Request, pk: int, sentence: int) -> HttpResponse:
    """What one sentence was written from, as far as the reader may see it."""
    item = _visible(request, pk)
    found = get_object_or_404(item.sentences, pk=sentence)
    heaps = rows_behind(found.sources, request.acting)
    shown = sum(len(rows) for _label, rows in heaps)
    context = {"item": item, "sentence": found, "heaps": heaps, "n_hidden": found.n_sources - shown}
    return render(request, "reporting/duty_report_sources.html", context)

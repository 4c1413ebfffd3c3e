"""Asking for a run, and for its publication."""

from __future__ import annotations

import datetime as dt

from django import forms
from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from guantong.accounts.middleware import Request
from guantong.accounts.policies import may
from guantong.assessment import operations, rules
from guantong.assessment.models import Run
from guantong.assessment.tasks import compute_scores
from guantong.kernel.refusals import Refusal
from guantong.mechanisms.queries import cycles_visible_to
from guantong.ui.forms import DAY, valid


class RunForm(forms.Form):
    as_of = forms.DateField(label=gettext_lazy("计分截至"), widget=DAY)


@may("assessment.run")
@require_POST
def runs(request: Request, pk: int) -> HttpResponseBase:
    """Ask for a run; the worker computes it."""
    cycle = get_object_or_404(cycles_visible_to(request.acting), pk=pk)
    as_of: dt.date = valid(RunForm(request.POST))["as_of"]
    if not rules.may_run(request.acting, cycle):
        raise Refusal(_("计分由考核或统筹协调单位进行。"))
    assert request.acting.person is not None
    assert request.acting.office is not None
    compute_scores.enqueue(cycle.pk, as_of.isoformat(), request.acting.person.pk, request.acting.office.pk)
    messages.success(request, _("已开始计分，稍后刷新即可看到结果。"))
    return redirect("scores")


@may("assessment.run")
@require_POST
def publication(request: Request, pk: int) -> HttpResponseBase:
    """Ask for a run to be published; another person decides."""
    run = get_object_or_404(Run.objects.filter(cycle__in=cycles_visible_to(request.acting)), pk=pk)
    operations.ask_publication(
        run=run, reason=request.POST.get("reason", ""), actor=request.acting, now=request.now
    )
    messages.success(request, _("已提出公布申请，须由另一人批准后公布。"))
    return redirect("scores")

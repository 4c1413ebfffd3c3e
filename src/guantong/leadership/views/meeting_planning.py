"""Planning a meeting, changing, calling, cancelling, repeating it, and joining it to another."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from guantong.accounts.middleware import Request
from guantong.accounts.models import Office
from guantong.accounts.policies import may
from guantong.accounts.queries import units_visible_to
from guantong.kernel.refusals import Refusal
from guantong.leadership.choices import MeetingKind
from guantong.leadership.meeting_forms import CancelForm, MeetingForm, SeriesForm, as_typed
from guantong.leadership.models import Body, Meeting, Membership
from guantong.leadership.operations import meetings as operations
from guantong.leadership.operations.series import repeat_meeting
from guantong.leadership.queries.bodies import bodies_visible_to
from guantong.leadership.queries.hearings import hearings_due
from guantong.leadership.queries.meetings import meetings_visible_to
from guantong.leadership.queries.offices import business_offices
from guantong.leadership.rules.meetings import may_call_at
from guantong.leadership.views import running_cycle, tabs
from guantong.organisation.models import Unit
from guantong.ui.forms import say_on, valid


def visible_meeting(request: Request, pk: int) -> Meeting:
    return get_object_or_404(meetings_visible_to(request.acting), pk=pk)


@may("leadership.call")
@require_http_methods(["GET", "POST"])
def new_meeting(request: Request) -> HttpResponseBase:
    """Nothing typed is lost when something is wrong. ``for`` is a duty to hear a report: its unit, its office."""
    cycle = running_cycle(request)
    assert request.acting.office is not None
    initial = _initial(request)
    unit = _unit(request, initial)
    posted = request.POST if request.method == "POST" else None
    form = MeetingForm(posted, initial=initial, **_choices(request, unit))
    if request.method == "POST" and form.is_valid():
        terms = form.terms()
        try:
            made = operations.plan_meeting(
                cycle=cycle,
                unit=terms.body.unit if terms.body else unit,
                terms=terms,
                called_by=request.acting.office,
                actor=request.acting,
                now=request.now,
            )
        except Refusal as refusal:
            say_on(form, refusal)
        else:
            messages.success(request, _("已列入计划。接着添加参会岗位和议题，再发通知。"))
            return redirect("meeting", pk=made.pk)
    context = {"tabs": tabs("meetings", request.acting), "form": form, "unit": unit}
    return render(request, "leadership/meeting_new.html", context, status=422 if form.errors else 200)


def _initial(request: Request) -> dict[str, Any]:
    kind = request.GET.get("kind", "")
    initial: dict[str, Any] = {"kind": kind if kind in MeetingKind.values else MeetingKind.DEPLOYMENT}
    body = request.GET.get("body", "")
    if body.isdigit():
        initial["body"] = int(body)
    asked = request.GET.get("for", "")
    if asked.isdigit():
        owed = get_object_or_404(hearings_due(request.acting, running_cycle(request)), pk=int(asked))
        initial |= {
            "kind": MeetingKind.HEARING,
            "title": _("听取%(unit)s工作汇报") % {"unit": owed.unit},
            "unit": owed.unit_id,
            "chair": owed.office_id,
        }
    return initial


def _unit(request: Request, initial: dict[str, Any]) -> Unit:
    """Whose meeting it is: the unit of the duty, else that of the office acted for."""
    assert request.acting.office is not None
    asked = str(request.POST.get("unit", "") or initial.get("unit", ""))
    if asked.isdigit():
        return get_object_or_404(units_visible_to(request.acting), pk=int(asked))
    return request.acting.office.unit


def _choices(request: Request, unit: Unit) -> dict[str, QuerySet[Any]]:
    """Bodies in whose name the office may call, and offices that may chair: of these bodies and of the unit."""
    visible = bodies_visible_to(request.acting).filter(closed_on=None)
    bodies = [each.pk for each in visible if may_call_at(request.acting, each.unit)]
    members = Membership.objects.filter(body__in=bodies, ends_on=None).values("office")
    chairs = Office.objects.filter(Q(unit=unit) | Q(pk__in=members) | Q(pk=request.acting.office_ref))
    return {
        "bodies": Body.objects.filter(pk__in=bodies).order_by("unit__path", "pk"),
        "chairs": business_offices(chairs).order_by("unit__path", "pk"),
    }


@may("leadership.call")
@require_http_methods(["GET", "POST"])
def meeting_change(request: Request, pk: int) -> HttpResponseBase:
    item = visible_meeting(request, pk)
    posted = request.POST if request.method == "POST" else None
    form = MeetingForm(posted, initial=as_typed(item), **_choices(request, item.unit))
    if request.method == "POST" and form.is_valid():
        try:
            operations.change_meeting(meeting=item, terms=form.terms(), actor=request.acting, now=request.now)
        except Refusal as refusal:
            say_on(form, refusal)
        else:
            messages.success(request, _("已保存。改了时间的，请参会岗位重新回复。"))
            return redirect("meeting", pk=pk)
    context = {"tabs": tabs("meetings", request.acting), "form": form, "unit": item.unit, "item": item}
    return render(request, "leadership/meeting_new.html", context, status=422 if form.errors else 200)


@may("leadership.call")
@require_POST
def meeting_call(request: Request, pk: int) -> HttpResponseBase:
    operations.call_meeting(meeting=visible_meeting(request, pk), actor=request.acting, now=request.now)
    messages.success(request, _("已发出通知，参会岗位可以看到并回复。"))
    return redirect("meeting", pk=pk)


@may("leadership.call")
@require_POST
def meeting_cancelling(request: Request, pk: int) -> HttpResponseBase:
    item = visible_meeting(request, pk)
    data = valid(CancelForm(request.POST))
    operations.cancel_meeting(meeting=item, actor=request.acting, now=request.now, **data)
    messages.success(request, _("已取消。"))
    return redirect("meeting", pk=pk)


@may("leadership.call")
@require_POST
def meeting_series(request: Request, pk: int) -> HttpResponseBase:
    item = visible_meeting(request, pk)
    data = valid(SeriesForm(request.POST))
    made = repeat_meeting(meeting=item, actor=request.acting, now=request.now, **data)
    n = len(made)
    messages.success(request, ngettext("已再安排 %(n)s 次。", "已再安排 %(n)s 次。", n) % {"n": n})
    return redirect("meeting", pk=pk)


@may("leadership.call")
@require_POST
def meeting_merger(request: Request, pk: int) -> HttpResponseBase:
    """Into the meeting that the form names."""
    item = visible_meeting(request, pk)
    asked = request.POST.get("into", "")
    if not asked.isdigit():
        raise Refusal(_("请选择并入哪次会议。"))
    into = visible_meeting(request, int(asked))
    operations.merge_meeting(meeting=item, into=into, actor=request.acting, now=request.now)
    messages.success(request, _("已合并，议题和参会岗位一并转入。"))
    return redirect("meeting", pk=into.pk)

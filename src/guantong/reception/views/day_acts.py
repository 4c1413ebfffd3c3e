"""What the office does with a day that is public, and with the day itself. Everybody booked is told."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from guantong.accounts.middleware import Request
from guantong.accounts.policies import may
from guantong.reception.office_forms import MoveForm, NoteForm, ReasonForm, StandInForm, SwapForm
from guantong.reception.operations.cancelling import cancel_day
from guantong.reception.operations.changes import move_day, name_stand_in, swap_hosts
from guantong.reception.operations.holding import close_day
from guantong.reception.views.day import day_visible_to, days_to_swap, stand_ins_for
from guantong.ui.forms import valid


@may("reception.run")
@require_POST
def stand_in(request: Request, pk: int) -> HttpResponseBase:
    """Somebody else receives, or the host does after all."""
    day = day_visible_to(request, pk)
    given = valid(StandInForm(request.POST, offices=stand_ins_for(day)))
    name_stand_in(day=day, **given, actor=request.acting, now=request.now)
    messages.success(request, _("已安排，已预约的人会在查询页看到。"))
    return redirect("reception-day", pk=day.pk)


@may("reception.run")
@require_POST
def swap(request: Request, pk: int) -> HttpResponseBase:
    """Two hosts take each other's day."""
    day = day_visible_to(request, pk)
    given = valid(SwapForm(request.POST, days=days_to_swap(day)))
    swap_hosts(
        first=day, second=given["other"], reason=given["reason"], actor=request.acting, now=request.now
    )
    messages.success(request, _("已互换。"))
    return redirect("reception-day", pk=day.pk)


@may("reception.run")
@require_POST
def move(request: Request, pk: int) -> HttpResponseBase:
    """Hold it on another working day."""
    day = day_visible_to(request, pk)
    move_day(day=day, **valid(MoveForm(request.POST)), actor=request.acting, now=request.now)
    messages.success(request, _("已改期，已预约的人会在查询页看到。"))
    return redirect("reception-day", pk=day.pk)


@may("reception.run")
@require_POST
def cancellation(request: Request, pk: int) -> HttpResponseBase:
    """Cancel it; everybody booked is offered another time."""
    day = day_visible_to(request, pk)
    cancel_day(day=day, **valid(ReasonForm(request.POST)), actor=request.acting, now=request.now)
    messages.success(request, _("已取消。已预约的人都已另约时间，没有空名额的转为约访，请及时答复。"))
    return redirect("reception-day", pk=day.pk)


@may("reception.read")
@require_POST
def record(request: Request, pk: int) -> HttpResponseBase:
    """Write the day down: one record, which fulfils the duty."""
    day = day_visible_to(request, pk)
    close_day(day=day, **valid(NoteForm(request.POST)), actor=request.acting, now=request.now)
    messages.success(request, _("已登记，接待职责自动申报，不用再填。"))
    return redirect("reception-day", pk=day.pk)

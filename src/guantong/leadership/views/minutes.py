"""A meeting was held: its minutes, their lines, and what the lines become."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from guantong.accounts.middleware import Request
from guantong.accounts.policies import may
from guantong.kernel.refusals import Refusal
from guantong.leadership.meeting_forms import CaseForm, HoldForm, LineForm, MinutesForm, TaskForm
from guantong.leadership.models import MinuteLine
from guantong.leadership.operations import minutes as operations
from guantong.leadership.operations.decided import make_task
from guantong.leadership.operations.heard import Asked, make_case
from guantong.leadership.operations.holding import hold_meeting
from guantong.leadership.queries.meetings import meetings_visible_to
from guantong.leadership.queries.offices import unit_named, units_listed
from guantong.leadership.rules.meetings import may_keep
from guantong.leadership.views import tabs
from guantong.leadership.views.meeting_planning import visible_meeting
from guantong.partners.choices import PartnerKind
from guantong.partners.models import Partner
from guantong.ui.forms import say_on, valid


@may("leadership.call")
@require_POST
def holding(request: Request, pk: int) -> HttpResponseBase:
    item = visible_meeting(request, pk)
    data = valid(HoldForm(request.POST))
    assert request.acting.office is not None
    hold_meeting(
        meeting=item, entered_by=request.acting.office, actor=request.acting, now=request.now, **data
    )
    messages.success(request, _("已记为召开，并为签到的岗位生成了一条工作记录，不用再各自填报。"))
    return redirect("meeting", pk=pk)


@may("leadership.call")
@require_POST
def minutes(request: Request, pk: int) -> HttpResponseBase:
    item = visible_meeting(request, pk)
    data = valid(MinutesForm(request.POST))
    assert request.acting.office is not None
    operations.write_minutes(
        meeting=item, minuted_by=request.acting.office, actor=request.acting, now=request.now, **data
    )
    messages.success(request, _("会议记录已保存。"))
    return redirect("meeting", pk=pk)


@may("leadership.call")
@require_POST
def lines(request: Request, pk: int) -> HttpResponseBase:
    item = visible_meeting(request, pk)
    data = valid(LineForm(request.POST))
    operations.add_line(meeting=item, actor=request.acting, now=request.now, **data)
    messages.success(request, _("已增加一条。"))
    return redirect("meeting", pk=pk)


def _visible_lines(request: Request) -> QuerySet[MinuteLine]:
    visible = meetings_visible_to(request.acting).values("pk")
    return MinuteLine.objects.select_related(
        "meeting__unit", "meeting__chair", "meeting__cycle__unit", "lead", "case"
    ).filter(meeting__in=visible)


@may("leadership.call")
@require_POST
def line_removal(request: Request, pk: int) -> HttpResponseBase:
    line = get_object_or_404(_visible_lines(request), pk=pk)
    operations.drop_line(line=line, actor=request.acting, now=request.now)
    messages.success(request, _("已删除。"))
    return redirect("meeting", pk=line.meeting_id)


@may("leadership.call")
@require_POST
def line_task(request: Request, pk: int) -> HttpResponseBase:
    """Give a decision or a problem out as a task."""
    line = get_object_or_404(_visible_lines(request), pk=pk)
    data = valid(TaskForm(request.POST))
    task = make_task(
        line=line,
        lead=unit_named(request.acting, data["lead"]),
        cooperating=units_listed(request.acting, data["cooperating"]),
        due_on=data["due_on"],
        actor=request.acting,
        now=request.now,
    )
    messages.success(request, _("已下达任务：%(task)s") % {"task": task.title[:60]})
    return redirect("meeting", pk=line.meeting_id)


@may("leadership.call")
@require_http_methods(["GET", "POST"])
def line_case(request: Request, pk: int) -> HttpResponseBase:
    """Register a demand as a case. The code is shown on this page once, to be handed to whoever asked."""
    line = get_object_or_404(_visible_lines(request), pk=pk)
    if not may_keep(request.acting, line.meeting):
        raise Refusal(_("只有召集单位可以办理这次会议。"))
    posted = request.POST if request.method == "POST" else None
    form = CaseForm(posted, partners=_partners(request, line))
    context = {"tabs": tabs("meetings", request.acting), "line": line, "form": form}
    if request.method == "POST" and form.is_valid():
        try:
            asked = Asked(**form.cleaned_data)
            case, code = make_case(line=line, asked=asked, actor=request.acting, now=request.now)
        except Refusal as refusal:
            say_on(form, refusal)
        else:
            answer = render(request, "leadership/line_case_code.html", context | {"case": case, "code": code})
            answer["Cache-Control"] = "no-store"
            return answer
    return render(request, "leadership/line_case.html", context, status=422 if form.errors else 200)


def _partners(request: Request, line: MinuteLine) -> QuerySet[Partner]:
    """Organisations of the year's territory, for offices that may know the partners."""
    if not request.acting.may("partners.read"):
        return Partner.objects.none()
    path = line.meeting.cycle.unit.path
    found = Partner.objects.filter(area__path__gte=path, area__path__lt=path + "~", closed_on=None)
    return found.exclude(kind=PartnerKind.REPRESENTATIVE).order_by("name")

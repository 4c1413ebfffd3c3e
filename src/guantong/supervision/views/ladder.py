"""The ladder: proposals that wait, by step; what was decided; the talk to hold and to record."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Count
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_POST

from guantong.accounts.middleware import Request
from guantong.accounts.policies import may
from guantong.calendars.queries import calendar_for
from guantong.kernel.refusals import Refusal
from guantong.mechanisms.queries import current_cycle
from guantong.supervision.choices import LadderStep
from guantong.supervision.models import Escalation
from guantong.supervision.operations import ladder as operations
from guantong.supervision.queries import ladder as queries
from guantong.supervision.rules import ladder as rules
from guantong.supervision.views import tabs
from guantong.ui.forms import DAY, valid
from guantong.ui.tables import Column, Listing

COLUMNS = [
    Column("what", gettext_lazy("事项")),
    Column("step", gettext_lazy("措施")),
    Column("decided", gettext_lazy("处理"), ("decided_at",)),
    Column("state", gettext_lazy("结果")),
]
PER_PAGE = 40


class DecisionForm(forms.Form):
    verdict = forms.ChoiceField(
        label=gettext_lazy("处理"),
        choices=[("confirm", gettext_lazy("确认采取")), ("decline", gettext_lazy("不采取"))],
    )
    reason = forms.CharField(label=gettext_lazy("理由"), max_length=500, required=False)


class TalkForm(forms.Form):
    held_on = forms.DateField(label=gettext_lazy("约谈日期"), widget=DAY)
    place = forms.CharField(label=gettext_lazy("地点"), max_length=200, required=False)
    summary = forms.CharField(
        label=gettext_lazy("约谈情况"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("未完成的原因、商定的措施和时限。写单位和岗位，不写个人姓名。"),
    )


@may("business.read")
@require_GET
def escalations(request: Request) -> HttpResponse:
    """What the system proposes, to be confirmed or declined; below it what was decided."""
    cycle = current_cycle(request.acting, on=request.today)
    found = queries.escalations_visible_to(request.acting).filter(cycle=cycle)
    waiting = queries.waiting(found)
    counts = dict(waiting.order_by().values_list("step").annotate(n=Count("pk")))
    chosen = request.GET.get("step", "")
    shown = waiting.filter(step=chosen) if chosen in LadderStep.values else waiting
    listing = Listing.of(queries.by_step(shown), request.GET, [], id="proposals", per_page=PER_PAGE)
    decided = found.filter(confirmed__isnull=False).order_by("-decided_at", "-pk")[:50]
    context = {
        "tabs": tabs("escalations", request.acting),
        "cycle": cycle,
        "listing": listing,
        "groups": _by_step(request, list(listing), counts),
        "chips": _chips(counts, chosen),
        "may_decide": request.acting.may("supervision.run"),
        "decided": decided,
        "talks": queries.talks_held([each.pk for each in decided if each.step == LadderStep.TALK]),
        "rungs": rules.rungs(cycle.package) if cycle else [],
    }
    return render(request, "supervision/escalations.html", context)


def _by_step(request: Request, rows: list[Escalation], counts: dict[str, int]) -> list[dict[str, Any]]:
    """The page's proposals grouped by step, each with how late it is today."""
    groups: dict[str, dict[str, Any]] = {}
    for each in rows:
        group = groups.setdefault(
            each.step,
            {"step": each.step, "name": each.get_step_display(), "n": counts[each.step], "rows": []},
        )
        due_on = each.obligation.due_on or request.today
        late = calendar_for(each.cycle.year, each.cycle.unit_id).workdays_between(due_on, request.today)
        group["rows"].append({"item": each, "late": late})
    return list(groups.values())


def _chips(counts: dict[str, int], chosen: str) -> list[dict[str, Any]]:
    chips = [{"label": _("全部"), "url": "?", "current": not chosen, "count": sum(counts.values())}]
    return chips + [
        {"label": step.label, "url": f"?step={step}", "current": chosen == step, "count": counts[step]}
        for step in LadderStep
        if step in counts
    ]


@may("supervision.run")
@require_POST
def escalation_decisions(request: Request) -> HttpResponseBase:
    """Confirm or decline one proposal, or all that are ticked."""
    data = valid(DecisionForm(request.POST))
    one = request.POST.get("one", "")
    wanted = [one] if one else request.POST.getlist("escalation")
    numbers = [int(each) for each in wanted if each.isdigit()]
    found = queries.escalations_visible_to(request.acting).filter(pk__in=numbers)
    confirmed = data["verdict"] == "confirm"
    number = operations.decide_escalations(
        escalations=found,
        confirmed=confirmed,
        reason=data["reason"],
        actor=request.acting,
        now=request.now,
    )
    said = (
        ngettext("已确认 %(n)s 项措施。", "已确认 %(n)s 项措施。", number)
        if confirmed
        else ngettext("已记录不采取 %(n)s 项措施。", "已记录不采取 %(n)s 项措施。", number)
    )
    messages.success(request, said % {"n": number})
    return redirect("escalations")


@may("business.read")
@require_GET
def escalation(request: Request, pk: int) -> HttpResponse:
    """One step: why it was proposed, what was decided, the talk."""
    item = get_object_or_404(queries.escalations_visible_to(request.acting), pk=pk)
    may_decide = rules.may_decide(request.acting, item)
    talk = queries.talks_held([item.pk]).get(item.pk)
    is_talk_to_hold = item.step == LadderStep.TALK and bool(item.confirmed) and talk is None
    context = {
        "tabs": tabs("escalations", request.acting),
        "item": item,
        "may_decide": may_decide,
        "is_waiting": item.confirmed is None and rules.is_still_owed(item),
        "talk": talk,
        "talk_form": TalkForm() if may_decide and is_talk_to_hold else None,
        "is_talk_to_hold": is_talk_to_hold,
    }
    return render(request, "supervision/escalation.html", context)


@may("supervision.run")
@require_POST
def escalation_talk(request: Request, pk: int) -> HttpResponseBase:
    """Record the talk that was held."""
    item = get_object_or_404(queries.escalations_visible_to(request.acting), pk=pk)
    if request.acting.office is None:
        raise Refusal(_("请先选择岗位。"))
    operations.record_talk(
        escalation=item,
        held_by=request.acting.office,
        actor=request.acting,
        now=request.now,
        **valid(TalkForm(request.POST)),
    )
    messages.success(request, _("约谈已登记。"))
    return redirect("escalation", pk=pk)

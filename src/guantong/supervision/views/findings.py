"""Findings: the list, one with its way so far, writing one down, telling the unit, its reply."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from guantong.accounts.middleware import Request
from guantong.accounts.policies import may
from guantong.accounts.queries import units_visible_to
from guantong.kernel.refusals import Refusal
from guantong.mechanisms.asked import cycle_asked
from guantong.mechanisms.models import Cycle
from guantong.mechanisms.queries import current_cycle
from guantong.obligations.models import Obligation
from guantong.obligations.queries import obligations_visible_to
from guantong.organisation.models import Unit
from guantong.supervision.choices import FindingStage
from guantong.supervision.models import Finding, Matter
from guantong.supervision.operations import findings as operations
from guantong.supervision.queries import findings as queries
from guantong.supervision.queries.matters import matters_visible_to
from guantong.supervision.rules import findings as rules
from guantong.supervision.views import tabs
from guantong.supervision.views.finding_page import DraftForm, NoticeForm, ReplyForm, page_of
from guantong.ui.forms import valid
from guantong.ui.tables import Column, Listing

COLUMNS = [
    Column("text", gettext_lazy("发现的问题")),
    Column("unit", gettext_lazy("单位"), ("unit__path",)),
    Column("found", gettext_lazy("提出时间"), ("found_at",)),
    Column("stage", gettext_lazy("进展"), ("stage",)),
    Column("next", gettext_lazy("下一步")),
]


class FindingFilter(forms.Form):
    q = forms.CharField(label=gettext_lazy("单位"), required=False, max_length=60)
    stage = forms.ChoiceField(
        label=gettext_lazy("进展"),
        required=False,
        choices=[("", gettext_lazy("全部")), *FindingStage.choices],
    )


@may("business.read")
@require_GET
def findings(request: Request) -> HttpResponse:
    """Findings in sight, the newest first, each with what comes next and by when."""
    cycle = cycle_asked(request)
    form = FindingFilter(request.GET)
    form.is_valid()
    wanted = form.cleaned_data
    found = queries.findings_visible_to(request.acting).filter(cycle=cycle)
    if wanted.get("q"):
        found = found.filter(unit__name__icontains=wanted["q"])
    if wanted.get("stage"):
        found = found.filter(stage=wanted["stage"])
    listing = Listing.of(found, request.GET, COLUMNS, id="findings", sort="-found")
    context = {
        "tabs": tabs("findings", request.acting),
        "form": form,
        "listing": listing,
        "rows": [(each, queries.next_step(each, on=request.today)) for each in listing],
        "may_find": request.acting.may("supervision.run"),
    }
    return render(request, "supervision/findings.html", context)


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isdigit() else None


def visible(request: Request, pk: int) -> Finding:
    return get_object_or_404(queries.findings_visible_to(request.acting), pk=pk)


@may("business.read")
@require_GET
def finding(request: Request, pk: int) -> HttpResponse:
    """One finding: what was found, what it rests on, what was said, and what can be done now."""
    return render(request, "supervision/finding.html", page_of(visible(request, pk), request))


class _About:
    """What a new finding is about, as the address says: a unit, an obligation, a part in a matter, a sample check."""

    def __init__(self, request: Request, params: QueryDict) -> None:
        acting = request.acting
        self.obligation: Obligation | None = None
        self.matter: Matter | None = None
        if pk := _number(params.get("check")):
            self.obligation = queries.sampled_obligation(acting, pk)
        elif pk := _number(params.get("obligation")):
            found = obligations_visible_to(acting).select_related("unit", "cycle__stored", "cycle__unit")
            self.obligation = get_object_or_404(found, pk=pk)
        if pk := _number(params.get("matter")):
            self.matter = get_object_or_404(matters_visible_to(acting), pk=pk)
        self.unit: Unit | None = self.obligation.unit if self.obligation else None
        if self.unit is None and (pk := _number(params.get("unit"))):
            self.unit = get_object_or_404(units_visible_to(acting), pk=pk)
        self.cycle: Cycle | None = (
            self.obligation.cycle
            if self.obligation
            else self.matter.cycle
            if self.matter
            else current_cycle(acting, on=request.today)
        )

    def units_to_choose(self, request: Request) -> list[Unit]:
        """The units of the matter, else those whose name was typed."""
        if self.matter:
            taking_part = Unit.objects.filter(matter_parts__matter=self.matter).distinct().order_by("path")
            return list(taking_part)
        return queries.units_named(request.acting, request.GET.get("q", ""))


@may("supervision.run")
@require_http_methods(["GET", "POST"])
def new_finding(request: Request) -> HttpResponseBase:
    """Choose the unit, then write down what was found there and what it rests on."""
    about = _About(request, request.POST if request.method == "POST" else request.GET)
    if about.cycle is None:
        raise Refusal(_("还没有启动年度周期。"))
    kinds = rules.finding_kinds(about.cycle.package)
    if request.method == "POST":
        if about.unit is None:
            raise Refusal(_("请先选择单位。"))
        made = operations.draft_finding(
            cycle=about.cycle,
            unit=about.unit,
            matter=about.matter,
            obligation=about.obligation,
            actor=request.acting,
            now=request.now,
            **valid(DraftForm(request.POST, kinds=kinds)),
        )
        messages.success(request, _("已拟好。核对后告知单位，告知前单位看不到。"))
        return redirect("finding", pk=made.pk)
    context = {
        "tabs": tabs("findings", request.acting),
        "about": about,
        "q": request.GET.get("q", ""),
        "units": [] if about.unit else about.units_to_choose(request),
        "form": DraftForm(kinds=kinds),
    }
    return render(request, "supervision/finding_new.html", context)


@may("supervision.run")
@require_POST
def finding_text(request: Request, pk: int) -> HttpResponseBase:
    """Mend the words before the unit is told."""
    found = visible(request, pk)
    kinds = rules.finding_kinds(found.cycle.package)
    operations.revise_finding(
        finding=found, actor=request.acting, now=request.now, **valid(DraftForm(request.POST, kinds=kinds))
    )
    messages.success(request, _("已修改。"))
    return redirect("finding", pk=pk)


@may("supervision.run")
@require_POST
def finding_notice(request: Request, pk: int) -> HttpResponseBase:
    found = visible(request, pk)
    sent = operations.send_notice(
        finding=found, actor=request.acting, now=request.now, **valid(NoticeForm(request.POST))
    )
    messages.success(request, _("已告知单位，答复期到 %(day)s。") % {"day": sent.reply_by})
    return redirect("finding", pk=pk)


@may("supervision.answer")
@require_POST
def finding_reply(request: Request, pk: int) -> HttpResponseBase:
    found = visible(request, pk)
    operations.reply_to_finding(
        finding=found, actor=request.acting, now=request.now, **valid(ReplyForm(request.POST))
    )
    messages.success(request, _("已答复。"))
    return redirect("finding", pk=pk)

"""Like cases gathered into proposals; call-backs drawn in public."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import Count
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from guantong.accounts.middleware import Request
from guantong.accounts.policies import may, public
from guantong.cases.forms.office import DrawForm, GatheringForm, SeedForm
from guantong.cases.models import CallBackDraw, Proposal
from guantong.cases.operations import drawing, gathering
from guantong.cases.queries import cases_visible_to
from guantong.cases.queries.draws import call_backs_to_make, draws_visible_to, number_of
from guantong.cases.queries.likes import alike_cases
from guantong.cases.queries.proposals import proposals_visible_to
from guantong.cases.views.office import tabs, visible_case
from guantong.kernel.refusals import Refusal
from guantong.mechanisms.queries import current_cycle
from guantong.ui.forms import valid


@may("cases.run")
@require_http_methods(["GET", "POST"])
def case_gathering(request: Request, pk: int) -> HttpResponseBase:
    """Gather this case with others like it."""
    case = visible_case(request, pk)
    alike = alike_cases(case, seen_by=request.acting, limit=20)
    others = (
        cases_visible_to(request.acting).filter(cycle=case.cycle_id, proposal__isnull=True).exclude(pk=pk)
    )
    offered = others.filter(pk__in=[each.case.pk for each in alike])
    known = proposals_visible_to(request.acting).filter(cycle=case.cycle_id)
    if request.method == "POST":
        given = valid(GatheringForm(request.POST, cases=offered, proposals=known))
        made = gathering.gather_cases(
            cases=[case, *given["cases"]], title=given["title"], reason=given["reason"],
            proposal=given["proposal"], actor=request.acting, now=request.now,
        )  # fmt: skip
        messages.success(request, _("已归并。"))
        return redirect("case-proposal", pk=made.pk)
    form = GatheringForm(
        cases=offered, proposals=known,
        initial={"cases": [each.pk for each in offered], "title": case.title},
    )  # fmt: skip
    return render(request, "cases/gathering.html", {"case": case, "form": form, "alike": alike})


@may("cases.run")
@require_POST
def case_setting_apart(request: Request, pk: int) -> HttpResponseBase:
    case = visible_case(request, pk)
    gathering.set_apart(case=case, actor=request.acting, now=request.now)
    messages.success(request, _("已移出。"))
    return redirect("case", pk=pk)


@may("cases.run")
@require_GET
def case_proposals(request: Request) -> HttpResponse:
    """What many asked for, put as one."""
    found = proposals_visible_to(request.acting).annotate(n=Count("cases")).order_by("-made_at")
    context = {"tabs": tabs("case-proposals", runs=True), "proposals": found[:200]}
    return render(request, "cases/proposals.html", context)


@may("cases.run")
@require_GET
def case_proposal(request: Request, pk: int) -> HttpResponse:
    """One proposal with its cases, and the way to a supervision matter drafted from it."""
    found = get_object_or_404(proposals_visible_to(request.acting), pk=pk)
    cases = list(cases_visible_to(request.acting).filter(proposal=found).order_by("number"))
    context = {
        "proposal": found,
        "cases": cases,
        "matter_url": _matter_url(request, found, [each.reference for each in cases]),
    }
    return render(request, "cases/proposal.html", context)


def _matter_url(request: Request, proposal: Proposal, references: list[str]) -> str:
    """The form of a new matter, filled in as far as the address can."""
    if not request.acting.may("supervision.run"):
        return ""
    basis = _("归并诉求 %(numbers)s") % {"numbers": _("、").join(references[:8])}
    known = {"title": proposal.title, "origin": "demand", "basis": basis[:300], "detail": proposal.reason}
    return f"{reverse('new-matter')}?{urlencode(known)}"


@may("cases.run")
@require_http_methods(["GET", "POST"])
def call_back_draws(request: Request) -> HttpResponseBase:
    """The draws, those waiting for a call, and the form that freezes the next list."""
    cycle = current_cycle(request.acting, on=request.today)
    office = request.acting.office
    if cycle is None or office is None:
        raise Refusal(_("还没有开启的年度。"))
    if request.method == "POST":
        made = drawing.freeze_call_backs(
            cycle=cycle, unit=office.scope, actor=request.acting, now=request.now, **valid(DrawForm(request.POST))
        )  # fmt: skip
        messages.success(request, _("名单已冻结，等种子产生后抽取。"))
        return redirect("call-back-draw", pk=made.pk)
    context = {
        "tabs": tabs("call-back-draws", runs=True),
        "draws": draws_visible_to(request.acting)[:50],
        "waiting": call_backs_to_make(request.acting)[:200],
        "form": DrawForm(),
    }
    return render(request, "cases/draws.html", context)


@public
@require_GET
def call_back_draw(request: Request, pk: int) -> HttpResponse:
    """What was frozen and what was drawn: numbers alone, for anybody to repeat."""
    found = get_object_or_404(CallBackDraw.objects.select_related("unit"), pk=pk)
    runs = draws_visible_to(request.acting).filter(pk=pk).exists()
    closures = found.drawn_closures.select_related("case").filter(
        case__in=cases_visible_to(request.acting)
    ) if runs else []  # fmt: skip
    context = {
        "draw": found,
        "drawn": drawing.drawn_of(found),
        "agreed_digest": drawing.digest_of(found.agreed_csv),
        "one_sided_digest": drawing.digest_of(found.one_sided_csv),
        "n_agreed": len(found.agreed_csv.split()) - 1,
        "n_one_sided": len(found.one_sided_csv.split()) - 1,
        "closures": [(number_of(each), each) for each in closures],
        "form": SeedForm() if runs and not found.seed else None,
    }
    return render(request, "cases/draw.html", context)


@public
@require_GET
def call_back_list(request: Request, pk: int, which: str) -> HttpResponse:
    """The frozen list, word for word."""
    if which not in ("agreed", "one-sided"):
        raise Http404
    found = get_object_or_404(CallBackDraw, pk=pk)
    content = found.one_sided_csv if which == "one-sided" else found.agreed_csv
    answer = HttpResponse(content, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="call-backs-{pk}-{which}.csv"'
    return answer


@may("cases.run")
@require_POST
def call_back_seed(request: Request, pk: int) -> HttpResponseBase:
    """Register the seed that was announced, and draw."""
    found = get_object_or_404(draws_visible_to(request.acting), pk=pk)
    chosen = drawing.draw_call_backs(
        draw=found, actor=request.acting, now=request.now, **valid(SeedForm(request.POST))
    )
    messages.success(request, _("已抽出 %(n)s 件。") % {"n": len(chosen)})
    return redirect("call-back-draw", pk=pk)

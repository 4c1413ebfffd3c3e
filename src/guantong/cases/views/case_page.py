"""What the page of one case shows an office that may open it."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from guantong.accounts.middleware import Request
from guantong.cases import chain
from guantong.cases.choices import CaseStage
from guantong.cases.models import Case, CaseStep
from guantong.cases.queries import cases_visible_to
from guantong.cases.queries.likes import alike_cases
from guantong.cases.queries.lists import repeats_of, to_be_taken_over
from guantong.cases.rules import may_carry, may_run
from guantong.cases.terms import terms_of
from guantong.cases.views.acts_open import acts_open
from guantong.cases.views.clock_words import clocks_in_words
from guantong.cases.views.flow import flow_of
from guantong.cases.views.tracking_page import STAGE_TONES

BAD = ("refuse", "dispute", "reopen", "pass_on")


def page_of(request: Request, case: Case) -> dict[str, Any]:
    runs, carries = may_run(request.acting, case), may_carry(request.acting, case)
    acts = acts_open(request, case)
    taken_over = to_be_taken_over(
        Case.objects.filter(pk=case.pk), terms_of(case.cycle.package), request.today
    )
    steps = list(case.steps.select_related("office").order_by("taken_at", "pk"))
    return {
        "case": case,
        "flow": flow_of(case, steps, today=request.today),
        "stage_tone": STAGE_TONES.get(CaseStage(case.stage), ""),
        "runs": runs,
        "clocks": clocks_in_words(case, on=request.today),
        "pause": case.pauses.filter(ends_on__isnull=True).first(),
        "handlings": _handlings(request, case),
        "answers": list(case.answers.select_related("answered_by").order_by("pk")),
        "ratings": list(case.ratings.order_by("round")),
        "requests": list(case.review_requests.order_by("pk")),
        "additions": list(case.additions.order_by("pk")),
        "closures": list(case.closures.select_related("called_back", "drawn_in", "record").order_by("round")),
        "steps": [_line(each) for each in reversed(steps)],
        "main_acts": [each for each in acts if each.main],
        "more_acts": [each for each in acts if not each.main],
        "to_host": runs and taken_over.exists(),
        "alike": alike_cases(case, seen_by=request.acting) if runs else [],
        "repeats": list(repeats_of(case, cases_visible_to(request.acting))[:10]) if carries else [],
        "erased": case.subject.erased_at is not None,
    }


def _handlings(request: Request, case: Case) -> list[dict[str, Any]]:
    rows = case.handlings.select_related("unit", "obligation", "assigned_by").order_by("pk")
    return [
        {
            "handling": each,
            "url": reverse("obligation", args=[each.obligation_id])
            if each.obligation_id and request.acting.sees(each.unit.path)
            else "",
            "disputes": list(each.disputes.order_by("pk")),
        }
        for each in rows
    ]


def _line(step: CaseStep) -> dict[str, Any]:
    said = [step.reason or step.told]
    if step.told and step.reason and step.told != step.reason:
        said.append(_("告知当事人：%(words)s") % {"words": step.told})
    return {
        "what": chain.MOVES[step.verb].said,
        "who": str(step.office) if step.office else _("当事人"),
        "when": step.taken_at,
        "reason": " · ".join(filter(None, said)),
        "state": "bad" if step.verb in BAD else "done",
    }

"""What the applicant's own page shows: everything held, where it stands, what was told, what they can do."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from guantong.accounts.middleware import Request
from guantong.cases import chain
from guantong.cases.applicant_pages import shown
from guantong.cases.choices import CaseStage, ClockKind
from guantong.cases.codes import grouped
from guantong.cases.forms import public as shapes
from guantong.cases.models import Case, CaseStep
from guantong.cases.operations.wishes import MOST_ADDITIONS
from guantong.cases.rules import last_answer
from guantong.cases.terms import terms_of
from guantong.cases.views.clock_words import clocks_in_words
from guantong.obligations.choices import Part

STAGE_TONES = {
    CaseStage.REGISTERED: "info",
    CaseStage.ACCEPTED: "info",
    CaseStage.HANDLING: "info",
    CaseStage.ANSWERED: "warn",
    CaseStage.CLOSED: "good",
}


def page_of(request: Request, case: Case, code: str) -> dict[str, Any]:
    erased = case.subject.erased_at is not None
    return {
        "case": case,
        "code": code,
        "shown_code": grouped(code),
        "stage_tone": STAGE_TONES.get(CaseStage(case.stage), ""),
        "next": _next_words(case),
        "units": _units(case),
        "clocks": clocks_in_words(case, on=request.today),
        "pauses": list(case.pauses.order_by("-starts_on")),
        "answers": list(case.answers.order_by("pk")),
        "ratings": list(case.ratings.order_by("round")),
        "requests": list(case.review_requests.order_by("pk")),
        "additions": list(case.additions.order_by("pk")),
        "steps": _steps(case),
        "erased": erased,
        "case_terms": terms_of(case.cycle.package),
        "panels": shown(request, case, code),
        **_forms(case, erased=erased),
    }


def _next_words(case: Case) -> str:
    """Whose move it is, in one sentence."""
    sentences = {
        CaseStage.REGISTERED: _("正在审查是否受理，会在下面写明的日期前告诉您。"),
        CaseStage.ACCEPTED: _("已经受理，正在确定由谁办理。"),
        CaseStage.HANDLING: _("正在办理，办好后在这里答复您。"),
        CaseStage.ANSWERED: _("已经答复。请看答复，告诉我们解决了没有。"),
        CaseStage.CLOSED: _("已经办结。对答复不满意的，还可以评价；在期限内可以申请复查。"),
        CaseStage.REFUSED: _("没有受理，理由写在下面。"),
        CaseStage.REFERRED: _("已移送其他渠道办理，这里不再计算期限。"),
        CaseStage.WITHDRAWN: _("已撤回，不再办理。"),
    }
    return str(sentences[CaseStage(case.stage)])


def _units(case: Case) -> list[tuple[str, str]]:
    """(part, unit) of those who handle it, and who carries it: the applicant may know whom to turn to."""
    found = [(_("登记的单位"), str(case.unit))]
    if case.host is not None:
        found.append((_("包案领导"), str(case.host)))
    for each in case.handlings.filter(released_on__isnull=True).select_related("unit").order_by("pk"):
        found.append((_("牵头办理") if each.part == Part.LEAD else _("配合办理"), str(each.unit)))
    return found


def _steps(case: Case) -> list[dict[str, Any]]:
    steps = [each for each in case.steps.order_by("-taken_at", "-pk") if chain.MOVES[each.verb].shown]
    return [_line(each) for each in steps]


def _line(step: CaseStep) -> dict[str, Any]:
    return {
        "what": chain.MOVES[step.verb].shown,
        "when": step.taken_at,
        "reason": step.told,
        "state": "bad" if step.verb in ("refuse", "reopen") else "done",
    }


def _forms(case: Case, *, erased: bool) -> dict[str, Any]:
    """The forms open to the applicant now."""
    answer = last_answer(case)
    told = answer is not None and case.stage in (CaseStage.ANSWERED, CaseStage.CLOSED)
    rated = case.ratings.filter(round=case.reopened + 1).exists()
    asking = case.clocks.filter(
        kind__in=[ClockKind.ASK_REVIEW, ClockKind.ASK_SECOND_REVIEW], met_on__isnull=True, dropped_on__isnull=True
    ).last()  # fmt: skip
    added = case.additions.count()
    known = {"name": str(case.name or ""), "contact": str(case.contact or "")}
    return {
        "rating_form": shapes.RatingForm(auto_id="rate_%s") if told and not rated and not erased else None,
        "review_form": shapes.ReviewRequestForm(auto_id="review_%s")
        if told and asking and not erased
        else None,
        "asking": asking,
        "words_form": shapes.WordsForm(auto_id="words_%s")
        if not erased and added < MOST_ADDITIONS and case.stage not in chain.ENDED_STAGES
        else None,
        "contact_form": None if erased else shapes.ContactForm(auto_id="contact_%s", initial=known),
        "may_withdraw": not erased and chain.may_follow(case, "withdraw"),
    }

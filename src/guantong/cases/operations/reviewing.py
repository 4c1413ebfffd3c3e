"""Review and second review: asked by the applicant in time, answered by somebody else than answered before."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from guantong.cases.applicant import Applicant, Doer
from guantong.cases.choices import AnswerKind, ClockKind, Outcome
from guantong.cases.models import Answer, Case, ReviewRequest
from guantong.cases.operations.acts import MOST_WORDS, Act, given, held
from guantong.cases.operations.periods import end_pause, meet, running, start_clock
from guantong.cases.operations.reopening import take_up_again
from guantong.cases.rules import may_review
from guantong.kernel.refusals import Refusal


@transaction.atomic
def ask_review(*, case: Case, wording: str, actor: Applicant, now: dt.datetime) -> ReviewRequest:
    """Ask for a review of the answer, or after one for a second review; that one is final."""
    act = Act(held(case), actor, now)
    open_ones = running(act, ClockKind.ASK_REVIEW, ClockKind.ASK_SECOND_REVIEW)
    if not open_ones:
        raise Refusal(_("现在不能申请复查：还没有答复，或者已经申请过、办结过。"))
    asked = open_ones[-1]
    if act.today > asked.due_on:
        raise Refusal(_("申请复查的期限到 %(day)s 为止，现已过期。") % {"day": asked.due_on})
    second = asked.kind == ClockKind.ASK_SECOND_REVIEW
    request = ReviewRequest.objects.create(
        case=act.case,
        subject=act.case.subject,
        second=second,
        round=act.round,
        wording=given(wording, _("请写明为什么不同意答复。"), most=MOST_WORDS),
        asked_at=now,
    )
    act.changed(request)
    meet(act, asked.kind)
    act.move("ask_second" if second else "ask_review")
    kind, term = (
        (ClockKind.SECOND_REVIEW, act.terms.second_review) if second else (ClockKind.REVIEW, act.terms.review)
    )
    start_clock(act, kind, term, on=act.today)
    act.record("cases.review_asked", second=second)
    return request


@transaction.atomic
def answer_review(
    *, request: ReviewRequest, wording: str, upheld: bool, outcome: str, actor: Doer, now: dt.datetime
) -> Answer:
    """Answer the review: the earlier answer stands, or it does not and the case is taken up again.

    By another unit and another person than answered before.
    """
    act = Act(held(request.case), actor, now)
    request = ReviewRequest.objects.select_related("case").get(pk=request.pk)
    if request.answer_id is not None:
        raise Refusal(_("已经答复过了。"))
    if not may_review(actor, act.case):
        raise Refusal(_("复查、复核须由答复单位以外的统筹协调岗位或领导办理，答复过的人回避。"))
    if outcome not in Outcome.values:
        raise Refusal(_("请选择办理结果。"))
    end_pause(act)
    answer = Answer.objects.create(
        case=act.case,
        subject=act.case.subject,
        kind=AnswerKind.SECOND_REVIEW if request.second else AnswerKind.REVIEW,
        round=act.round,
        wording=given(wording, _("请写明答复的内容。"), most=MOST_WORDS),
        outcome=outcome,
        upheld=upheld,
        answered_by=act.seat,
        answerer=act.person,
        answered_at=now,
    )
    request.answer = answer
    request.save(update_fields=["answer"])
    act.changed(answer, request)
    meet(act, ClockKind.SECOND_REVIEW if request.second else ClockKind.REVIEW)
    act.move("second_review" if request.second else "review")
    if not upheld:
        take_up_again(act, reason=_("原答复被撤销，重新办理。"))
    elif not request.second:
        start_clock(act, ClockKind.ASK_SECOND_REVIEW, act.terms.ask_second, on=act.today)
    act.record("cases.review_answered", second=request.second, upheld=upheld)
    return answer

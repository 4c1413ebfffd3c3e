"""The answer to the applicant, and their word on it."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from guantong.cases.applicant import Applicant, Doer
from guantong.cases.choices import AnswerKind, CaseStage, ClockKind, Outcome
from guantong.cases.models import Answer, Case, Rating
from guantong.cases.operations import waist
from guantong.cases.operations.acts import MOST_WORDS, Act, given, held
from guantong.cases.operations.closing import finish
from guantong.cases.operations.periods import meet, start_clock
from guantong.cases.operations.reopening import take_up_again
from guantong.cases.rules import last_answer, may_answer
from guantong.kernel.refusals import Refusal

LOW = 2  # stars; this or less takes the case up again, as "not solved" does
MOST_BY_RATING = 2  # reopenings by the applicant's word alone; after that the office decides


@transaction.atomic
def answer_case(*, case: Case, wording: str, outcome: str, actor: Doer, now: dt.datetime) -> Answer:
    """Tell the applicant what was done. The period to answer is met; theirs to ask for a review begins."""
    act = Act(held(case), actor, now)
    case = act.case
    if not may_answer(actor, case):
        raise Refusal(_("答复由牵头单位、包案领导或登记单位作出。"))
    if case.pauses.filter(ends_on__isnull=True).exists():
        raise Refusal(_("正在暂停计时，请先恢复，再答复。"))
    if outcome not in Outcome.values:
        raise Refusal(_("请选择办理结果。"))
    wording = given(wording, _("请写明答复的内容。"), most=MOST_WORDS)
    act.move("answer")
    answer = Answer.objects.create(
        case=case,
        subject=case.subject,
        kind=AnswerKind.ANSWER,
        round=act.round,
        wording=wording,
        outcome=outcome,
        answered_by=act.seat,
        answerer=act.person,
        answered_at=now,
    )
    act.changed(answer)
    meet(act, ClockKind.CLOSE)
    start_clock(act, ClockKind.ASK_REVIEW, act.terms.ask_review, on=act.today)
    waist.stand_still(act, _("已答复，等待当事人评价。"))
    act.record("cases.answered", outcome=outcome, round=act.round)
    return answer


@transaction.atomic
def rate_answer(
    *, case: Case, stars: int, solved: bool, actor: Applicant, now: dt.datetime, wording: str = ""
) -> Rating:
    """The applicant's word: solved closes the case, not solved or a low rating takes it up again."""
    act = Act(held(case), actor, now)
    case, answer = act.case, last_answer(act.case)
    if answer is None or case.stage not in (CaseStage.ANSWERED, CaseStage.CLOSED):
        raise Refusal(_("还没有答复，答复之后可以评价。"))
    if case.ratings.filter(round=act.round).exists():
        raise Refusal(_("您已经评价过这次答复。"))
    if not 1 <= stars <= 5:
        raise Refusal(_("请选择 1 到 5 分。"))
    rating = Rating.objects.create(
        case=case,
        subject=case.subject,
        round=act.round,
        stars=stars,
        solved=solved,
        wording=wording.strip()[:2000],
        rated_at=now,
    )
    act.changed(rating)
    act.move("rate")
    if not solved or stars <= LOW:
        if case.reopened < MOST_BY_RATING and not review_is_pending(case):
            take_up_again(act, reason=_("当事人表示没有解决或不满意。"))
    elif case.stage == CaseStage.ANSWERED and not review_is_pending(case):
        finish(act, one_sided=False, outcome=answer.outcome)
    act.record("cases.rated", stars=stars, solved=solved)
    return rating


def review_is_pending(case: Case) -> bool:
    """Whether somebody has still to answer a review the applicant asked for."""
    return case.review_requests.filter(answer__isnull=True).exists()

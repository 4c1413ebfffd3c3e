"""The end of a case: by the applicant's word or one-sidedly with a reason; one record of it claims what was owed."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from guantong.accounts.choices import Role
from guantong.accounts.models import Office
from guantong.cases.applicant import Doer
from guantong.cases.choices import ClockKind, Outcome
from guantong.cases.models import CallBack, Case, Closure
from guantong.cases.operations import waist
from guantong.cases.operations.acts import Act, given, held
from guantong.cases.operations.periods import drop
from guantong.cases.operations.reopening import take_up_again
from guantong.cases.rules import last_answer, may_call_back, may_close
from guantong.kernel import clock
from guantong.kernel.refusals import Refusal
from guantong.obligations.choices import Part
from guantong.records.choices import RecordKind
from guantong.records.models import Record
from guantong.records.operations import enter_record


@transaction.atomic
def close_case(*, case: Case, reason: str, actor: Doer, now: dt.datetime) -> Closure:
    """Close it without the applicant's word, for a stated reason which they read. Not by whoever answered it."""
    act = Act(held(case), actor, now)
    case = act.case
    if not may_close(actor, case):
        raise Refusal(_("单方办结由登记单位或包案领导决定，答复的单位和个人不能给自己办结。"))
    if case.review_requests.filter(answer__isnull=True).exists():
        raise Refusal(_("当事人申请了复查或复核，答复之后才能办结。"))
    answer = last_answer(case)
    reason = given(reason, _("当事人没有表示已解决，单方办结须写明理由。"))
    closure = finish(act, one_sided=True, reason=reason, outcome=answer.outcome if answer else "")
    act.record("cases.closed", one_sided=True, round=closure.round)
    return closure


def finish(act: Act, *, one_sided: bool, outcome: str, reason: str = "") -> Closure:
    """Close the round: the record of it, and the claims by that record. Inside another operation."""
    case = act.case
    case.closed_on, case.outcome = act.today, outcome
    act.move("close", told=reason, reason=reason, fields=("closed_on", "outcome"))
    closure = Closure.objects.create(
        case=case,
        round=act.round,
        one_sided=one_sided,
        reason=reason,
        outcome=outcome,
        closed_by=act.office,
        closed_at=act.now,
        record=_record_of(act, outcome),
    )
    act.changed(closure)
    if not one_sided:
        drop(act, ClockKind.ASK_REVIEW, ClockKind.ASK_SECOND_REVIEW)
    answer = last_answer(case)
    done_on = clock.today(answer.answered_at) if answer else act.today
    if closure.record is not None:
        waist.claim_all(act, record=closure.record, done_on=done_on)
    return closure


def _record_of(act: Act, outcome: str) -> Record | None:
    """One record of work, in words that say nothing about anybody; with everybody who took part."""
    case = act.case
    live = list(case.handlings.filter(released_on__isnull=True).select_related("office__unit"))
    lead = next((each.office for each in live if each.part == Part.LEAD), None)
    office = lead or case.host or act.office or _coordinator(case)
    if office is None:
        return None
    words = [str(waist.title_of(case).zh), str(Outcome(outcome).label) if outcome else ""]
    return enter_record(
        kind=RecordKind.CASE,
        happened_on=act.today,
        summary=" · ".join(filter(None, words)),
        entered_by=office,
        actor=act.actor,  # type: ignore[arg-type]
        now=act.now,
        today=act.today,
        participants=[each for each in (case.host, *(part.office for part in live)) if each is not None],
        references=[case.reference],
        submission_key=f"case {case.pk} round {act.round}",
    )


def _coordinator(case: Case) -> Office | None:
    offices = Office.objects.filter(unit=case.unit, closed_on__isnull=True).select_related("unit")
    return offices.filter(role=Role.COORDINATOR).order_by("pk").first() or offices.order_by("pk").first()


@transaction.atomic
def record_call_back(
    *,
    closure: Closure,
    reached: bool,
    actor: Doer,
    now: dt.datetime,
    solved: bool | None = None,
    stars: int | None = None,
) -> CallBack:
    """What the applicant said when they were asked afterwards. "Not solved" takes the case up again."""
    act = Act(held(closure.case), actor, now)
    closure = Closure.objects.get(pk=closure.pk)
    if not may_call_back(actor, act.case):
        raise Refusal(_("回访由统筹协调岗位办理，答复过的单位和个人不能回访。"))
    if closure.drawn_in_id is None:
        raise Refusal(_("这件诉求没有被抽中回访。"))
    if CallBack.objects.filter(closure=closure).exists():
        raise Refusal(_("已经回访过。"))
    if closure.round != act.round:
        raise Refusal(_("这件诉求已经重新办理，不再回访上一次的结果。"))
    if reached and solved is None:
        raise Refusal(_("联系上了，请记下当事人说是否解决。"))
    if stars is not None and not 1 <= stars <= 5:
        raise Refusal(_("请选择 1 到 5 分。"))
    call = CallBack.objects.create(
        closure=closure,
        reached=reached,
        solved=solved if reached else None,
        stars=stars if reached else None,
        made_by=act.seat,
        caller=act.person,
        made_at=now,
    )
    act.changed(call)
    act.move("call_back")
    if reached and solved is False:
        take_up_again(act, reason=_("回访时当事人表示没有解决。"))
    act.record("cases.called_back", reached=reached)
    return call

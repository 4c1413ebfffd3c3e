"""Taking a case up again: a new round with a period of its own, on the same case with the same people."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from guantong.cases.applicant import Doer
from guantong.cases.choices import ClockKind
from guantong.cases.models import Case
from guantong.cases.operations import waist
from guantong.cases.operations.acts import Act, given, held
from guantong.cases.operations.assigning import stage_by_hands
from guantong.cases.operations.periods import drop, end_pause, start_clock
from guantong.cases.rules import may_carry
from guantong.kernel.refusals import Refusal


@transaction.atomic
def reopen_case(*, case: Case, reason: str, actor: Doer, now: dt.datetime) -> Case:
    """The office finds that it is not done after all."""
    act = Act(held(case), actor, now)
    if not may_carry(actor, act.case):
        raise Refusal(_("重新办理由登记单位的统筹协调岗位或包案领导决定。"))
    take_up_again(act, reason=given(reason, _("请写明重新办理的理由。")))
    act.record("cases.reopened", round=act.round)
    return act.case


def take_up_again(act: Act, *, reason: str) -> None:
    """A round goes up: whoever had the case has it again, and owes it by a new day. Inside another operation."""
    case = act.case
    end_pause(act)
    drop(act, ClockKind.ASK_REVIEW, ClockKind.REVIEW, ClockKind.ASK_SECOND_REVIEW, ClockKind.SECOND_REVIEW)
    case.reopened += 1
    case.closed_on, case.outcome = None, ""
    act.move(
        "reopen", to=stage_by_hands(act), told=reason, reason=reason, fields=("reopened", "closed_on", "outcome")
    )  # fmt: skip
    clock = start_clock(act, ClockKind.CLOSE, act.terms.close, on=act.today)
    for each in case.handlings.filter(released_on__isnull=True).select_related("office__unit"):
        each.obligation = waist.owe_part(
            act, each.office, part=each.part, due_on=clock.due_on, wording=each.wording
        )
        each.save(update_fields=["obligation"])
        act.changed(each)
    if case.host is not None:
        case.obligation = waist.owe_as_host(act, case.host, due_on=clock.due_on)
        case.save(update_fields=["obligation"])

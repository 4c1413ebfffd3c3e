"""Like cases gathered into one proposal: what many ask for, put to whoever can change it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from guantong.accounts.acting import Acting
from guantong.audit import operations as audit
from guantong.cases.applicant import Doer
from guantong.cases.models import Case, Proposal
from guantong.cases.operations.acts import Act, given, held
from guantong.cases.rules import may_run
from guantong.kernel.refusals import Refusal


@transaction.atomic
def gather_cases(
    *,
    cases: Sequence[Case],
    title: str,
    reason: str,
    actor: Doer,
    now: dt.datetime,
    proposal: Proposal | None = None,
) -> Proposal:
    """Gather cases of one year into a proposal, a new one or one there is. Each is still answered by itself."""
    if not isinstance(actor, Acting) or actor.office is None or not actor.may("cases.run"):
        raise Refusal(_("归并诉求由统筹协调岗位办理。"))
    if not cases or (proposal is None and len(cases) < 2):
        raise Refusal(_("至少选两件诉求才能归并。"))
    if len({each.cycle_id for each in cases} | ({proposal.cycle_id} if proposal else set())) > 1:
        raise Refusal(_("只能归并同一年度的诉求。"))
    if proposal is None:
        proposal = Proposal.objects.create(
            cycle=cases[0].cycle,
            title=given(title, _("请写明建议的标题。"), most=200),
            reason=given(reason, _("请写明为什么归并、建议做什么。"), most=2000),
            made_by=actor.office,
            made_at=now,
        )
        audit.record("cases.proposed", target=proposal, actor=actor, at=now)
    for each in sorted(cases, key=lambda case: case.pk):
        act = Act(held(each), actor, now)
        if not may_run(actor, act.case):
            raise Refusal(_("诉求 %(number)s 不由您办理，不能归并。") % {"number": act.case.reference})
        if act.case.proposal_id == proposal.pk:
            continue
        if act.case.proposal_id is not None:
            raise Refusal(_("诉求 %(number)s 已归入另一项建议。") % {"number": act.case.reference})
        act.case.proposal = proposal
        act.move("gather", fields=("proposal",))
        act.record("cases.gathered", proposal=proposal.pk)
    return proposal


@transaction.atomic
def set_apart(*, case: Case, actor: Doer, now: dt.datetime) -> Case:
    """It was not the same after all."""
    act = Act(held(case), actor, now)
    if not may_run(actor, act.case):
        raise Refusal(_("归并诉求由统筹协调岗位办理。"))
    if act.case.proposal_id is None:
        raise Refusal(_("这件诉求没有归并。"))
    was, act.case.proposal = act.case.proposal_id, None
    act.move("set_apart", fields=("proposal",))
    act.record("cases.set_apart", proposal=was)
    return act.case

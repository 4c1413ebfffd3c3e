"""A round's days moved, or the round cancelled, with a reason; by two persons where somebody already relies on it.

The rule is docs/decisions/0012: a window that has not opened is moved by one person; an open one only becomes longer,
and only when another person agrees; a closed one stays closed. Cancelling always takes two.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from guantong.accounts.acting import Acting, Actor
from guantong.accounts.approvals import ask_approval
from guantong.accounts.models import Approval
from guantong.assessment import round_rules, rules
from guantong.assessment.models import Adjustment, Appeal, Round, RoundChange, RoundStage, SelfScore
from guantong.assessment.operations.rounds import locked, refuse_cancelled
from guantong.assessment.round_notices import close_round, tell_results, tell_round_opened
from guantong.audit import operations as audit
from guantong.kernel import clock
from guantong.kernel.refusals import Refusal

MOVE_DAY, CANCEL = "assessment.move_day", "assessment.cancel_round"
What = RoundChange.What


@transaction.atomic
def move_day(
    *, round: Round, what: str, to: dt.date, reason: str, actor: Actor, now: dt.datetime
) -> RoundChange | Approval:
    """Move the day on which a window ends: at once where it has not opened, else when another person agrees."""
    round = locked(round)
    if not rules.may_run(actor, round.cycle):
        raise Refusal(_("考核的日期由考核或统筹协调单位调整。"))
    if not reason.strip():
        raise Refusal(_("请写明调整日期的理由，各单位会看到。"))
    refuse_day(round, what, to, today=clock.today(now))
    if what in round_rules.COMING_WINDOWS.get(round.stage, ()):
        return _move(round, what, to, reason, actor=actor, now=now)
    return ask_approval(
        kind=MOVE_DAY,
        object_ref=round.pk,
        scope=round.cycle.unit,
        reason=reason,
        actor=actor,
        now=now,
        wanted={"what": what, "from": getattr(round, what).isoformat(), "to": to.isoformat()},
    )


def refuse_day(round: Round, what: str, to: dt.date, *, today: dt.date) -> None:
    """What cannot be: a window that is over, one made shorter, a day that has passed, days out of their order."""
    refuse_cancelled(round)
    is_open = round_rules.OPEN_WINDOW.get(round.stage) == what
    if not is_open and what not in round_rules.COMING_WINDOWS.get(round.stage, ()):
        raise Refusal(_("现在的阶段是“%(stage)s”，不能调整这个日期。") % {"stage": round.get_stage_display()})
    label, before = What(what).label, getattr(round, what)
    if to == before:
        raise Refusal(_("%(what)s本来就是 %(day)s。") % {"what": label, "day": before})
    if is_open and to < before:
        raise Refusal(
            _("%(what)s是 %(day)s，已经告知各单位，只能推后，不能提前。") % {"what": label, "day": before}
        )
    if to < today:
        raise Refusal(_("%(day)s 已经过去。") % {"day": to})
    self_by, review_by = (to if what == each else getattr(round, each) for each in ("self_by", "review_by"))
    if round.stage == RoundStage.SELF and review_by <= self_by:
        raise Refusal(
            _("复核完成日 %(review)s 须在自评截止日 %(own)s 之后；请先推后复核完成日。")
            % {"review": review_by, "own": self_by}
        )


def apply_move(approval: Approval, now: dt.datetime) -> None:
    """What the second person's consent does. Refused where the round has gone on meanwhile."""
    round = locked(Round.objects.get(pk=approval.object_ref))
    what, to = approval.wanted["what"], dt.date.fromisoformat(approval.wanted["to"])
    if getattr(round, what).isoformat() != approval.wanted["from"]:
        raise Refusal(_("申请之后这个日期已经变过，请重新申请。"))
    refuse_day(round, what, to, today=clock.today(now))
    actor = Acting(approval.decider, approval.decided_by)
    _move(round, what, to, approval.reason, actor=actor, now=now, approval=approval)


def _move(
    round: Round,
    what: str,
    to: dt.date,
    reason: str,
    *,
    actor: Actor,
    now: dt.datetime,
    approval: Approval | None = None,
) -> RoundChange:
    before = getattr(round, what)
    setattr(round, what, to)
    round.save(update_fields=[what])
    made = _change(round, what, reason, actor=actor, now=now, approval=approval, before=before, after=to)
    audit.record(
        "assessment.round_day_moved",
        target=round,
        actor=actor,
        at=now,
        payload={"what": what, "before": before, "after": to, "reason": made.reason},
        states=[made],
    )
    if what == What.SELF_BY:
        tell_round_opened(round, today=clock.today(now))
    elif what == What.APPEAL_UNTIL:
        tell_results(round, today=clock.today(now))
    return made


def _change(
    round: Round,
    what: str,
    reason: str,
    *,
    actor: Actor,
    now: dt.datetime,
    approval: Approval | None,
    **days: Any,
) -> RoundChange:
    """``changed_by`` is who asked for it; who agreed is the approval's."""
    asked_by = approval.asked_by if approval else actor.office if isinstance(actor, Acting) else None
    return RoundChange.objects.create(
        round=round,
        what=what,
        reason=reason.strip()[:500],
        changed_by=asked_by,
        changed_at=now,
        approval=approval,
        **days,
    )


@transaction.atomic
def ask_cancellation(*, round: Round, reason: str, actor: Actor, now: dt.datetime) -> Approval:
    """Ask that a round not yet published be cancelled; it happens when another person agrees."""
    round = locked(round)
    refuse_cancelled(round)
    if round.stage == RoundStage.PUBLISHED:
        raise Refusal(_("这一轮考核结果已经公布，不能取消；有错误请更正。"))
    return ask_approval(
        kind=CANCEL, object_ref=round.pk, scope=round.cycle.unit, reason=reason, actor=actor, now=now
    )


def apply_cancellation(approval: Approval, now: dt.datetime) -> None:
    """What the second person's consent does: the round stops where it stands and everything in it is kept.

    What it decided of points no longer counts; what the last published round decided counts again, since the
    result that is in force rests on it.
    """
    round = locked(Round.objects.get(pk=approval.object_ref))
    refuse_cancelled(round)
    if round.stage == RoundStage.PUBLISHED:
        raise Refusal(_("这一轮考核结果已经公布，不能取消；有错误请更正。"))
    actor, before = Acting(approval.decider, approval.decided_by), round.stage
    round.stage = RoundStage.CANCELLED
    round.save(update_fields=["stage"])
    made = _change(round, What.CANCELLED, approval.reason, actor=actor, now=now, approval=approval)
    audit.record(
        "assessment.round_cancelled",
        target=round,
        actor=actor,
        at=now,
        payload={"from": before, "reason": made.reason},
        states=[made, *_put_back(round)],
    )
    close_round(round, today=clock.today(now))


def _put_back(round: Round) -> list[Adjustment]:
    """Adjustments of the round out of force, the last ones of the newest published round in force again."""
    own = list(_adjustments_of(round).filter(replaced=False))
    for each in own:
        each.replaced = True
    Adjustment.objects.bulk_update(own, ["replaced"], batch_size=500)
    published = Round.objects.filter(cycle=round.cycle_id, stage=RoundStage.PUBLISHED).order_by("-pk").first()
    if published is None:
        return own
    newest = (
        _adjustments_of(published)
        .order_by()
        .values("unit", "office", "scorecard", "indicator")
        .annotate(newest=Max("pk"))
        .values("newest")
    )
    again = list(Adjustment.objects.filter(pk__in=newest))
    for each in again:
        each.replaced = False
    Adjustment.objects.bulk_update(again, ["replaced"], batch_size=500)
    return [*own, *again]


def _adjustments_of(round: Round) -> Any:
    """Those that the round's reviews and appeals made."""
    made = Adjustment.objects.filter(cycle=round.cycle_id)
    stated = SelfScore.objects.filter(round=round).values("pk")
    appealed = Appeal.objects.filter(round=round).values("pk")
    return made.filter(source="self_score", source_ref__in=stated) | made.filter(
        source="appeal", source_ref__in=appealed
    )

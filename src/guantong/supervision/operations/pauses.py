"""Stopping a matter, letting it run again, cancelling it, opening it again after it was struck off."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from guantong.accounts.acting import Actor
from guantong.kernel.refusals import Refusal
from guantong.obligations import timing
from guantong.obligations.choices import State
from guantong.obligations.models import Obligation
from guantong.supervision.choices import MatterStage, PartStage
from guantong.supervision.models import Matter, MatterPart
from guantong.supervision.operations import waist
from guantong.supervision.operations.following import follow
from guantong.supervision.operations.parts import live
from guantong.supervision.operations.steps import Act, held, parts_of, reason_given, refuse_unless_issuer


def _begin(matter: Matter, actor: Actor, now: dt.datetime) -> Act:
    follow(matter=matter, now=now, actor=actor)
    act = Act(held(matter), actor, now)
    refuse_unless_issuer(act)
    return act


def _owed(parts: Sequence[MatterPart]) -> list[Obligation]:
    return [each.obligation for each in parts if each.obligation] + waist.reports_still_owed(parts)


@transaction.atomic
def suspend_matter(*, matter: Matter, reason: str, actor: Actor, now: dt.datetime) -> Matter:
    """Stop the clock of every part that is still worked on; what is in review is reviewed all the same."""
    act = _begin(matter, actor, now)
    reason = reason_given(reason, _("请写明为什么暂停。"))
    act.move(act.matter, "suspend", reason=reason)
    for each in _owed(live(parts_of(act.matter))):
        if each.is_claimable:
            timing.suspend(obligation=each, excused=False, reason=reason, actor=actor, now=now)
    act.record("supervision.matter_suspended", reason=reason)
    return act.matter


@transaction.atomic
def resume_matter(*, matter: Matter, actor: Actor, now: dt.datetime) -> Matter:
    """Let the clocks run again; the days they stood still are added to each due day."""
    act = _begin(matter, actor, now)
    stopped = act.matter.steps.filter(verb="suspend", part=None).order_by("-pk").first()
    to = stopped.before if stopped else MatterStage.UNDER_WAY
    act.move(act.matter, "resume", to=to)
    for each in _owed(live(parts_of(act.matter))):
        if each.state == State.SUSPENDED:
            timing.resume(obligation=each, actor=actor, now=now)
    act.record("supervision.matter_resumed")
    follow(matter=act.matter, now=now, actor=actor)
    act.matter.refresh_from_db()
    return act.matter


@transaction.atomic
def cancel_matter(*, matter: Matter, reason: str, actor: Actor, now: dt.datetime) -> Matter:
    """Take the matter back for a reason: nobody owes anything for it any more. What was done stays done."""
    act = _begin(matter, actor, now)
    reason = reason_given(reason, _("请写明为什么撤销。"))
    act.move(act.matter, "cancel", reason=reason)
    parts = live(parts_of(act.matter))
    act.changed(*waist.cancel(_owed(parts), reason=reason, actor=actor, now=now))
    for each in parts:
        act.move(each, "withdraw", reason=reason)
    act.record("supervision.matter_cancelled", reason=reason)
    return act.matter


@transaction.atomic
def reopen_matter(
    *,
    matter: Matter,
    reason: str,
    due_on: dt.date,
    actor: Actor,
    now: dt.datetime,
    parts: Sequence[MatterPart] | None = None,
) -> Matter:
    """Take up a struck-off matter again, for all its units or for some: they owe it anew by ``due_on``."""
    act = _begin(matter, actor, now)
    reason = reason_given(reason, _("请写明为什么重新打开。"))
    act.matter.closed_on = None
    act.move(act.matter, "reopen", reason=reason, fields=("closed_on",))
    if due_on < act.today:
        raise Refusal(_("办结期限 %(day)s 已经过去。") % {"day": due_on})
    chosen = None if parts is None else {each.pk for each in parts}
    again = [
        each
        for each in parts_of(act.matter)
        if each.stage == PartStage.CLOSED and (chosen is None or each.pk in chosen)
    ]
    if not again:
        raise Refusal(_("请至少选择一个要重新办理的单位。"))
    for each in again:
        each.due_on, each.report_days, each.greens = due_on, each.base_report_days, 0
        each.next_report_on = (
            act.today + dt.timedelta(days=each.base_report_days) if each.base_report_days else None
        )
    act.changed(*waist.open_for(again, cycle=act.matter.cycle, today=act.today))
    for each in again:
        act.move(each, "reopen", reason=reason, fields=("due_on", "report_days", "greens", "next_report_on"))
    act.matter.due_on = due_on
    act.matter.save(update_fields=["due_on"])
    act.record("supervision.matter_reopened", reason=reason, units=[each.unit.code for each in again])
    return act.matter

"""One matter, one number: merging a duplicate into the other, and following instead of issuing again."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from guantong.accounts.acting import Acting, Actor
from guantong.audit import operations as audit
from guantong.kernel.refusals import Refusal
from guantong.obligations.choices import Part
from guantong.supervision import chain
from guantong.supervision.choices import MatterStage, PartStage
from guantong.supervision.models import Matter, MatterPart, Subscription
from guantong.supervision.operations import waist
from guantong.supervision.operations.following import follow
from guantong.supervision.operations.matters import hand_out
from guantong.supervision.operations.parts import live
from guantong.supervision.operations.steps import Act, held, parts_of, reason_given
from guantong.supervision.rules import matters as rules


@transaction.atomic
def merge_matter(*, matter: Matter, into: Matter, reason: str, actor: Actor, now: dt.datetime) -> Matter:
    """Join a matter to another one: its units and followers move over, what was owed for it is cancelled.

    Parts already done stay done where they are. Both matters keep the link and the reason.
    """
    for row in (matter, into):
        follow(matter=row, now=now, actor=actor)
    first, second = sorted((matter.pk, into.pk))
    rows = {pk: held(Matter(pk=pk)) for pk in (first, second)}
    act, other = Act(rows[matter.pk], actor, now), Act(rows[into.pk], actor, now)
    _refuse_bad_merger(act, other)
    reason = reason_given(reason, _("请写明为什么并案。"))
    parts = live(parts_of(act.matter))
    waiting = [each for each in parts if each.stage == PartStage.REPORTED]
    if waiting:
        raise Refusal(_("“%(unit)s”的反馈正在审核，请先审核再并案。") % {"unit": waiting[0].unit})
    act.matter.merged_into = other.matter
    act.move(act.matter, "merge", reason=reason, fields=("merged_into",))
    other.move(other.matter, "absorb", reason=reason)
    owed = [each.obligation for each in parts if each.obligation] + waist.reports_still_owed(parts)
    act.changed(*waist.cancel(owed, reason=reason, actor=actor, now=now))
    for each in parts:
        act.move(each, "withdraw", reason=reason)
    _move_parts(other, parts)
    _move_followers(act, other)
    act.record("supervision.matter_merged", into=other.matter.pk, reason=reason)
    other.record("supervision.matter_absorbed", merged=act.matter.pk, reason=reason)
    return act.matter


def _refuse_bad_merger(act: Act, other: Act) -> None:
    if act.matter.pk == other.matter.pk:
        raise Refusal(_("事项不能并入自己。"))
    if act.matter.cycle_id != other.matter.cycle_id:
        raise Refusal(_("只能并入同一年度的事项。"))
    if not (rules.may_issue(act.actor, act.matter) and rules.may_run(act.actor, other.matter.cycle)):
        raise Refusal(_("这一步由交办单位“%(unit)s”办理。") % {"unit": act.matter.issued_by.unit})
    if other.matter.number is None and act.matter.number is not None:
        raise Refusal(_("已立项的事项不能并入还没有立项的事项。"))


def _move_parts(other: Act, parts: list[MatterPart]) -> None:
    """The units that the other matter does not have yet join it; whoever signed before need not sign again."""
    into = other.matter
    there = set(into.parts.values_list("unit", flat=True))
    handed_out = into.stage in (MatterStage.ASSIGNED, MatterStage.UNDER_WAY)
    moved: dict[int, MatterPart] = {}
    for each in parts:
        if each.unit_id in there:
            continue
        parent = moved.get(each.parent_id or 0)
        new = MatterPart(
            matter=into, unit=each.unit, office=each.office, parent=parent, wording=each.wording,
            part=Part.COOPERATING if each.part == Part.LEAD else each.part, target=each.target,
            target_unit=each.target_unit, due_on=max(each.due_on, into.due_on, other.today),
            base_report_days=each.base_report_days, report_days=each.base_report_days,
        )  # fmt: skip
        new.save()
        moved[each.pk] = new
        other.changed(new)
    if not handed_out or not moved:
        return
    hand_out(other, list(moved.values()))
    signed = {each.pk: each.signed_on for each in parts if each.signed_on}
    for pk, new in moved.items():
        if pk in signed:
            new.signed_on = signed[pk]
            if new.report_days:
                new.next_report_on = other.today + dt.timedelta(days=new.report_days)
            other.move(new, "sign", fields=("signed_on", "next_report_on"))


def _move_followers(act: Act, other: Act) -> None:
    followers = {each.office_id: each.reason for each in act.matter.subscriptions.filter(ended_at=None)}
    if act.matter.issued_by.unit_id != other.matter.issued_by.unit_id:
        followers.setdefault(act.matter.issued_by_id, _("原交办单位，并案后继续关注。"))
    there = set(other.matter.subscriptions.filter(ended_at=None).values_list("office", flat=True))
    for office, reason in followers.items():
        if office not in there and office != other.matter.issued_by_id:
            made = Subscription.objects.create(
                matter=other.matter, office_id=office, reason=reason, since=act.now
            )
            other.changed(made)


@transaction.atomic
def follow_matter(*, matter: Matter, reason: str, actor: Actor, now: dt.datetime) -> Subscription:
    """Another office follows the matter by its number instead of issuing it again. Twice is the first time."""
    matter = held(matter)
    if matter.number is None or matter.stage in chain.ENDED_MATTERS:
        raise Refusal(
            _("“%(what)s”现在是“%(stage)s”，不能关注。")
            % {"what": matter, "stage": matter.get_stage_display()}
        )
    if not rules.may_follow(actor, matter):
        raise Refusal(_("关注督办事项的，须是另一家单位的主要负责人、领导或统筹协调岗位。"))
    assert isinstance(actor, Acting)
    assert actor.office is not None
    found, made = Subscription.objects.get_or_create(
        matter=matter,
        office=actor.office,
        ended_at=None,
        defaults={"reason": reason.strip()[:300], "since": now},
    )
    if made:
        audit.record("supervision.matter_followed", target=matter, actor=actor, at=now, states=[found])
    return found


@transaction.atomic
def stop_following(*, matter: Matter, actor: Actor, now: dt.datetime) -> Subscription | None:
    """The following office follows the matter no longer; that it did stays on record. Twice is harmless."""
    if not isinstance(actor, Acting) or actor.office is None:
        raise Refusal(_("取消关注由关注的岗位自己办理。"))
    matter = held(matter)
    found = matter.subscriptions.filter(office=actor.office, ended_at=None).first()
    if found is None:
        return None
    found.ended_at = now
    found.save(update_fields=["ended_at"])
    audit.record("supervision.matter_unfollowed", target=matter, actor=actor, at=now, states=[found])
    return found

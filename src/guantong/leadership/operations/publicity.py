"""The publicity plan: an item makes its owner owe it; done says how far it reached, or that this was not measured."""

from __future__ import annotations

import datetime as dt
from typing import BinaryIO

from django.db import transaction
from django.utils.translation import gettext as _

from guantong.accounts.acting import Actor
from guantong.accounts.models import Office
from guantong.audit import operations as audit
from guantong.kernel import clock
from guantong.kernel.refusals import Refusal
from guantong.leadership.models import PublicityItem
from guantong.leadership.operations.texts import said
from guantong.leadership.queries.publicity import owed_for
from guantong.leadership.rules.publicity import may_plan, may_report
from guantong.leadership.terms import publicity_pillar
from guantong.mechanisms.models import Cycle
from guantong.obligations.choices import SETTLED, Source, State
from guantong.obligations.models import Obligation
from guantong.obligations.operations import claim_fulfilment, locked, open_obligations, save_relit
from guantong.records.choices import RecordKind
from guantong.records.operations import enter_record

MINUTES = 10


@transaction.atomic
def plan_item(
    *,
    cycle: Cycle,
    title: str,
    channel: str,
    owner: Office,
    due_on: dt.date,
    actor: Actor,
    now: dt.datetime,
) -> PublicityItem:
    """Put an item in the plan; its owner owes it by the day. The same twice is one."""
    title = said(title, most=200, missing=_("请写明宣传什么。"), too_long=_("名称不超过 200 字。"))
    channel = said(channel, most=100, missing=_("请写明渠道。"), too_long=_("渠道不超过 100 字。"))
    if not may_plan(actor, owner.unit) or not owner.unit.path.startswith(cycle.unit.path):
        raise Refusal(_("宣传计划由统筹协调单位制定，责任岗位须在范围之内。"))
    today = clock.today(now)
    if not today <= due_on <= cycle.ends_on:
        raise Refusal(_("完成日期须在今天之后、%(year)s 年度之内。") % {"year": cycle.year})
    same = {"cycle": cycle, "title": title, "channel": channel, "owner": owner, "due_on": due_on}
    if found := PublicityItem.objects.filter(**same, cancelled_on=None).first():
        return found
    item = PublicityItem.objects.create(**same)
    opened = open_obligations([_owed(item, starts_on=today)], today=today, cycle=cycle)
    audit.record(
        "leadership.publicity_planned",
        target=item,
        actor=actor,
        at=now,
        payload={"owner": owner.pk, "due_on": due_on},
        states=opened,
    )
    return item


def _owed(item: PublicityItem, *, starts_on: dt.date) -> Obligation:
    return Obligation(
        cycle=item.cycle,
        unit=item.owner.unit,
        unit_path=item.owner.unit.path,
        office=item.owner,
        pillar=publicity_pillar(item.cycle.package),
        source=Source.PUBLICITY,
        source_ref=item.pk,
        rule=f"publicity:{item.pk}",
        title=item.title,
        evidence=["statement"],
        minutes=MINUTES,
        starts_on=starts_on,
        due_on=item.due_on,
    )


def _held(item: PublicityItem) -> PublicityItem:
    item = (
        PublicityItem.objects.select_for_update(of=("self",))
        .select_related("owner__unit", "cycle__stored", "cycle__unit")
        .get(pk=item.pk)
    )
    if item.cancelled_on is not None:
        raise Refusal(_("这一项已经取消。"))
    return item


@transaction.atomic
def report_item(
    *,
    item: PublicityItem,
    done_on: dt.date,
    summary: str,
    entered_by: Office,
    actor: Actor,
    now: dt.datetime,
    reach: int | None = None,
    reach_source: str = "",
    not_measured: bool = False,
    file: tuple[str, BinaryIO] | None = None,
) -> PublicityItem:
    """It was done: one record, claimed for what the owner owes, and how far it reached.

    Either a number with how it was measured, or "not measured": that is an answer, and no zero. Said again only where
    the claim was returned.
    """
    item = _held(item)
    if not may_report(actor, item):
        raise Refusal(_("由责任岗位所在单位填报完成情况。"))
    owed = owed_for(item)
    assert owed is not None
    if item.record_id is not None and owed.state != State.RETURNED:
        raise Refusal(_("这一项已经填报完成。"))
    source = _measured(reach, reach_source, not_measured)
    record = enter_record(
        kind=RecordKind.PUBLICITY,
        happened_on=done_on,
        summary=f"{item.title}（{item.channel}）：{summary.strip()}" if summary.strip() else item.title,
        entered_by=entered_by,
        actor=actor,
        now=now,
        today=clock.today(now),
        participants=[item.owner],
        files=[file] if file else [],
    )
    item.record, item.done_on = record, done_on
    item.reach, item.reach_source, item.not_measured = reach, source, not_measured
    item.save(update_fields=["record", "done_on", "reach", "reach_source", "not_measured"])
    claim_fulfilment(obligation=owed, record=record, claimed_by=entered_by, actor=actor, now=now)
    audit.record(
        "leadership.publicity_reported",
        target=item,
        actor=actor,
        at=now,
        payload={"record": record.pk, "reach": reach, "not_measured": not_measured},
    )
    return item


def _measured(reach: int | None, reach_source: str, not_measured: bool) -> str:
    """How it was measured, in words. Refuses neither answer, and both."""
    if (reach is None) == (not not_measured):
        raise Refusal(_("请填写覆盖人数，或者选择“未统计”。"))
    if reach is None:
        return ""
    if reach < 0:
        raise Refusal(_("覆盖人数不能小于 0。"))
    return said(
        reach_source,
        most=200,
        missing=_("请写明覆盖人数是怎样统计的。"),
        too_long=_("统计方法不超过 200 字。"),
    )


@transaction.atomic
def cancel_item(*, item: PublicityItem, reason: str, actor: Actor, now: dt.datetime) -> PublicityItem:
    """Take it out of the plan, with a reason; nothing is owed for it any more."""
    item = _held(item)
    if not may_plan(actor, item.owner.unit):
        raise Refusal(_("宣传计划由统筹协调单位调整。"))
    if item.done_on is not None:
        raise Refusal(_("已经完成的不能取消。"))
    item.reason = said(reason, most=300, missing=_("请写明取消的原因。"), too_long=_("原因不超过 300 字。"))
    item.cancelled_on = clock.today(now)
    item.save(update_fields=["reason", "cancelled_on"])
    owed = owed_for(item)
    changed = []
    if owed is not None and owed.state not in SETTLED:
        owed = locked(owed)
        owed.state, owed.settled_on = State.CANCELLED, clock.today(now)
        save_relit(owed, today=clock.today(now), fields=["state", "settled_on"])
        changed = [owed]
    audit.record("leadership.publicity_cancelled", target=item, actor=actor, at=now, states=changed)
    return item

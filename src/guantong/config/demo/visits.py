"""The calendar of checks in the demonstration year: past and coming visits, one joint, one unit at its cap."""

from __future__ import annotations

import datetime as dt
import random

from guantong.accounts.acting import Console
from guantong.accounts.choices import Role
from guantong.accounts.models import Office
from guantong.calendars.queries import calendar_for
from guantong.config.demo.samples import coordinator_of
from guantong.kernel import clock
from guantong.kernel.refusals import Refusal
from guantong.kernel.workdays import WorkdayCalendar
from guantong.mechanisms.models import Cycle
from guantong.organisation.models import Unit
from guantong.supervision.models import Visit
from guantong.supervision.operations.over_cap import ask_over_cap
from guantong.supervision.operations.visits import join_visit, plan_visit

ACTOR = Console("load-demo")
DAY = dt.timedelta(days=1)
PURPOSES = (
    ("联络员在岗和服务记录", "年度督查计划第三项"),
    ("同心之家开放和活动情况", "年度督查计划第五项"),
    ("重点任务推进情况", "领导小组会议纪要第 2 期"),
    ("责任清单履行情况", "年中督责工作方案"),
    ("群众诉求办理情况", "年度督查计划第七项"),
)


def play_visits(cycle: Cycle, now: dt.datetime, chooser: random.Random) -> int:
    """Visits at the districts and a few member units; returns how many stand in the calendar."""
    acting = coordinator_of(cycle, now)
    assessor = Office.objects.filter(role=Role.ASSESSOR, scope=cycle.unit).first()
    if acting is None or acting.office is None or assessor is None:
        return 0
    units = [*cycle.unit.children.filter(level="county").order_by("path")]
    units += cycle.unit.children.filter(kind="member_unit").order_by("path")[:6]
    calendar = calendar_for(cycle.year, cycle.unit_id)
    for unit in units:
        for offset in sorted(chooser.sample(range(-110, 60, 17), 2)):
            _visit(cycle, unit, acting.office, now, offset, calendar, chooser)
    spent = units[-3]
    for offset in (-90, -60, -30, -10, 5, 20):
        _visit(cycle, spent, acting.office, now, offset, calendar, chooser)
    coming = Visit.objects.filter(cycle=cycle, starts_on__gt=clock.today(now), cancelled_at=None).first()
    if coming:
        join_visit(
            visit=coming,
            purpose="考核数据核对",
            basis="年度考核办法",
            planned_by=assessor,
            actor=ACTOR,
            now=now,
        )
    try:
        day = calendar.add_workdays(clock.today(now), 12)
        ask_over_cap(
            cycle=cycle, unit=spent, starts_on=day, ends_on=day, purpose="专项督查反馈问题整改复核",
            basis="上级督查反馈意见", reason="上级要求月底前逐项复核，无法与已有检查合并。",
            planned_by=acting.office, actor=acting, now=now,
        )  # fmt: skip
    except Refusal:  # the unit's number is not spent, or the day lies in the next year
        pass
    return Visit.objects.filter(cycle=cycle, cancelled_at=None).count()


def _visit(
    cycle: Cycle,
    unit: Unit,
    office: Office,
    now: dt.datetime,
    offset: int,
    calendar: WorkdayCalendar,
    chooser: random.Random,
) -> None:
    """One visit so many days from now, planned three weeks ahead; left out where the operation refuses it."""
    day = calendar.next_workday(clock.today(now) + offset * DAY)
    last = calendar.add_workdays(day, chooser.randint(0, 2)) if chooser.random() < 0.7 else day
    purpose, basis = chooser.choice(PURPOSES)
    planned_at = min(now, now + (offset - 21) * DAY)
    try:
        plan_visit(
            cycle=cycle, unit=unit, starts_on=day, ends_on=last, purpose=purpose, basis=basis,
            planned_by=office, actor=ACTOR, now=planned_at,
        )  # fmt: skip
    except Refusal:
        return

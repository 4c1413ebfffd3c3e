"""Findings and the ladder of the demonstration year, through the operations, as of today."""

from __future__ import annotations

import datetime as dt
import random

from django.utils import timezone

from guantong.accounts.acting import Acting, Actor, Console
from guantong.accounts.models import Holding, Person
from guantong.mechanisms.models import Cycle
from guantong.organisation.models import Unit
from guantong.supervision.models import Escalation, Finding
from guantong.supervision.operations import findings, ladder, rulings
from guantong.supervision.queries.ladder import by_step, confirmed_talks, waiting

DAY = dt.timedelta(days=1)
ACTOR = Console("load-demo")

# What was found, what it rests on, and the rule it cites.
FOUND = (
    ("季度进展报告所列完成数与台账不一致，多报 2 项。", "督查组现场核对记录", "《政府督查工作条例》第十六条", "false_report"),
    ("责任清单签收后未按要求分解到责任岗位。", "责任清单和岗位分工对照", "年度责任清单管理办法第八条", ""),
    ("牵头任务的节点材料未按期报送，经提醒后仍未补齐。", "任务台账和提醒记录", "年度工作要点任务分解方案", ""),
    ("会议议定事项未在时限内反馈办理情况。", "会议纪要和反馈记录", "《政府督查工作条例》第十六条", ""),
)  # fmt: skip
REPLY = "情况基本属实。由于数据口径理解不一致造成，已核对更正，并明确专岗复核。"


def play_findings(cycle: Cycle, now: dt.datetime, chooser: random.Random) -> dict[str, int]:
    """A finding at each stage of its way: being told, replied to, ruled on, disputed and decided."""
    office, leaders = acting_of(cycle, "coordinator", now), _leaders(cycle, now)
    units = list(Unit.objects.children_of(cycle.unit).of_kind("member_unit").order_by("path"))
    if office is None or not units:
        return {"findings": 0}
    shown = _unit_of_the_demo_account(units)
    others = [each for each in units if each not in shown]
    for number, unit in enumerate([*chooser.sample(others, min(len(FOUND) - 1, len(others))), *shown]):
        _play(number, unit, cycle, now=now, office=office, leaders=leaders)
    return {"findings": Finding.objects.filter(cycle=cycle).count()}


def _unit_of_the_demo_account(units: list[Unit]) -> list[Unit]:
    """Whoever signs in as a member unit finds something to reply to."""
    held = Holding.objects.filter(person=Person.objects.by_sign_in("unit"), office__unit__in=units)
    return [each.office.unit for each in held.select_related("office__unit")[:1]]


def _play(
    number: int, unit: Unit, cycle: Cycle, *, now: dt.datetime, office: Actor, leaders: list[Acting]
) -> None:
    """The later its number, the shorter its way so far."""
    text, basis, rule, kind = FOUND[number]
    found_at = max(now - DAY * (60, 40, 24, 3)[number], moment(cycle.starts_on + DAY * 5))
    finding = findings.draft_finding(
        cycle=cycle, unit=unit, text=text, basis=basis, rule_cited=rule, kind=kind, actor=office, now=found_at
    )
    findings.send_notice(finding=finding, actor=office, now=found_at)
    unit_side, ruler = acting_of(cycle, "unit_head", now, unit=unit), leaders[0] if leaders else ACTOR
    if number == len(FOUND) - 1 or unit_side is None:
        return
    findings.reply_to_finding(finding=finding, text=REPLY, actor=unit_side, now=found_at + DAY * 4)
    if number == 2:
        return
    rulings.rule_on_finding(
        finding=finding, upheld=True, reason="经核对，问题属实，单位已着手整改。", measure="remind", actor=ruler,
        now=found_at + DAY * 7,
    )  # fmt: skip
    rulings.ask_recheck(
        finding=finding, reason="所涉数据为初步统计，更正在前，请予复核。", actor=unit_side, now=found_at + DAY * 12
    )  # fmt: skip
    if number == 0:
        rulings.decide_recheck(
            finding=finding, kept=False, decision="更正时间早于督查时间，撤销原认定。",
            actor=leaders[1] if len(leaders) > 1 else ACTOR, now=found_at + DAY * 20,
        )  # fmt: skip


def play_ladder(cycle: Cycle, now: dt.datetime, chooser: random.Random) -> dict[str, int]:
    """Three rounds of proposals in the last weeks, partly confirmed; what is due today is proposed today."""
    office = acting_of(cycle, "coordinator", now) or ACTOR
    today = timezone.localdate(now)
    for ago, share, most in ((21, 0.8, 160), (14, 0.6, 8), (6, 0.5, 6)):
        day = max(today - DAY * ago, cycle.starts_on)
        ladder.propose_escalations(cycle=cycle, on=day, now=moment(day), actor=ACTOR)
        _decide(cycle, office, chooser, share=share, most=most, now=moment(day + DAY))
    _hold_talks(cycle, office, now=now)
    ladder.propose_escalations(cycle=cycle, on=today, now=now, actor=ACTOR)
    return {"escalations": Escalation.objects.filter(cycle=cycle).count()}


def _decide(
    cycle: Cycle, office: Actor, chooser: random.Random, *, share: float, most: int, now: dt.datetime
) -> None:
    """Confirm a share of what waits, at most so many, and decline a tenth of it."""
    looked_at = [
        each for each in by_step(waiting(Escalation.objects.filter(cycle=cycle))) if chooser.random() < share
    ]
    confirmed, rest = looked_at[:most], looked_at[most:]
    declined = rest[: len(looked_at) // 10]
    if confirmed:
        ladder.decide_escalations(escalations=confirmed, confirmed=True, reason="", actor=office, now=now)
    if declined:
        ladder.decide_escalations(
            escalations=declined, confirmed=False, reason="已电话沟通，本周内补报。", actor=office, now=now
        )


def _hold_talks(cycle: Cycle, office: Actor, *, now: dt.datetime) -> None:
    """Half of the confirmed talks were held."""
    if not isinstance(office, Acting) or office.office is None:
        return
    for talk in confirmed_talks(cycle).order_by("pk")[:3]:
        ladder.record_talk(
            escalation=talk, held_on=timezone.localdate(now), place="领导小组办公室会议室",
            summary="单位说明了未按期完成的原因，约定十个工作日内补齐并报送。", held_by=office.office, actor=office,
            now=now,
        )  # fmt: skip


def acting_of(cycle: Cycle, seat: str, now: dt.datetime, *, unit: Unit | None = None) -> Acting | None:
    """Whoever holds the seat in the city's or a unit's subtree."""
    path = (unit or cycle.unit).path
    held = Holding.objects.on(timezone.localdate(now)).filter(
        office__seat=seat, office__unit__path__startswith=path
    )
    found = held.select_related("person", "office__unit", "office__scope").order_by(
        "office__unit__path", "pk"
    )
    holding = found.first()
    return Acting(holding.person, holding.office) if holding else None


def _leaders(cycle: Cycle, now: dt.datetime) -> list[Acting]:
    held = Holding.objects.on(timezone.localdate(now)).filter(office__seat="leader", office__scope=cycle.unit)
    found = held.select_related("person", "office__unit", "office__scope").order_by("pk")[:2]
    return [Acting(each.person, each.office) for each in found]


def moment(day: dt.date) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time(9, 30)))

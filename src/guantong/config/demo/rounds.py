"""A made-up year's round: a mid-year one played to publication, and one under way that visitors can take part in."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from decimal import Decimal

from django.utils import timezone

from guantong.accounts.acting import Acting
from guantong.accounts.approvals import decide_approval
from guantong.accounts.choices import Role
from guantong.accounts.models import Holding, Office
from guantong.assessment import operations, round_rules
from guantong.assessment.models import Appeal, Round, RoundStage, ScoreLine, SelfScore
from guantong.assessment.round_queries import unit_lines
from guantong.calendars.queries import calendar_for
from guantong.kernel.workdays import WorkdayCalendar
from guantong.mechanisms.models import Cycle
from guantong.organisation.models import Unit
from guantong.supervision.operations.findings import draft_finding, send_notice
from guantong.supervision.operations.rulings import rule_on_finding

VISITED = {"1506-MU-04", "150622"}  # the units of the demonstration accounts: left for the visitor to answer
NOTES = (
    "两次报告已按时报送纸质件，请核对收文登记。",
    "因部门职责调整，一项任务已书面申请延期。",
    "联络员在岗，信息更新晚于统计日。",
)
APPEALS = (
    ("收文登记簿可以证明报告按时送达。", "核对登记簿，其中一次按时，改定分值。"),
    ("延期申请已获同意，不应按逾期计。", "延期申请的批准日期晚于原定期限，维持原分。"),
    ("岗位补配文件已经印发。", "文件印发日期在统计日之后，维持原分。"),
)


def play_round(cycle: Cycle, *, now: dt.datetime, chooser: random.Random) -> dict[str, int]:
    """Play the mid-year round if its days are over, then open another one in which units are answering."""
    today, calendar = timezone.localdate(now), calendar_for(cycle.year, cycle.unit_id)
    middle = dt.date(cycle.year, 6, 30)
    played = {"rounds": 0, "appeals": 0}
    if calendar.add_workdays(middle, 40) < today:
        _play_middle(cycle, as_of=middle, calendar=calendar, chooser=chooser)
        played = {"rounds": 1, "appeals": Appeal.objects.filter(round__cycle=cycle).count()}
    if (today - cycle.starts_on).days > 30:
        _open_present(cycle, today=today, calendar=calendar, chooser=chooser)
        played["rounds"] += 1
    return played


def _play_middle(cycle: Cycle, *, as_of: dt.date, calendar: WorkdayCalendar, chooser: random.Random) -> None:
    """Opened on the first working day of July; every step on a working day of its own, down to publication."""

    def day(number: int) -> dt.datetime:
        return _at(calendar.add_workdays(as_of, number))

    assessor, coordinator = _holder(Role.ASSESSOR), _holder(Role.COORDINATOR)
    _serious_finding(cycle, coordinator, as_of)
    round = operations.open_round(
        cycle=cycle,
        as_of=as_of,
        self_by=day(6).date(),
        review_by=day(11).date(),
        actor=assessor,
        now=day(1),
    )
    for unit, clerk in _answering(round, chooser, share=0.9):
        _answer(round, unit, clerk, chooser, now=day(chooser.randint(2, 5)))
    operations.move_on(round=round, from_stage=RoundStage.SELF, actor=assessor, now=day(7))
    _review(round, assessor, chooser, now=day(9))
    round = operations.move_on(round=round, from_stage=RoundStage.REVIEW, actor=assessor, now=day(12))
    _appeal(round, coordinator, appealed=day(14), decided=day(19))
    round = operations.move_on(round=round, from_stage=RoundStage.PRELIMINARY, actor=assessor, now=day(24))
    asked = operations.ask_round_publication(
        round=round, reason="年中考核结果，按程序公布", actor=assessor, now=day(25)
    )
    decide_approval(approval=asked, granted=True, decision="同意", actor=coordinator, now=day(26))


def _open_present(cycle: Cycle, *, today: dt.date, calendar: WorkdayCalendar, chooser: random.Random) -> None:
    """Opened two working days ago: half of the units have answered, those of the demonstration accounts have not."""
    opened = _at(calendar.add_workdays(today, -2))
    round = operations.open_round(
        cycle=cycle,
        as_of=opened.date(),
        self_by=calendar.add_workdays(today, 4),
        review_by=calendar.add_workdays(today, 9),
        actor=_holder(Role.ASSESSOR),
        now=opened,
    )
    operations.move_day(
        round=round,
        what="review_by",
        to=calendar.add_workdays(today, 10),
        reason="复核期间有一次全市会议，顺延一个工作日",
        actor=_holder(Role.ASSESSOR),
        now=_at(calendar.add_workdays(today, -1)),
    )
    for unit, clerk in _answering(round, chooser, share=0.5):
        if unit.code not in VISITED:
            _answer(round, unit, clerk, chooser, now=_at(calendar.add_workdays(today, -1)))


def _serious_finding(cycle: Cycle, coordinator: Acting, as_of: dt.date) -> None:
    """One upheld finding that a veto names: it waits on the page for a person to confirm it, or to leave it."""
    kinds = {str(veto["when"]["finding"]) for card in cycle.package.scorecards for veto in card.vetoes}
    unit = Unit.objects.filter(parent=cycle.unit, kind="member_unit").order_by("-path").first()
    leader = _holder(Role.LEADER)
    if not kinds or unit is None:
        return
    finding = draft_finding(
        cycle=cycle,
        unit=unit,
        text="上报的 3 项完成情况与现场核查不符",
        basis=f"市委督查室通报〔{cycle.year}〕6号",
        rule_cited="年度考核办法第十二条",
        kind=min(kinds),
        actor=coordinator,
        now=_at(as_of - dt.timedelta(days=32)),
    )
    send_notice(finding=finding, actor=coordinator, now=_at(as_of - dt.timedelta(days=32)))
    rule_on_finding(
        finding=finding,
        upheld=True,
        reason="现场核查记录和证明材料一致，认定成立",
        actor=leader,
        now=_at(as_of - dt.timedelta(days=4)),
    )


def _answering(round: Round, chooser: random.Random, *, share: float) -> Iterator[tuple[Unit, Acting]]:
    """Assessed units that answer, each with whoever heads it."""
    scored = round.prefilled.scores.filter(office=None).values("unit")
    for unit in Unit.objects.filter(pk__in=scored).order_by("path"):
        office = Office.objects.filter(unit=unit, role=Role.UNIT_HEAD, closed_on=None).order_by("pk").first()
        held = Holding.objects.filter(office=office).select_related("person").first() if office else None
        if office and held and chooser.random() < share:
            yield unit, Acting(held.person, Office.objects.select_related("unit", "scope").get(pk=office.pk))


def _answer(round: Round, unit: Unit, clerk: Acting, chooser: random.Random, *, now: dt.datetime) -> None:
    """Most agree; one in five finds one weighted line short of what it should be."""
    lines = [each for each in unit_lines(round, round.prefilled, unit) if _is_short(each)]
    if lines and chooser.random() < 0.2:
        line = chooser.choice(lines)
        assert line.weight is not None
        operations.state_points(
            round=round, line=line, points=line.weight, note=chooser.choice(NOTES), actor=clerk, now=now
        )
    operations.agree_with_lines(round=round, unit=unit, actor=clerk, now=now)


def _is_short(line: ScoreLine) -> bool:
    return bool(line.weight and line.points is not None and line.points < line.weight)


def _review(round: Round, assessor: Acting, chooser: random.Random, *, now: dt.datetime) -> None:
    for unit in Unit.objects.filter(pk__in=SelfScore.objects.filter(round=round).values("unit")).order_by(
        "path"
    ):
        operations.review_agreed(round=round, unit=unit, actor=assessor, now=now)
    for stated in (
        SelfScore.objects.filter(round=round, reviewed_at=None).select_related("line").order_by("pk")
    ):
        agrees = chooser.random() < 0.4
        operations.review_self_score(
            stated=stated,
            points=None if agrees else stated.line.points,
            reason="" if agrees else "系统记录清楚，没有新的证明材料。",
            actor=assessor,
            now=now,
        )


def _appeal(round: Round, coordinator: Acting, *, appealed: dt.datetime, decided: dt.datetime) -> None:
    """Units whose own figure was not taken over dispute it; one of them is right."""
    refused = SelfScore.objects.filter(round=round, agreed=False).select_related(
        "line__score", "unit", "stater", "stated_by__unit", "stated_by__scope"
    )
    disputed = zip(refused.order_by("pk")[: len(APPEALS)], APPEALS, strict=False)
    for number, (stated, (why, answer)) in enumerate(disputed):
        assert stated.stater is not None
        assert stated.stated_by is not None
        clerk = Acting(stated.stater, stated.stated_by)
        line = ScoreLine.objects.select_related("score__unit").get(
            score__run=round.preliminary,
            score__unit=stated.unit_id,
            score__office=None,
            score__scorecard=stated.line.score.scorecard,
            indicator=stated.line.indicator,
        )
        made = operations.appeal_line(round=round, line=line, reason=why, actor=clerk, now=appealed)
        if round_rules.may_decide(coordinator, made):
            operations.decide_appeal(
                appeal=made,
                upheld=number == 0,
                points=_between(line) if number == 0 else None,
                decision=answer,
                actor=coordinator,
                now=decided,
            )


def _between(line: ScoreLine) -> Decimal:
    assert line.points is not None
    assert line.weight is not None
    return ((line.points + line.weight) / 2).quantize(Decimal("0.01"))


def _holder(role: str) -> Acting:
    office = (
        Office.objects.select_related("unit", "scope").filter(role=role, closed_on=None).order_by("pk")[0]
    )
    return Acting(Holding.objects.filter(office=office).select_related("person")[0].person, office)


def _at(day: dt.date) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time(10, 15)))

"""A made-up year: what was done, when, and how it was reviewed – written in bulk, lit by the real rule."""

from __future__ import annotations

import datetime as dt
import random
from collections import defaultdict
from collections.abc import Iterator, Sequence

from django.db import transaction
from django.db.models import Model
from django.utils import timezone

from guantong.accounts.acting import Console
from guantong.accounts.models import Office
from guantong.audit import operations as audit
from guantong.calendars.queries import calendar_for
from guantong.mechanisms.models import Cycle
from guantong.obligations.choices import State, Verdict
from guantong.obligations.lighting import relit
from guantong.obligations.models import Claim, Obligation, Review
from guantong.records.choices import RecordKind
from guantong.records.models import Evidence, Participation, Record

DAY = dt.timedelta(days=1)

# What a record of a duty says, by duty; {n} is a small number.
WORDS: dict[str, tuple[str, str]] = {
    "D01": (RecordKind.STUDY, "参加理论学习中心组专题学习，围绕民营经济促进法作交流发言。"),
    "D02": (RecordKind.STUDY, "到基层宣讲政策，现场回答问题 {n} 个。"),
    "D03": (RecordKind.DOCUMENT, "将专题内容列入年度干部培训计划，组织集中学习 {n} 次。"),
    "D04": (RecordKind.MEETING, "出席座谈会，听取代表意见建议 {n} 条，已转有关部门研究。"),
    "D05": (RecordKind.MEETING, "主持召开领导小组会议，审议年度要点和考核办法。"),
    "D09": (RecordKind.HEARING, "听取工作汇报，研究解决联络员补贴、场地开放等 {n} 个问题。"),
    "D10": (RecordKind.DUTY_REPORT, "提交年度述职报告。"),
    "D12": (RecordKind.PROGRESS, "本季度任务按节点推进，完成 {n} 项，其余正常。"),
    "D14": (RecordKind.SERVICE, "走访联络，收集诉求 {n} 件，当场办结 1 件，其余上报。"),
    "D16": (RecordKind.ACTIVITY, "开展政策宣讲和便民服务活动，参加 {n}0 余人次。"),
}
OWN_WAY = {"D07"}  # done by receiving, see `reception.py`
TASK_WORDS = (RecordKind.PROGRESS, "按节点完成阶段目标，形成材料 {n} 份。")


def play_year(cycle: Cycle, *, today: dt.date, seed: int) -> dict[str, int]:
    """Do, claim and review what fell due, better in some units than in others; light it as of today."""
    chooser = random.Random(seed)  # noqa: S311 - a repeatable demonstration, no secret
    diligence: dict[int, float] = defaultdict(lambda: min(1.0, max(0.55, chooser.gauss(0.91, 0.09))))
    open_ones = list(
        Obligation.objects.filter(cycle=cycle, state=State.OPEN)
        .select_related("office__unit", "unit")
        .order_by("office", "due_on", "pk")
    )
    groups: list[list[Obligation]] = []
    for obligation in open_ones:
        if obligation.starts_on > today:
            continue
        last = groups[-1] if groups else []
        same = last and last[0].rule == "D14" == obligation.rule and len(last) < 4
        if same and last[0].office_id == obligation.office_id and last[0].due_on == obligation.due_on:
            last.append(obligation)
        else:
            groups.append([obligation])
    written = _Written(cycle)
    for group in groups:
        _play(group, written, today=today, chooser=chooser, quality=diligence[group[0].unit_id])
    with transaction.atomic():
        written.save(today)
        audit.record(
            "demo.year_played",
            target=cycle,
            actor=Console("load-demo"),
            at=timezone.now(),
            payload={"records": len(written.records), "seed": seed},
            states=written.rows(),
        )
    return {"records": len(written.records), "claims": len(written.claims)}


def _at(day: dt.date, hour: int) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time(hour, 20)))


class _Written:
    """Rows to be written together at the end."""

    def __init__(self, cycle: Cycle) -> None:
        self.reviewer = Office.objects.filter(seat="coordinator").first()
        self.cycle = cycle
        self.records: list[Record] = []
        self.claims: list[Claim] = []
        self.reviews: list[Review] = []
        self.touched: dict[int, Obligation] = {}
        self.references: list[tuple[Record, str]] = []
        self.evidence: list[Evidence] = []

    def rows(self) -> Iterator[Model]:
        """What was written, for the log to speak of."""
        yield from self.records
        yield from self.evidence
        yield from self.claims
        yield from self.reviews
        yield from self.touched.values()

    def save(self, today: dt.date) -> None:
        Record.objects.bulk_create(self.records, batch_size=1000)
        Participation.objects.bulk_create(
            (Participation(record=each, office_id=each.entered_by_id) for each in self.records),
            batch_size=1000,
        )
        self.evidence = Evidence.objects.bulk_create(
            (Evidence(record=record, reference=text) for record, text in self.references), batch_size=1000
        )
        Claim.objects.bulk_create(self.claims, batch_size=1000)
        Review.objects.bulk_create(self.reviews, batch_size=1000)
        calendar = calendar_for(self.cycle.year, self.cycle.unit_id)
        for obligation in self.touched.values():
            relit(obligation, on=today, calendar=calendar)
        Obligation.objects.bulk_update(
            self.touched.values(),
            ["state", "claimed_on", "settled_on", "returns", "light", "relight_on"],
            batch_size=500,
        )


def _play(
    group: Sequence[Obligation], written: _Written, *, today: dt.date, chooser: random.Random, quality: float
) -> None:
    """One piece of work for a group of obligations: when it was done, whether in time, how it was reviewed."""
    first = group[0]
    if first.rule in OWN_WAY:
        return
    due = first.due_on or today
    span = max((due - first.starts_on).days, 1)
    luck = chooser.random()
    if luck < quality:
        done_on = due - DAY * chooser.randint(0, min(span, 40))
    elif luck < quality + (1 - quality) * 0.6:
        done_on = due + DAY * chooser.randint(1, 20)
    else:
        return
    done_on = max(done_on, first.starts_on)
    claimed_on = done_on + DAY * chooser.choice((0, 0, 0, 1))
    if claimed_on > today:
        return
    kind, words = WORDS.get(first.rule, TASK_WORDS)
    number = chooser.randint(2, 6)
    record = Record(
        kind=kind,
        happened_on=done_on,
        place=first.unit.name if kind in {RecordKind.SERVICE, RecordKind.ACTIVITY} else "",
        summary=words.format(n=number)
        if first.source == "duty"
        else f"{first.title}：{words.format(n=number)}"[:500],
        unit_id=first.unit_id,
        entered_by_id=first.office_id,
        entered_at=_at(claimed_on, 16),
    )
    written.records.append(record)
    if kind in {RecordKind.MEETING, RecordKind.HEARING, RecordKind.DOCUMENT, RecordKind.STUDY}:
        written.references.append((record, f"纪要〔{written.cycle.year}〕{chooser.randint(1, 60)}号"))
    for obligation in group:
        _claim(obligation, record, written, claimed_on=claimed_on, today=today, chooser=chooser)


def _claim(
    obligation: Obligation,
    record: Record,
    written: _Written,
    *,
    claimed_on: dt.date,
    today: dt.date,
    chooser: random.Random,
) -> None:
    written.touched[obligation.pk] = obligation
    obligation.state, obligation.claimed_on = State.CLAIMED, claimed_on
    claim = Claim(
        obligation=obligation,
        record=record,
        claimed_by_id=obligation.office_id,
        claimed_at=_at(claimed_on, 17),
    )
    written.claims.append(claim)
    reviewed_on = claimed_on + DAY * chooser.randint(1, 6)
    if reviewed_on > today:
        return
    returned = chooser.random() < 0.03
    written.reviews.append(
        Review(
            claim=claim,
            verdict=Verdict.RETURNED if returned else Verdict.ACCEPTED,
            reason="请补充解决问题的结果。" if returned else "",
            reviewed_by=written.reviewer,
            reviewed_at=_at(reviewed_on, 10),
        )
    )
    if returned:
        obligation.state, obligation.claimed_on = State.RETURNED, None
        obligation.returns = 1
    else:
        obligation.state, obligation.settled_on = State.FULFILLED, reviewed_on

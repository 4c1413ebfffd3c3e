"""Matters of the demonstration year: each stage of the chain has some, from what a city really follows up."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from guantong.accounts.acting import Console
from guantong.accounts.models import Office
from guantong.kernel.refusals import Refusal
from guantong.mechanisms.models import Cycle
from guantong.obligations.choices import Part, State, Verdict
from guantong.obligations.models import Obligation
from guantong.obligations.operations import claim_fulfilment, review_claim
from guantong.organisation.models import Unit
from guantong.records.operations import enter_record
from guantong.supervision.choices import MatterStage
from guantong.supervision.models import Matter, MatterPart
from guantong.supervision.operations import (
    matter_drafts,
    matters,
    merging,
    more_time,
    parts,
    pauses,
    reporting,
    verifying,
)
from guantong.supervision.operations.following import follow_waist
from guantong.supervision.operations.matter_drafts import PartPlan, Terms
from guantong.supervision.operations.parts import SplitTerms
from guantong.supervision.rules.matters import answering_office

ACTOR = Console("load-demo")


@dataclass(frozen=True, slots=True)
class Line:
    """One matter: how many days ago it was handed out, and how far it has come."""

    ago: int
    due: int
    kind: str
    origin: str
    title: str
    basis: str
    lead: str
    others: tuple[str, ...] = ()
    until: str = "closed"


LINES = (
    Line(150, 30, "meeting", "meeting", "清理拖欠民营企业账款，建立逐笔台账", "市政府常务会议纪要〔{y}〕4号", "MU-15", ("MU-17", "MU-11")),
    Line(140, 30, "demand", "proposal", "办理“减少涉企重复检查”重点提案", "市政协重点提案第17号", "MU-22", ("MU-12",)),
    Line(120, 40, "paper", "paper", "制定民营经济促进法贯彻落实措施", "自治区党委办公厅文件〔{y}〕9号", "MU-09", ("MU-14", "MU-03")),
    Line(95, 25, "demand", "demand", "解决工业园区企业职工子女入学问题", "市长热线转办单第2031号", "MU-10", ("MU-16",), "verified"),
    Line(80, 30, "meeting", "meeting", "推动政务服务事项“一网通办”清单更新", "领导小组第二次会议纪要", "MU-24", ("MU-08",), "completed"),
    Line(70, 60, "other", "check", "整改基层之家开放时间不公示问题", "年中督查通报", "T:150622", ("T:150602", "T:150621"), "split"),
    Line(42, 35, "paper", "paper", "报送年度政策兑现情况并逐户公开", "市委督查室督查通知〔{y}〕12号", "MU-04", ("MU-28",), "under_way"),
    Line(38, 30, "other", "demand", "协调解决商会会员企业用电增容", "商会来函〔{y}〕6号", "MU-11", ("T:150627",), "late"),
    Line(26, 40, "other", "task", "牵头建立政企沟通恳谈会制度", "年度重点工作任务清单第21项", "MU-04", ("MU-19", "MU-28"), "time"),
    Line(20, 30, "demand", "proposal", "答复“规范行业协会收费”建议", "市人大代表建议第88号", "MU-13", ("MU-22",), "reported"),
    Line(12, 20, "meeting", "meeting", "梳理惠企政策并编印办事指南", "领导小组办公室主任会议纪要〔{y}〕7号", "MU-19", ("MU-24",), "refused"),
    Line(6, 20, "other", "check", "核对联络员补贴发放情况", "年中督查通报", "MU-04", ("T:150622",), "assigned"),
    Line(5, 15, "other", "demand", "协调解决会员企业用电增容问题", "群众来信转办单第311号", "MU-11", (), "merge"),
    Line(4, 45, "meeting", "meeting", "筹备全市民营企业家座谈会", "市委专题会议纪要〔{y}〕15号", "MU-04", ("MU-28", "MU-08"), "suspended"),
    Line(1, 20, "instruction", "instruction", "查清某园区供水中断原因并限期恢复", "市委主要领导批示", "MU-17", ("T:150627",), "registered"),
    Line(0, 30, "paper", "paper", "报送促进就业创业工作情况", "自治区有关部门来函", "MU-16", (), "draft"),
)  # fmt: skip
REPORTS = (
    "已逐项核对，形成台账 {n} 份，首批问题已解决。",
    "召开协调会 {n} 次，明确了办理时限，相关单位已落实。",
    "现场走访 {n} 户，问题已办结并向当事单位反馈。",
)


@transaction.atomic
def play_matters(cycle: Cycle, now: dt.datetime, chooser: random.Random) -> int:
    """Play the lines up to now; returns how many matters there are."""
    issuer = Office.objects.filter(unit__parent=cycle.unit, seat="coordinator").order_by("pk").first()
    assert issuer is not None
    today = timezone.localdate(now)
    made: list[Matter] = []
    for line in LINES:
        start = max(today - dt.timedelta(days=line.ago), dt.date(cycle.year, 1, 6))
        _Play(cycle, issuer, line, start, today, chooser).play(made)
    follow_waist(cycle=cycle, now=now, actor=ACTOR)
    reporting.ask_for_progress(cycle=cycle, on=today, now=now, actor=ACTOR)
    return len(made)


class _Play:
    """One matter from its draft to where its line ends."""

    def __init__(
        self, cycle: Cycle, issuer: Office, line: Line, start: dt.date, today: dt.date, chooser: random.Random
    ) -> None:
        self.cycle, self.issuer, self.line, self.chooser = cycle, issuer, line, chooser
        self.start, self.today = start, today

    def at(self, days: int, hour: int = 10) -> dt.datetime:
        """So many days after the start, never after today."""
        day = min(self.start + dt.timedelta(days=days), self.today)
        return timezone.make_aware(dt.datetime.combine(day, dt.time(hour, 15)))

    def unit(self, code: str) -> Unit:
        return Unit.objects.get(code=code[2:] if code.startswith("T:") else f"{self.cycle.unit.code}-{code}")

    def play(self, made: list[Matter]) -> None:
        line, y = self.line, self.cycle.year
        plans = [PartPlan(self.unit(line.lead), Part.LEAD)]
        plans += [PartPlan(self.unit(code), Part.COOPERATING) for code in line.others]
        matter = matter_drafts.draft_matter(
            cycle=self.cycle, issued_by=self.issuer, parts=plans, actor=ACTOR, now=self.at(0, 9),
            terms=Terms(
                line.kind, line.title, line.origin, line.basis.format(y=y),
                due_on=self.start + dt.timedelta(days=line.due),
            ),
        )  # fmt: skip
        made.append(matter)
        if line.until == "draft":
            return
        matters.register_matter(matter=matter, actor=ACTOR, now=self.at(0))
        if line.until == "registered":
            return
        matters.dispatch_matter(matter=matter, actor=ACTOR, now=self.at(0, 11))
        getattr(self, f"_{line.until}", self._closed)(matter, made)

    def _parts(self, matter: Matter) -> list[MatterPart]:
        found = MatterPart.objects.filter(matter=matter).exclude(stage="withdrawn")
        return list(
            found.select_related(
                "matter__cycle__stored", "matter__cycle__unit", "matter__issued_by__unit", "unit", "office",
                "obligation__cycle",
            ).order_by("pk")
        )  # fmt: skip

    def _sign(self, matter: Matter) -> list[MatterPart]:
        for part in self._parts(matter):
            parts.sign_for(part=part, actor=ACTOR, now=self.at(1))
        return self._parts(matter)

    def _report(self, part: MatterPart, *, days: int, accept: bool) -> None:
        owed, at = part.obligation, self.at(days, 15)
        assert owed is not None
        text = self.chooser.choice(REPORTS).format(n=self.chooser.randint(2, 9))
        record = enter_record(
            kind="progress", happened_on=timezone.localdate(at), summary=f"{part.matter.title}：{text}"[:500],
            entered_by=owed.office, actor=ACTOR, now=at, today=timezone.localdate(at),
        )  # fmt: skip
        claim = claim_fulfilment(obligation=owed, record=record, claimed_by=owed.office, actor=ACTOR, now=at)
        while accept and Obligation.objects.get(pk=owed.pk).state == State.CLAIMED:
            review_claim(claim=claim, verdict=Verdict.ACCEPTED, reason="", actor=ACTOR, now=self.at(days + 1))

    def _completed(self, matter: Matter, made: list[Matter]) -> None:
        last = max(2, self.line.due - self.chooser.randint(2, 8))
        for part in self._sign(matter):
            self._report(part, days=last, accept=True)
        follow_waist(cycle=self.cycle, now=self.at(last + 2), actor=ACTOR)

    def _verified(self, matter: Matter, made: list[Matter]) -> None:
        self._completed(matter, made)
        verifying.verify_matter(
            matter=matter,
            result="抽看原始材料并电话回访，与反馈一致。",
            actor=ACTOR,
            now=self.at(self.line.due),
        )

    def _closed(self, matter: Matter, made: list[Matter]) -> None:
        if any(each.id == self.line.kind and each.verify for each in self.cycle.package.matters):
            self._verified(matter, made)
        else:
            self._completed(matter, made)
        matters.strike_off(matter=matter, actor=ACTOR, now=self.at(self.line.due + 2))

    def _under_way(self, matter: Matter, made: list[Matter]) -> None:
        signed = self._sign(matter)
        self._report(signed[-1], days=20, accept=True)

    def _late(self, matter: Matter, made: list[Matter]) -> None:
        self._sign(matter)

    def _reported(self, matter: Matter, made: list[Matter]) -> None:
        for part in self._sign(matter):
            self._report(part, days=15, accept=False)

    def _time(self, matter: Matter, made: list[Matter]) -> None:
        lead = self._sign(matter)[0]
        more_time.ask_more_time(
            part=lead, until=lead.due_on + dt.timedelta(days=15), reason="征求企业意见还需两轮，申请延期。",
            actor=ACTOR, now=self.at(20),
        )  # fmt: skip

    def _refused(self, matter: Matter, made: list[Matter]) -> None:
        lead, other = self._parts(matter)
        parts.sign_for(part=lead, actor=ACTOR, now=self.at(1))
        parts.refuse_part(
            part=other,
            reason="编印指南不属于本单位职责，建议由政务服务部门承担。",
            actor=ACTOR,
            now=self.at(1),
        )

    def _assigned(self, matter: Matter, made: list[Matter]) -> None:
        """Handed out and not signed for yet."""

    def _split(self, matter: Matter, made: list[Matter]) -> None:
        lead = self._sign(matter)[0]
        below = [
            each for each in Unit.objects.children_of(lead.unit).order_by("path") if answering_office(each)
        ]
        tighter = SplitTerms(
            due_on=lead.due_on - dt.timedelta(days=20), wording="公示开放时间并逐个核对", report_days=7
        )
        parts.split_part(part=lead, units=below[:4], terms=tighter, actor=ACTOR, now=self.at(3))
        for part in self._parts(matter)[-4:-1]:
            parts.sign_for(part=part, actor=ACTOR, now=self.at(4))

    def _merge(self, matter: Matter, made: list[Matter]) -> None:
        like = next((each for each in made if each.title.endswith("用电增容")), None)
        if like is None:
            return
        try:
            merging.merge_matter(
                matter=matter, into=like, reason="与正在督办的事项是同一件事。", actor=ACTOR, now=self.at(1)
            )
        except Refusal:
            pauses.cancel_matter(matter=matter, reason="与正在督办的事项重复。", actor=ACTOR, now=self.at(1))

    def _suspended(self, matter: Matter, made: list[Matter]) -> None:
        self._sign(matter)
        matter.refresh_from_db()
        if matter.stage in (MatterStage.ASSIGNED, MatterStage.UNDER_WAY):
            pauses.suspend_matter(matter=matter, reason="等待会议时间确定。", actor=ACTOR, now=self.at(2))

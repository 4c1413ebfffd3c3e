"""Cases of the demonstration year: one at each point of its way, from what people really bring."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from guantong.accounts.acting import Acting
from guantong.accounts.models import Holding, Office
from guantong.cases.applicant import Applicant
from guantong.cases.choices import CaseKind, CaseStage, Channel, Elsewhere, Outcome, PauseReason
from guantong.cases.models import Case, Handling
from guantong.cases.operations import (
    accepting,
    answering,
    assigning,
    closing,
    disputes,
    drawing,
    gathering,
    periods,
    registering,
    reviewing,
)
from guantong.cases.rules import answering_office
from guantong.kernel.refusals import Refusal
from guantong.mechanisms.models import Cycle
from guantong.obligations.choices import Part
from guantong.organisation.models import Unit


@dataclass(frozen=True, slots=True)
class Line:
    """One case: how many days ago it came, what about, who has it, and how far it has come."""

    ago: int
    kind: str
    channel: str
    title: str
    wording: str
    lead: str
    until: str
    others: tuple[str, ...] = ()
    name: str = ""
    hosted: bool = False
    against: str = ""


D, Q, S, C = CaseKind.DIFFICULTY, CaseKind.QUESTION, CaseKind.SUGGESTION, CaseKind.COMPLAINT
LINES = (
    Line(150, D, Channel.RECEPTION, "工业园区供水不稳", "园区三期每天傍晚停水两小时，车间没法连续生产。", "MU-17", "reopened", ("T:150627",), "刘厂长", hosted=True),
    Line(130, D, Channel.WEB, "企业用电增容办理慢", "用电增容申请交了两个月，没有人告诉我们还缺什么。", "MU-11", "solved", (), "赵女士"),
    Line(120, Q, Channel.WEB, "外地职工子女入学怎么办", "企业新来的职工，孩子下学期转学要哪些材料？", "MU-10", "solved"),
    Line(110, C, Channel.WEB, "政务窗口反复让补材料", "同一件事跑了三趟，每次说的材料都不一样。", "MU-24", "one_sided", (), "孙先生", against="MU-22"),
    Line(95, S, Channel.VISIT, "街边停车位不够用", "建议把老旧小区旁边的闲置空地改成停车场。", "T:150602", "solved"),
    Line(80, D, Channel.PHONE, "货车限行绕路成本高", "限行以后送货要绕二十公里，希望给生产用车发通行证。", "MU-12", "called_back", (), "周师傅"),
    Line(66, D, Channel.WINDOW, "中小企业贷款续贷难", "贷款到期要先还后贷，过桥费太高。", "MU-15", "overdue", (), "吴经理"),
    Line(60, D, Channel.RECEPTION, "商会会员项目用地手续卡住", "项目用地预审卡在两个单位之间，都说等对方。", "MU-16", "reviewed", ("MU-03",), "陈会长", hosted=True),
    Line(48, D, Channel.WEB, "康巴什路路灯不亮", "康巴什路从东头到学校门口的路灯一直不亮。", "T:150603", "gathered", (), "马女士"),
    Line(46, D, Channel.PHONE, "康巴什路路灯损坏不亮", "路灯坏了一个多月，晚上看不清路。", "T:150603", "gathered", (), "郝先生"),
    Line(35, D, Channel.HOME, "产业工人公租房申请排队", "排了一年多，不知道轮到第几位。", "MU-13", "extended", (), "杨师傅"),
    Line(28, Q, Channel.WEB, "稳岗补贴申报时间", "今年的稳岗补贴什么时候申报，在哪里申报？", "MU-14", "answered"),
    Line(24, D, Channel.WEB, "拖欠工程款协调", "分包工程验收两年了，还有一半的款没有拿到。", "MU-17", "paused", (), "高先生"),
    Line(20, D, Channel.RECEPTION, "园区公交末班车太早", "夜班职工下班没有公交车，希望延长末班车。", "MU-12", "handling", ("T:150627",), "丁女士", hosted=True),
    Line(14, C, Channel.WEB, "重复检查影响经营", "一个月来了四拨检查，查的内容差不多。", "MU-22", "disputed", (), "罗经理", against="MU-13"),
    Line(12, D, Channel.WEB, "劳动争议仲裁进展", "仲裁申请递交以后一直没有消息。", "", "referred", (), "林先生"),
    Line(9, S, Channel.WEB, "政策解读讲得太专业", "建议把惠企政策写成一页纸能看懂的话。", "MU-09", "assigned"),
    Line(5, D, Channel.HOME, "嘎查村快递点停办", "快递点关了以后，取快递要去二十公里外的镇上。", "", "accepted", (), "其其格"),
    Line(3, Q, Channel.WEB, "", "个体户转企业有什么优惠？", "", "registered"),
    Line(1, D, Channel.WEB, "", "小区供暖温度不够，打了几次电话没有解决。", "", "registered", (), "范女士"),
    Line(18, D, Channel.WEB, "", "供暖费怎么退，去年交多了。", "", "late", (), "于女士"),
)  # fmt: skip


@transaction.atomic
def play_cases(cycle: Cycle, now: dt.datetime, chooser: random.Random) -> int:
    """Play the lines up to now; returns how many cases there are."""
    play = _Play(cycle, timezone.localdate(now), chooser)
    made = [play.case_of(line) for line in sorted(LINES, key=lambda each: -each.ago)]
    play.afterwards(made)
    return len(made)


class _Play:
    """The cases of one year, each from the day it came to where its line ends."""

    def __init__(self, cycle: Cycle, today: dt.date, chooser: random.Random) -> None:
        self.cycle, self.today, self.chooser = cycle, today, chooser
        office = Office.objects.filter(unit__parent=cycle.unit, seat="coordinator").order_by("pk").first()
        assert office is not None
        self.runner = self.acting(office)
        self.leaders = [
            self.acting(each)
            for each in Office.objects.filter(unit__parent=cycle.unit, seat="leader").order_by("pk")
        ]

    def acting(self, office: Office) -> Acting:
        """Whoever holds the office, acting for it."""
        office = Office.objects.select_related("unit", "scope").get(pk=office.pk)
        held = Holding.objects.on(self.today).filter(office=office).select_related("person").first()
        return Acting(held.person if held else None, office)

    def at(self, line: Line, days: int, hour: int = 10) -> dt.datetime:
        """So many days after it came, never after today."""
        came = max(self.today - dt.timedelta(days=line.ago), dt.date(self.cycle.year, 1, 6))
        day = min(came + dt.timedelta(days=days), self.today)
        return timezone.make_aware(dt.datetime.combine(day, dt.time(hour, 20)))

    def unit(self, code: str) -> Unit:
        full = code.removeprefix("T:") if code.startswith("T:") else f"{self.cycle.unit.code}-{code}"
        return Unit.objects.get(code=full)

    def case_of(self, line: Line) -> Case:
        host = self.leaders[line.ago % len(self.leaders)].office if line.hosted and self.leaders else None
        case, _code = registering.register_case(
            cycle=self.cycle,
            unit=registering.registering_unit(self.cycle),
            kind=line.kind,
            channel=line.channel,
            wording=line.wording,
            name=line.name,
            contact=f"1390000{self.chooser.randrange(10_000):04d}" if line.name else "",
            anonymous=not line.name,
            host=host,
            against=self.unit(line.against) if line.against else None,
            actor=Applicant() if line.channel == Channel.WEB else self.runner,
            now=self.at(line, 0),
        )
        if line.until not in ("registered", "late"):
            self._accepted(line, case)
        return case

    def _accepted(self, line: Line, case: Case) -> None:
        now = self.at(line, 2)
        if line.until == "referred":
            accepting.refer_case(
                case=case, elsewhere=Elsewhere.COURT, told="劳动争议由仲裁委员会办理，请凭受理通知书向其查询。",
                actor=self.runner, now=now,
            )  # fmt: skip
            return
        accepting.accept_case(
            case=case, title=line.title, against_nobody=not line.against, told="已受理，办理期限为 60 天。",
            actor=self.runner, now=now,
        )  # fmt: skip
        if line.lead:
            self._given(line, case)

    def _given(self, line: Line, case: Case) -> None:
        host = self.acting(case.host) if case.host else self.runner
        parts = [
            assigning.assign_case(
                case=case, unit=self.unit(code), part=Part.COOPERATING if number else Part.LEAD,
                actor=host if number == 0 else self.runner, now=self.at(line, 3),
            )
            for number, code in enumerate((line.lead, *line.others))
        ]  # fmt: skip
        step = getattr(self, f"_{line.until}", None)
        if step is not None:
            step(line, case, parts[0])

    def _worker(self, part: Handling) -> Acting:
        office = answering_office(part.unit)
        assert office is not None
        return self.acting(office)

    def _answered(self, line: Line, case: Case, part: Handling, days: int = 22) -> None:
        answering.answer_case(
            case=case, wording="已现场核实并协调有关单位办理完毕，今后由专人跟踪。如仍有问题，请在查询页告诉我们。",
            outcome=Outcome.SOLVED, actor=self._worker(part), now=self.at(line, days),
        )  # fmt: skip

    def _rated(self, line: Line, case: Case, *, stars: int, solved: bool, days: int) -> None:
        answering.rate_answer(
            case=case, stars=stars, solved=solved, actor=Applicant(case.pk), now=self.at(line, days)
        )

    def _solved(self, line: Line, case: Case, part: Handling) -> None:
        self._answered(line, case, part)
        self._rated(line, case, stars=self.chooser.choice((4, 5)), solved=True, days=25)

    _called_back = _solved

    def _one_sided(self, line: Line, case: Case, part: Handling) -> None:
        self._answered(line, case, part)
        closing.close_case(
            case=case, reason="已答复满三十天，当事人没有表示。", actor=self.runner, now=self.at(line, 55)
        )

    def _reopened(self, line: Line, case: Case, part: Handling) -> None:
        self._answered(line, case, part, days=30)
        self._rated(line, case, stars=2, solved=False, days=33)
        self._answered(line, case, part, days=60)
        self._rated(line, case, stars=5, solved=True, days=62)

    def _reviewed(self, line: Line, case: Case, part: Handling) -> None:
        self._answered(line, case, part)
        request = reviewing.ask_review(
            case=case,
            wording="两个单位的意见仍不一致，请复查。",
            actor=Applicant(case.pk),
            now=self.at(line, 30),
        )
        reviewing.answer_review(
            request=request, wording="经复查，由牵头单位限期一次性告知并办结。", upheld=True,
            outcome=Outcome.PARTLY, actor=self.runner, now=self.at(line, 45),
        )  # fmt: skip

    def _extended(self, line: Line, case: Case, part: Handling) -> None:
        periods.extend_case(
            case=case, days=20, reason="需等待本季度房源分配结果。", actor=self.runner, now=self.at(line, 30)
        )

    def _paused(self, line: Line, case: Case, part: Handling) -> None:
        periods.pause_case(
            case=case, reason=PauseReason.MORE_FROM_APPLICANT, note="等待补充工程结算单", actor=self._worker(part),
            now=self.at(line, 12),
        )  # fmt: skip

    def _disputed(self, line: Line, case: Case, part: Handling) -> None:
        disputes.raise_dispute(
            handling=part, reason="检查由多个单位分别组织，应由统筹协调单位牵头合并。", actor=self._worker(part),
            now=self.at(line, 5),
        )  # fmt: skip

    def afterwards(self, cases: list[Case]) -> None:
        """Gather what is alike, and draw some call-backs."""
        titles = {each.pk: each for each in Case.objects.filter(cycle=self.cycle, title__contains="路灯")}
        now = timezone.make_aware(dt.datetime.combine(self.today, dt.time(9, 0)))
        if len(titles) > 1:
            gathering.gather_cases(
                cases=list(titles.values()), title="主次干道路灯统一排查改造",
                reason="多件诉求反映路灯不亮，建议统一排查，明确管护单位。", actor=self.runner, now=now,
            )  # fmt: skip
        self._draw(now)

    def _draw(self, now: dt.datetime) -> None:
        frozen = now - dt.timedelta(days=8)
        closed = Case.objects.filter(cycle=self.cycle, stage=CaseStage.CLOSED, closed_on__lt=frozen.date())
        if not closed.exists():
            return
        try:
            draw = drawing.freeze_call_backs(
                cycle=self.cycle, unit=self.cycle.unit, since=dt.date(self.cycle.year, 1, 1),
                until=frozen.date() - dt.timedelta(days=1), seed_source="中国福利彩票双色球当日开奖号码",
                seed_on=frozen.date() + dt.timedelta(days=2), actor=self.runner, now=frozen,
            )  # fmt: skip
        except Refusal:
            return  # early in the year nothing is closed yet
        chosen = drawing.draw_call_backs(
            draw=draw, seed="03 09 17 22 28 31 + 11", actor=self.runner, now=frozen + dt.timedelta(days=3)
        )
        for each in chosen[:1]:
            closing.record_call_back(
                closure=each, reached=True, solved=True, stars=4, actor=self.runner, now=frozen + dt.timedelta(days=5)
            )  # fmt: skip

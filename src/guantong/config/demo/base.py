"""Services, demands and campaigns of the demonstration year, played through the operations."""

from __future__ import annotations

import datetime as dt
import random

from django.db import transaction
from django.utils import timezone

from guantong.accounts.acting import Acting, Console
from guantong.accounts.choices import Role
from guantong.accounts.models import Holding, Office, Person
from guantong.cases.choices import CaseKind
from guantong.grassroots.choices import DemandStage
from guantong.grassroots.demand_chain import RUNGS
from guantong.grassroots.models import Demand, Home
from guantong.grassroots.operations import demands
from guantong.grassroots.operations.campaigns import end_campaigns, launch_campaign
from guantong.grassroots.operations.catalogue import take_built_in_catalogue
from guantong.grassroots.operations.demand_cases import make_case, take_answers_of_cases
from guantong.grassroots.operations.services import give_service
from guantong.grassroots.queries.services import items_offered, villages_served_by
from guantong.grassroots.rules.demands import next_above, places_of
from guantong.kernel import clock
from guantong.mechanisms.models import Cycle
from guantong.organisation.models import Unit

ACTOR = Console("load-demo")
SERVICES, DEMANDS = 320, 70
WORDS = (
    ("村口到学校的路灯有几盏不亮", "已联系供电所，更换了全部灯泡"),
    ("想在之家办一场养老政策讲座", "下月初第一个周三上午开讲"),
    ("活动室冬天太冷，来的人少", "已加装暖气，十一月起每天开放"),
    ("希望增加去旗区医院的班车", "客运公司答应每周加开两班"),
    ("想知道今年的草畜平衡补贴怎么申报", "在之家张贴了申报步骤，联络员上门讲过"),
    ("小区健身器材坏了，怕伤着孩子", "已拆除两处，新器材下周安装"),
    ("快递点离村太远，老人取件不方便", "供销社设了代收点"),
    ("想请农牧技术员来讲一讲接羔", "技术员三月来过两次，以后每季一次"),
    ("商户反映门前排水沟堵了", "市政已清掏"),
    ("希望之家周末也开门", "周六上午开门，由志愿团队值守"),
    ("合作社想找包装厂家", "已介绍两家，正在谈"),
    ("新搬来的住户不知道垃圾投放时间", "每栋贴了时间表"),
)
WHY_UP = ("村里没有这个能力，需要上级协调。", "涉及几个村，请统一安排。", "要有关部门出面。")


@transaction.atomic
def play_base(cycle: Cycle, now: dt.datetime, chooser: random.Random) -> dict[str, int]:
    """A catalogue, services of liaison officers and commissioners, demands at every stage, campaigns run and running."""
    year = _Year(cycle, now, chooser)
    take_built_in_catalogue(cycle=cycle, actor=ACTOR, now=year.at(cycle.starts_on))
    year.give()
    year.ask()
    year.campaigns()
    return {"services": year.services, "demands": Demand.objects.filter(cycle=cycle).count()}


class _Year:
    def __init__(self, cycle: Cycle, now: dt.datetime, chooser: random.Random) -> None:
        self.cycle, self.now, self.chooser = cycle, now, chooser
        self.today = min(clock.today(now), cycle.ends_on)
        self.services = 0
        self.seats = self._seats()
        self.shown = self._shown()

    def _seats(self) -> dict[int, Acting]:
        """Whoever holds a seat of the base or the coordinating office today, by office."""
        path = self.cycle.unit.path
        offices = Office.objects.filter(
            role__in=[*RUNGS, Role.HOME_KEEPER], closed_on=None, unit__path__startswith=path
        )
        held = Holding.objects.on(self.today).filter(office__in=offices).order_by("pk")
        return {
            each.office_id: Acting(each.person, each.office)
            for each in held.select_related("person", "office__unit", "office__scope")
        }

    def _shown(self) -> str:
        """The path of the township that a demonstration account looks at; more goes on there."""
        person = Person.objects.by_sign_in("township")
        held = (
            Holding.objects.filter(person=person).select_related("office__unit").first() if person else None
        )
        return held.office.unit.path if held else "-"

    def one_of(self, found: list[Acting]) -> Acting:
        """Any of them; one time in five one of the township that is looked at."""
        here = [each for each in found if each.office and each.office.unit.path.startswith(self.shown)]
        return self.chooser.choice(here if here and self.chooser.random() < 0.2 else found)

    def at(self, day: dt.date) -> dt.datetime:
        return timezone.make_aware(dt.datetime.combine(day, dt.time(9, 30)))

    def some_day(self, last: dt.date | None = None, most: int = 300) -> dt.date:
        last = last or self.today
        return last - dt.timedelta(
            days=self.chooser.randrange(0, max(1, min(most, (last - self.cycle.starts_on).days)))
        )

    def of(self, *roles: str) -> list[Acting]:
        return [each for each in self.seats.values() if each.office and each.office.role in roles]

    def give(self) -> None:
        items = list(items_offered(self.cycle, self.today).select_related("cycle__unit"))
        givers = [
            each for each in self.of(Role.LIAISON) if each.office and each.office.unit.kind == "territory"
        ]
        commissioners = self.of(Role.COMMISSIONER)
        days = sorted(self.some_day() for _each in range(SERVICES))
        for day in days:
            is_liaison = self.chooser.random() < 0.8 or not commissioners
            acting = self.one_of(givers if is_liaison else commissioners)
            assert acting.office is not None
            villages = list(villages_served_by(acting.office, day)[:12])
            if not villages:
                continue
            some = self.chooser.sample(
                villages, min(len(villages), 1 if is_liaison else self.chooser.randrange(1, 5))
            )
            give_service(
                item=self.chooser.choice(items), villages=some, people=self.chooser.choice((1, 1, 2, 3, 6, 12)),
                happened_on=day, entered_by=acting.office, actor=acting, now=self.at(day), today=day,
                stars=self.chooser.choice((None, None, None, 3, 4, 5, 5)),
            )  # fmt: skip
            self.services += 1

    def ask(self) -> None:
        homes = {each.unit_id: each for each in Home.objects.select_related("unit")}
        askers = self.of(Role.LIAISON, Role.COMMISSIONER, Role.HOME_KEEPER)
        keepers = [each for each in askers if each.office and each.office.role == Role.HOME_KEEPER]
        near = [each for each in keepers if each.office and each.office.unit_id in homes]
        askers = [each for each in askers if each not in keepers or each in near]
        for day in sorted(self.some_day(most=240) for _each in range(DEMANDS)):
            acting = self.one_of(near if near and self.chooser.random() < 0.5 else askers)
            assert acting.office is not None
            places = list(places_of(acting.office, day)[:12])
            if not places:
                continue
            wording, answer = self.chooser.choice(WORDS)
            demand = demands.raise_demand(
                unit=self.chooser.choice(places), home=homes.get(acting.office.unit_id), wording=wording,
                raised_by=acting.office, actor=acting, now=self.at(day), cycle=self.cycle,
            )  # fmt: skip
            self._follow(demand, answer, day)
        take_answers_of_cases(cycle=self.cycle, actor=ACTOR, now=self.now)

    def _follow(self, demand: Demand, answer: str, day: dt.date) -> None:
        """Up some rungs, then answered and told, or left where it stands."""
        chooser = self.chooser
        while chooser.random() < 0.45 and (day := self._later(day)) <= self.today:
            holder = self.seats.get(demand.at_office_id)
            if holder is None or next_above(demand, self.today) is None:
                break
            demand = demands.pass_up(
                demand=demand, note=chooser.choice(WHY_UP), actor=holder, now=self.at(day)
            )
        day, holder = self._later(day), self.seats.get(demand.at_office_id)
        if day > self.today or holder is None or holder.office is None:
            return
        if holder.may("cases.run") and chooser.random() < 0.3:
            make_case(
                demand=demand, kind=CaseKind.SUGGESTION, wording="当面说的情况，见登记。", anonymous=True, actor=holder,
                now=self.at(day),
            )  # fmt: skip
            return
        if chooser.random() < 0.25:
            demands.take_up(demand=demand, actor=holder, now=self.at(day))
            return
        demand = demands.answer_demand(demand=demand, answer=answer, actor=holder, now=self.at(day))
        told, asker = self._later(day), self.seats.get(demand.raised_by_id)
        if told <= self.today and asker is not None and chooser.random() < 0.8:
            demands.tell(demand=demand, told_on=told, actor=asker, now=self.at(told))
        assert demand.stage in DemandStage.values

    def _later(self, day: dt.date) -> dt.date:
        return day + dt.timedelta(days=self.chooser.randrange(1, 14))

    def campaigns(self) -> None:
        """One that ended in half of the districts, two that run."""
        parts = list(
            Unit.objects.filter(parent=self.cycle.unit, kind="territory", closed_on=None).order_by("path")
        )
        half = parts[: max(1, len(parts) // 2)]
        begun = max(self.cycle.starts_on, self.today - dt.timedelta(days=150))
        for identifier, starts, days in (("K2", begun, 90), ("K3", begun, 400), ("K1", self.today, 60)):
            ends = min(starts + dt.timedelta(days=days), self.cycle.ends_on)
            if ends <= starts:
                continue
            launch_campaign(
                cycle=self.cycle, identifier=identifier, places=half, ends_on=ends, actor=ACTOR, now=self.at(starts)
            )  # fmt: skip
        end_campaigns(cycle=self.cycle, actor=ACTOR, now=self.now)

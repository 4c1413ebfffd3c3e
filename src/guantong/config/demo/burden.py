"""What the demonstration city asks for figures: a dictionary of fields, budgets, and requests at every stage."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Sequence
from typing import Any

from django.db import transaction

from guantong.accounts.acting import Acting, Console
from guantong.accounts.approvals import decide_approval
from guantong.accounts.models import Office, Person
from guantong.burden.choices import Stage
from guantong.burden.models import Field, FieldRequest
from guantong.burden.operations.answers import answer_request, confirm_unchanged
from guantong.burden.operations.budgets import set_budget
from guantong.burden.operations.drafts import draft_request
from guantong.burden.operations.fields import register_field
from guantong.burden.operations.issuing import end_requests, issue_request
from guantong.burden.operations.signing import ask_signature
from guantong.burden.queries.requests import fields_of, objections_to, owed_for
from guantong.burden.rules.fields import Terms as FieldTerms
from guantong.burden.rules.requests import Terms
from guantong.config.demo.findings import acting_of, moment
from guantong.kernel import clock
from guantong.mechanisms.models import Cycle
from guantong.obligations.choices import Verdict
from guantong.obligations.models import Claim, Obligation
from guantong.obligations.operations import review_claim
from guantong.organisation.models import Unit

ACTOR = Console("load-demo")
DAY = dt.timedelta(days=1)
COUNTY = "150622"
MOST_VILLAGES = 90
SOME = ("150602", "150622")  # the counties whose townships are asked

# key: (owner's code after the city's, terms)
FIELDS: dict[str, tuple[str, FieldTerms]] = {
    "area": ("LGO", FieldTerms("活动室面积", "Area of the activity room", "之家室内可用建筑面积，不含院落。", "decimal", "平方米")),
    "days": ("LGO", FieldTerms("每周开放天数", "Opening days a week", "之家对外开放、有人值守的天数。", "whole", "天")),
    "state": ("LGO", FieldTerms("无障碍设施", "Step-free access", "坡道、扶手等是否配齐。", "choice", options=("已配齐", "部分", "没有"))),
    "points": ("LGO", FieldTerms("联络点数", "Contact points", "挂牌并公布联系方式的联络点。", "whole", "个")),
    "lessons": ("MU-07", FieldTerms("专题培训课时", "Hours of training", "按课表实际完成的专题课时。", "decimal", "课时")),
    "firms": ("MU-28", FieldTerms("走访企业数", "Firms visited", "当期入企走访的企业，同一企业只算一次。", "whole", "家")),
    "asked": ("MU-28", FieldTerms("企业诉求办结数", "Requests of firms settled", "当期收到并已答复的企业诉求。", "whole", "件")),
    "repairs": (COUNTY, FieldTerms("待维修处数", "Repairs needed", "影响冬季开放、需要维修的地方。", "whole", "处")),
    "money": ("MU-15", FieldTerms("之家运行经费", "Running costs of homes", "当年预算内安排的运行经费。", "decimal", "万元")),
}  # fmt: skip


@transaction.atomic
def play_burden(cycle: Cycle, now: dt.datetime, chooser: random.Random) -> dict[str, int]:
    """Budgets, then requests: answered, signed, ended, waiting for a leader, being drafted."""
    year = _Year(cycle, now, chooser)
    if len(year.fields) < len(FIELDS):
        return {"requests": 0}
    year.set_budgets()
    villages = year.units("village", under=COUNTY)[:MOST_VILLAGES]
    townships = [each for county in SOME for each in year.units("township", under=county)]
    homes = year.request("LGO", "嘎查村之家基本情况", "安排下一年之家提升项目", ["area", "days", "state", "points"], villages,
                         on=(2, 10), per="once", due_days=20, until=(3, 31))  # fmt: skip
    year.answer(homes, chooser.uniform(0.9, 0.96))
    visits = year.request("MU-28", "走访服务企业情况", "掌握诉求办理进度", ["firms", "asked"], townships,
                          on=(4, 1), per="quarter", due_days=10, until=(12, 31))  # fmt: skip
    year.answer(visits, 0.93)
    over = year.request("MU-15", "之家运行经费安排", "编制下一年预算", ["money", "area"], townships, on=(9, 1), per="once",
                        due_days=15, until=(10, 15), reason="预算编制时间紧，需一次核实全部乡镇。", signed=True)  # fmt: skip
    year.answer(over, 0.9)
    repairs = year.request(COUNTY, "冬季开放准备", "安排冬季维修", ["days", "repairs"], villages, on=year.lately, per="once",
                           due_days=12, until=(12, 31), reason="开放天数入冬后有调整，需核对一次。", signed=True)  # fmt: skip
    year.answer(repairs, 0.35, but=_unit_of_the_demo_village())
    year.request("MU-07", "干部培训和企业走访情况", "筹备年底评比", ["lessons", "firms", "asked"], townships, on=None, per="once",
                 due_days=10, until=(12, 31), reason="评比方案要求核对走访数。", signed=None)  # fmt: skip
    year.request(
        "LGO",
        "联络点核对",
        "更新联络点公示",
        ["points"],
        townships,
        on=None,
        per="once",
        due_days=10,
        until=(12, 31),
    )
    end_requests(on=clock.today(now), now=now, actor=ACTOR, cycle=cycle)
    return {"requests": FieldRequest.objects.filter(cycle=cycle).count()}


def _unit_of_the_demo_village() -> int | None:
    """Whoever signs in as a village finds something to fill in."""
    person = Person.objects.by_sign_in("village")
    holding = person.holdings.select_related("office").first() if person else None
    return holding.office.unit_id if holding else None


class _Year:
    """Whatever the requests of the demonstration year have in common."""

    def __init__(self, cycle: Cycle, now: dt.datetime, chooser: random.Random) -> None:
        self.cycle, self.now, self.chooser = cycle, now, chooser
        self.today = clock.today(now)
        self.leader = acting_of(cycle, "leader", now)
        self.fields: dict[str, Field] = {}
        early = moment(dt.date(cycle.year, 1, 12))
        for key, (code, terms) in FIELDS.items():
            office = self.office(code)
            if office is not None:
                self.fields[key] = register_field(
                    cycle=cycle, terms=terms, registered_by=office, actor=ACTOR, now=early
                )

    @property
    def lately(self) -> tuple[int, int]:
        """A few days ago, in this year."""
        day = max(self.today - DAY * 4, self.cycle.starts_on + DAY * 13)
        return day.month, day.day

    def office(self, code: str) -> Office | None:
        seat = {"LGO": "coordinator", COUNTY: "first_responsible"}.get(code, "unit_head")
        whole = code if code == COUNTY else f"{self.cycle.unit.code}-{code}"
        found = Office.objects.filter(unit__code=whole, seat=seat)
        return found.select_related("unit__parent", "scope").first()

    def units(self, level: str, *, under: str = "") -> list[Unit]:
        place = Unit.objects.filter(code=under).first() or self.cycle.unit
        return list(Unit.objects.below(place).filter(kind="territory", level=level).order_by("path"))

    def set_budgets(self) -> None:
        early = moment(dt.date(self.cycle.year, 1, 14))
        for code, minutes in (("MU-28", 1500), ("MU-15", 100), ("MU-07", 600)):
            unit = Unit.objects.get(code=f"{self.cycle.unit.code}-{code}")
            set_budget(
                cycle=self.cycle, unit=unit, minutes=minutes, basis="年度基层减负安排", actor=ACTOR, now=early
            )

    def request(
        self, code: str, title: str, purpose: str, fields: Sequence[str], units: Sequence[Unit], *,
        on: tuple[int, int] | None, until: tuple[int, int], reason: str = "", signed: bool | None = False, **terms: Any,
    ) -> FieldRequest | None:  # fmt: skip
        """Draft it on that day and issue it; without a day it is drafted today and stays a draft."""
        start = dt.date(self.cycle.year, *on) if on else self.today
        office, ends = self.office(code), dt.date(self.cycle.year, *until)
        if office is None or start > self.today or start.year != self.cycle.year or not units:
            return None
        at = moment(start) if on else self.now
        made = draft_request(
            cycle=self.cycle, fields=[self.fields[key] for key in fields], units=units, drafted_by=office, actor=ACTOR,
            now=at, terms=Terms(title, purpose, "年度工作要点", "base_home", starts_on=start, ends_on=ends, **terms),
        )  # fmt: skip
        against = objections_to(made, issuer=made.issuer)
        if against and reason:
            self._put_up(made, reason, at, signed=bool(signed))
            made.refresh_from_db()
        if not on or (against and made.stage != Stage.SIGNED):
            return made
        return issue_request(request=made, actor=ACTOR, now=at)

    def _put_up(self, made: FieldRequest, reason: str, at: dt.datetime, *, signed: bool) -> None:
        approval = ask_signature(request=made, reason=reason, actor=ACTOR, now=at)
        if signed and isinstance(self.leader, Acting):
            decide_approval(
                approval=approval,
                granted=True,
                decision="只此一次，今后从目录取用。",
                actor=self.leader,
                now=at,
            )

    def answer(self, request: FieldRequest | None, share: float, *, but: int | None = None) -> None:
        """Most units answer what has begun, one not yet; later periods mostly have not changed."""
        if request is None:
            return
        fields = [each.field for each in fields_of(request)]
        seen: set[int] = set()
        owed = owed_for(request).filter(starts_on__lte=self.today).select_related("office__unit", "cycle")
        for each in owed.exclude(unit=but).order_by("due_on", "pk"):
            if self.chooser.random() < share:
                day = min(each.starts_on + DAY * self.chooser.randint(0, 9), self.today)
                if self._answered(each, fields, day, again=each.unit_id in seen):
                    seen.add(each.unit_id)

    def _answered(self, owed: Obligation, fields: Sequence[Field], day: dt.date, *, again: bool) -> bool:
        """Returns whether every value is known now."""
        common: dict[str, Any] = {
            "obligation": owed,
            "entered_by": owed.office,
            "actor": ACTOR,
            "now": moment(day),
        }
        given = {each.pk: self._value(each) for each in fields}
        if again and self.chooser.random() < 0.6:
            made = confirm_unchanged(**common)
        else:
            made = answer_request(given=given, **common)
        if day + DAY * 5 <= self.today:
            claim = Claim.objects.select_related("obligation").get(pk=made.claim_id)
            review_claim(
                claim=claim, verdict=Verdict.ACCEPTED, reason="", actor=ACTOR, now=moment(day + DAY * 5)
            )
        return None not in given.values()

    def _value(self, field: Field) -> str | None:
        if self.chooser.random() < 0.03:
            return None
        if field.options:
            return str(self.chooser.choice(field.options))
        most = {"平方米": 180, "天": 7, "万元": 20}.get(field.measure, 24)
        number = self.chooser.randint(2, most)
        return f"{number}.5" if field.kind == "decimal" and number % 3 == 0 else str(number)

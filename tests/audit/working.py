"""A year in which offices work: legitimate operations chosen at random, the same for the same seed."""

from __future__ import annotations

import datetime as dt
import random
from decimal import Decimal

from conftest import CONSOLE, City, at
from guantong.assessment.operations import confirm_fact, give_mark, run_scores
from guantong.assessment.rules import fact_kinds
from guantong.audit.models import AuditEntry
from guantong.audit.operations import issue_receipt
from guantong.audit.sequencing import keep_log, sequence
from guantong.kernel.refusals import Refusal
from guantong.obligations import operations, timing
from guantong.obligations.models import Claim, Extension, Obligation, Suspension
from guantong.records.choices import kinds_fitting
from guantong.records.models import Record
from guantong.records.operations import enter_record
from guantong.supervision.operations import sweep_lights

UNIT = "1506-MU-01"


class WorkingYear:
    """Plays operations one after the other; ``done`` counts those that were not refused, by name."""

    def __init__(self, city: City, chooser: random.Random) -> None:
        self.city = city
        self.chooser = chooser
        self.now = at(2, 3)
        self.done: dict[str, int] = {}
        self.head, self.coordinator = city.head, city.coordinator
        assert self.head.office is not None
        self.office = self.head.office
        self.scored = 0

    def play(self, n: int) -> None:
        """``n`` operations, refused ones among them."""
        for _time in range(n):
            self.now += dt.timedelta(minutes=self.chooser.randint(5, 300))
            name = self.chooser.choice(NAMES)
            try:
                getattr(self, name)()
            except (Refusal, IndexError):  # refused, or nothing there to choose from
                continue
            self.done[name] = self.done.get(name, 0) + 1

    def owed(self, **wanted: object) -> Obligation:
        rows = Obligation.objects.filter(unit__code=UNIT, **wanted).order_by("pk")
        return self.chooser.choice(rows)

    def enter(self, obligation: Obligation | None = None) -> Record:
        kinds = sorted(kinds_fitting(obligation.evidence)) if obligation else ["progress", "document"]
        return enter_record(
            kind=self.chooser.choice(kinds),
            happened_on=self.now.date(),
            summary=f"第 {self.chooser.randrange(10**6)} 件工作",
            place=self.chooser.choice(["", "交通街道"]),
            entered_by=self.office,
            references=self.chooser.choice([(), ("鄂府发〔2026〕7号",), ("会议纪要", "通报")]),
            actor=self.head,
            now=self.now,
            today=self.now.date(),
        )

    def claim(self) -> None:
        obligation = self.owed(starts_on__lte=self.now.date(), state__in=("open", "returned"))
        operations.claim_fulfilment(
            obligation=obligation, record=self.enter(obligation), claimed_by=self.office,
            actor=self.head, now=self.now,
        )  # fmt: skip

    def claim_nothing_new(self) -> None:
        operations.claim_nothing_new(
            obligation=self.owed(rule="D12"), claimed_by=self.office, actor=self.head, now=self.now
        )

    def review(self) -> None:
        waiting = Claim.objects.filter(reviews=None, obligation__state="claimed").order_by("pk")
        operations.review_claim(
            claim=self.chooser.choice(waiting), verdict=self.chooser.choice(["accepted", "returned"]),
            reason="请补充结果", actor=self.coordinator, now=self.now,
        )  # fmt: skip

    def ask_extension(self) -> None:
        obligation = self.owed(due_on__gte=self.now.date(), state="open")
        assert obligation.due_on is not None
        timing.ask_extension(
            obligation=obligation, until=obligation.due_on + dt.timedelta(days=self.chooser.randint(1, 20)),
            reason="数据未出", asked_by=self.office, actor=self.head, now=self.now,
        )  # fmt: skip

    def decide_extension(self) -> None:
        waiting = Extension.objects.filter(granted=None).order_by("pk")
        timing.decide_extension(
            extension=self.chooser.choice(waiting), granted=self.chooser.choice([True, False]),
            decision="按期报送", actor=self.coordinator, now=self.now,
        )  # fmt: skip

    def suspend(self) -> None:
        timing.suspend(
            obligation=self.owed(state="open"), excused=self.chooser.choice([True, False]), reason="机构改革",
            actor=self.coordinator, now=self.now,
        )  # fmt: skip

    def resume(self) -> None:
        standing = Suspension.objects.filter(ends_on=None).order_by("pk")
        obligation = self.chooser.choice(standing).obligation
        timing.resume(obligation=obligation, actor=self.coordinator, now=self.now)

    def mark(self) -> None:
        human = [each.id for each in self.city.cycle.package.indicators if each.human]
        give_mark(
            cycle=self.city.cycle, unit=self.city.units["1506-MU-02"], indicator=self.chooser.choice(human),
            value=Decimal(self.chooser.randint(0, 10)) / 2, reason="现场核查", actor=CONSOLE, now=self.now,
        )  # fmt: skip

    def confirm(self) -> None:
        side = self.chooser.choice(["recognitions", "findings"])
        confirm_fact(
            cycle=self.city.cycle, unit=self.city.units[UNIT], side=side,
            kind=self.chooser.choice(fact_kinds(self.city.cycle, side)), basis="通报第 3 期", text="经核查属实",
            actor=CONSOLE, now=self.now,
        )  # fmt: skip

    def score(self) -> None:
        if self.scored < 2:
            run_scores(cycle=self.city.cycle, as_of=self.now.date(), actor=CONSOLE, now=self.now)
            self.scored += 1

    def sweep(self) -> None:
        sweep_lights(actor=CONSOLE, on=self.now.date(), now=self.now, cycle=self.city.cycle)

    def give_receipt(self) -> None:
        issue_receipt(
            self.chooser.choice(AuditEntry.objects.filter(receipt=None).order_by("id")), now=self.now
        )

    def take_up(self) -> None:
        sequence()

    def keep(self) -> None:
        keep_log(now=self.now, today=self.now.date())


NAMES = (
    "enter", "claim", "claim", "claim", "claim_nothing_new", "review", "review", "ask_extension",
    "decide_extension", "suspend", "resume", "mark", "confirm", "score", "sweep", "give_receipt", "take_up", "keep",
)  # fmt: skip

"""All rows that a cycle's indicators read, loaded once and sorted under the units and offices scored."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from guantong.assessment.models import ConfirmedFact, Mark
from guantong.duties.models import DutyList, ListState
from guantong.grassroots.queries import coverage
from guantong.mechanisms.models import Cycle
from guantong.obligations.choices import Source, State
from guantong.obligations.models import Obligation


@dataclass(frozen=True, slots=True)
class Row:
    """One counted thing: where it belongs, whether it is due, done in time, excused."""

    family: str
    ref: int
    path: str
    office: int | None
    due: bool
    done: bool
    on_time: bool
    excused: bool = False
    pillar: str = ""
    rule: str = ""
    is_report: bool = False


class Ledger:
    """The rows of one cycle as of a day. Each family is one query, whatever the number scored."""

    def __init__(self, cycle: Cycle, *, as_of: dt.date) -> None:
        self.cycle = cycle
        self.as_of = as_of

    @cached_property
    def obligations(self) -> list[Row]:
        rows = Obligation.objects.filter(cycle=self.cycle).exclude(state=State.CANCELLED).order_by("pk")
        fields = (
            "pk", "source", "unit_path", "office_id", "due_on", "claimed_on", "settled_on", "state",
            "pillar", "rule", "evidence",
        )  # fmt: skip
        return [self._obligation(*values) for values in rows.values_list(*fields).iterator(chunk_size=5000)]

    def _obligation(
        self,
        ref: int,
        source: str,
        path: str,
        office: int,
        due_on: dt.date | None,
        claimed_on: dt.date | None,
        settled_on: dt.date | None,
        state: str,
        pillar: str,
        rule: str,
        evidence: list[str],
    ) -> Row:
        done = state == State.FULFILLED and settled_on is not None and settled_on <= self.as_of
        past = due_on is not None and due_on <= self.as_of
        return Row(
            family="tasks" if source == Source.TASK else "duties",
            ref=ref,
            path=path,
            office=office,
            due=past or done,
            done=done,
            on_time=done and (due_on is None or (claimed_on is not None and claimed_on <= due_on)),
            excused=state in (State.EXCUSED, State.SUSPENDED),
            pillar=pillar,
            rule=rule,
            is_report="progress_line" in evidence,
        )

    @cached_property
    def tasks(self) -> list[Row]:
        return [row for row in self.obligations if row.family == "tasks"]

    @cached_property
    def duties(self) -> list[Row]:
        return [row for row in self.obligations if row.family == "duties"]

    @cached_property
    def reports(self) -> list[Row]:
        return [row for row in self.duties if row.is_report]

    @cached_property
    def duty_lists(self) -> list[Row]:
        """Issued lists that ask for something: due once the signing day has come, or signed already."""
        lists = (
            DutyList.objects.filter(cycle=self.cycle, items__times__gt=0, items__withdrawn=False)
            .exclude(state=ListState.CONSULTED)
            .distinct()
            .order_by("pk")
            .values_list("pk", "unit__path", "sign_by", "signature__signed_on")
        )
        return [
            Row(
                family="duty_lists",
                ref=ref,
                path=path,
                office=None,
                due=signed_on is not None or sign_by <= self.as_of,
                done=signed_on is not None,
                on_time=signed_on is not None and signed_on <= sign_by,
            )
            for ref, path, sign_by, signed_on in lists
        ]

    def covered(self, rule_id: str) -> list[Row]:
        """One row per unit the coverage rule covers; done where it is met."""
        rule = next(each for each in self.cycle.package.coverage if each.id == rule_id)
        return [
            Row(
                family=f"coverage:{rule_id}",
                ref=line.unit.pk,
                path=line.unit.path,
                office=None,
                due=True,
                done=line.is_met,
                on_time=line.is_met,
            )
            for line in coverage(self.cycle, rule, on=self.as_of)
        ]

    @cached_property
    def marks(self) -> dict[tuple[int, str], tuple[int, Decimal, Decimal]]:
        """(unit id, indicator) to (mark id, value, scale)."""
        marks = Mark.objects.filter(cycle=self.cycle, replaced=False)
        return {(each.unit_id, each.indicator): (each.pk, each.value, each.scale) for each in marks}

    @cached_property
    def facts(self) -> list[tuple[int, int, str, str]]:
        """(fact id, unit id, family, kind), in the order they were confirmed."""
        facts = ConfirmedFact.objects.filter(cycle=self.cycle).order_by("confirmed_at", "pk")
        return [(each.pk, each.unit_id, each.side, each.kind) for each in facts]


def under_units(rows: Iterable[Row], paths: Iterable[str]) -> dict[str, list[Row]]:
    """The rows below each path; a row counts for every scored unit above it."""
    wanted = set(paths)
    lengths = sorted({len(path) for path in wanted})
    found: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        for length in lengths:
            prefix = row.path[:length]
            if prefix in wanted:
                found[prefix].append(row)
    return found


def under_offices(rows: Iterable[Row]) -> dict[int, list[Row]]:
    found: dict[int, list[Row]] = defaultdict(list)
    for row in rows:
        if row.office is not None:
            found[row.office].append(row)
    return found

"""What the records say of one office's year: read once, in a fixed number of queries."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

from django.db.models import QuerySet

from guantong.accounts.choices import Role
from guantong.accounts.models import Office
from guantong.assessment.models import Score
from guantong.cases.models import Case
from guantong.leadership.models import Meeting, MinuteLine
from guantong.leadership.queries.lines import decisions_of
from guantong.mechanisms.models import Cycle
from guantong.obligations.choices import Source, State, Verdict
from guantong.obligations.models import Claim, Obligation
from guantong.records.models import Record

NOT_ASKED = (State.EXCUSED, State.CANCELLED, State.SUSPENDED)


@dataclass(frozen=True)
class Facts:
    """Everything a draft may speak of: obligations of the office, its records, what it chaired, decided and carried.

    ``due`` fell due by ``as_of``, whatever became of them; excused, cancelled and suspended ones are left out.
    """

    office: Office
    cycle: Cycle
    as_of: dt.date
    due: list[Obligation]
    tasks: list[Obligation]
    records: list[Record]
    chaired: list[Meeting]
    decided: list[MinuteLine]
    cases: list[Case]
    results: list[Score]
    proofs: dict[int, list[Record]] = field(default_factory=dict)

    @classmethod
    def of(cls, office: Office, cycle: Cycle, *, as_of: dt.date) -> Facts:
        """Eight queries, whatever the office did."""
        due = list(_due(cycle, as_of).filter(office=office).exclude(source=Source.TASK))
        tasks = list(_due(cycle, as_of).filter(office=office, source=Source.TASK))
        records = list(
            records_of(office, cycle, as_of=as_of).select_related("unit").order_by("happened_on", "pk")
        )
        return cls(
            office=office,
            cycle=cycle,
            as_of=as_of,
            due=due,
            tasks=tasks,
            records=records,
            chaired=list(
                Meeting.objects.filter(
                    cycle=cycle, chair=office, record__isnull=False, day__lte=as_of
                ).order_by("day", "pk")
            ),
            decided=list(decisions_of(office, cycle, as_of=as_of)),
            cases=list(
                Case.objects.filter(cycle=cycle, host=office, received_on__lte=as_of)
                .prefetch_related("ratings", "clocks")
                .order_by("received_on", "pk")
            ),
            results=list(
                Score.objects.filter(unit=office.unit_id, office=None, run__publication__isnull=False)
                .select_related("run__cycle", "run__publication")
                .order_by("-run__publication__published_at", "-pk")[:1]
            )
            if office.role == Role.UNIT_HEAD
            else [],
            proofs=_proofs(each.pk for each in (*due, *tasks)),
        )

    @cached_property
    def by_duty(self) -> dict[str, list[Obligation]]:
        """Obligations by the duty that made them owed, in the order the package names duties."""
        heaps: dict[str, list[Obligation]] = defaultdict(list)
        for each in self.due:
            heaps[each.rule].append(each)
        order = [duty.id for duty in self.cycle.package.duties]
        known = {rule: heaps.pop(rule) for rule in order if rule in heaps}
        return known | dict(sorted(heaps.items()))

    @property
    def missing(self) -> list[Obligation]:
        """Fell due and not done: not claimed, or returned."""
        return [each for each in (*self.due, *self.tasks) if each.state in (State.OPEN, State.RETURNED)]


def _due(cycle: Cycle, as_of: dt.date) -> QuerySet[Obligation]:
    return (
        Obligation.objects.filter(cycle=cycle, due_on__lte=as_of)
        .exclude(state__in=NOT_ASKED)
        .order_by("due_on", "pk")
    )


def _proofs(obligations: Iterable[int]) -> dict[int, list[Record]]:
    """The records behind each obligation whose claim was not returned."""
    found: dict[int, list[Record]] = defaultdict(list)
    claims = (
        Claim.objects.filter(obligation__in=list(obligations), record__isnull=False)
        .exclude(reviews__verdict=Verdict.RETURNED)
        .select_related("record")
        .order_by("record__happened_on", "pk")
    )
    for each in claims:
        assert each.record is not None
        found[each.obligation_id].append(each.record)
    return found


def records_of(office: Office, cycle: Cycle, *, as_of: dt.date) -> QuerySet[Record]:
    """What the office took part in during the cycle's year, by a day: its ledger."""
    return Record.objects.filter(
        participations__office=office,
        happened_on__gte=cycle.starts_on,
        happened_on__lte=min(as_of, cycle.ends_on),
    )

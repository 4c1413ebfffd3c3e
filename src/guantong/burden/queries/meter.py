"""The burden meter: forms, fields and minutes that were asked, of whom, in which month, by which unit.

Everything is counted from obligations: one obligation with minutes is one form. What was taken back before its due
day was not asked; what a request stopped asking for after it was due, was. Nothing here counts who uses the system.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, Count, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Sum, Value, When
from django.db.models.functions import Coalesce, ExtractMonth

from guantong.accounts.acting import Acting, Actor
from guantong.burden import issuers
from guantong.burden.models import Addressee
from guantong.mechanisms.models import Cycle
from guantong.obligations.choices import Source, State
from guantong.obligations.models import Obligation
from guantong.obligations.queries import in_subtree
from guantong.organisation.models import Unit

RECORD_FIELDS = 3  # of a record of work: kind, day, what was done; place and participants may be left out
NO_FIELDS = (["sign_off"], ["none"])  # one tap, nothing typed


@dataclass(frozen=True, slots=True)
class Total:
    """So many forms with so many fields, taking so many minutes."""

    forms: int = 0
    fields: int = 0
    minutes: int = 0

    def __add__(self, other: Total) -> Total:
        return Total(self.forms + other.forms, self.fields + other.fields, self.minutes + other.minutes)


ZERO = Total()


def total(parts: Iterable[Total]) -> Total:
    return sum(parts, ZERO)


def asked(cycle: Cycle) -> QuerySet[Obligation]:
    """What was asked in the year, each with ``issuer`` (key of the unit) and ``n_fields``."""
    taken_back = Q(state=State.CANCELLED) & (Q(settled_on__isnull=True) | Q(settled_on__lte=F("due_on")))
    return (
        Obligation.objects.filter(cycle=cycle, minutes__gt=0)
        .exclude(taken_back)
        .annotate(issuer=issuers.issuer(cycle), n_fields=_fields())
    )


def _fields() -> Case:
    of_request = Subquery(
        Addressee.objects.filter(pk=OuterRef("source_ref"))
        .annotate(n=Count("request__asked_fields"))
        .values("n")[:1]
    )
    return Case(
        When(source=Source.REQUEST, then=Coalesce(of_request, Value(0))),
        *(When(evidence=each, then=Value(0)) for each in NO_FIELDS),
        default=Value(RECORD_FIELDS),
        output_field=IntegerField(),
    )


def of_issuer(found: QuerySet[Obligation], unit: Unit) -> QuerySet[Obligation]:
    return found.filter(issuer=unit.pk)  # type: ignore[misc]


def asked_visibly(actor: Actor, cycle: Cycle, *, issuer: Unit | None = None) -> QuerySet[Obligation]:
    """What was asked in sight: of units in the visible subtree; and all that an issuing unit in sight asked."""
    found = asked(cycle)
    if issuer is not None:
        found = of_issuer(found, issuer)
    if not isinstance(actor, Acting) or (issuer is not None and actor.sees(issuer.path)):
        return found
    path = actor.scope_path
    return in_subtree(found, path) if path else found.none()


def totals_by(found: QuerySet[Obligation], *keys: str) -> dict[tuple[Any, ...], Total]:
    """One query: the totals by the values of ``keys``."""
    rows = found.order_by().values_list(*keys).annotate(Count("pk"), Sum("n_fields"), Sum("minutes"))
    return {row[: len(keys)]: Total(*(int(each or 0) for each in row[len(keys) :])) for row in rows}


def total_of(found: QuerySet[Obligation]) -> Total:
    sums = found.aggregate(n=Count("pk"), fields=Sum("n_fields"), minutes=Sum("minutes"))
    return Total(sums["n"], int(sums["fields"] or 0), int(sums["minutes"] or 0))


def by_month(found: QuerySet[Obligation]) -> QuerySet[Obligation]:
    """With ``month``, that of the due day; what has no due day belongs to none."""
    return found.annotate(month=ExtractMonth("due_on"))


@dataclass
class Month:
    """What falls due in one month, by issuing unit."""

    month: int
    by_issuer: dict[int, Total]

    @property
    def total(self) -> Total:
        return total(self.by_issuer.values())


@dataclass
class Year:
    """A unit's year: month by month, and who asked."""

    months: list[Month]
    without_day: Total
    issuers: dict[int, Total]

    @property
    def total(self) -> Total:
        return total(self.issuers.values())


def year_of(found: QuerySet[Obligation]) -> Year:
    """One query."""
    months: dict[int | None, dict[int, Total]] = defaultdict(dict)
    issuers: dict[int, Total] = defaultdict(Total)
    for (month, unit), each in totals_by(by_month(found), "month", "issuer").items():
        months[month][unit] = each
        issuers[unit] += each
    return Year(
        months=[Month(number, months.get(number, {})) for number in range(1, 13)],
        without_day=total(months.get(None, {}).values()),
        issuers=dict(sorted(issuers.items(), key=lambda row: (-row[1].minutes, row[0]))),
    )


@dataclass
class IssuerRow:
    """What one unit asks, by the level of those it asks."""

    unit: Unit
    by_level: dict[str, Total]

    @property
    def total(self) -> Total:
        return total(self.by_level.values())


def table_by_issuer(found: QuerySet[Obligation]) -> list[IssuerRow]:
    """Two queries: issuing units, most minutes first, by receiving level."""
    cells: dict[int, dict[str, Total]] = defaultdict(dict)
    for (unit, level), each in totals_by(found, "issuer", "unit__level").items():
        cells[unit][level] = each
    units = Unit.objects.in_bulk(list(cells))
    rows = [IssuerRow(units[key], levels) for key, levels in cells.items() if key in units]
    return sorted(rows, key=lambda row: (-row.total.minutes, row.unit.path))


def minutes_asked_by(unit: Unit, cycle: Cycle) -> int:
    """What counts against an issuing unit's budget."""
    return of_issuer(asked(cycle), unit).aggregate(n=Sum("minutes"))["n"] or 0


def due_this_month(found: QuerySet[Obligation], day: dt.date) -> QuerySet[Obligation]:
    return found.filter(due_on__year=day.year, due_on__month=day.month)

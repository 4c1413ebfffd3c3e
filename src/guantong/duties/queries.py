"""Reading duty lists: what a unit owes and what it costs; overlaps and orphans in the library."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import Count, F, Q, QuerySet, Sum

from guantong.accounts.acting import Acting, Actor
from guantong.duties.models import DutyItem, DutyList
from guantong.mechanisms.models import Cycle
from guantong.mechanisms.package import DutyTemplate


def duty_lists_visible_to(acting: Actor) -> QuerySet[DutyList]:
    """The lists of the visible subtree."""
    lists = DutyList.objects.select_related("unit", "cycle__stored", "cycle__unit")
    if not isinstance(acting, Acting):
        return lists
    if not acting.scope_path:
        return lists.none()
    return lists.filter(unit__path__gte=acting.scope_path, unit__path__lt=acting.scope_path + "~")


def with_price(lists: QuerySet[DutyList]) -> QuerySet[DutyList]:
    """Each list with ``n_items``, ``forms`` and ``price``: minutes a year it asks of the unit."""
    live = Q(items__withdrawn=False)
    return lists.annotate(
        n_items=Count("items", filter=live),
        forms=Sum("items__times", filter=live, default=0),
        price=Sum(F("items__times") * F("items__minutes"), filter=live, default=0),
        open_objections=Count(
            "items__objections",
            filter=Q(items__objections__upheld__isnull=True, items__objections__isnull=False),
            distinct=True,
        ),
    )


@dataclass
class LibraryEntry:
    """One duty of the package with what it became in the cycle."""

    duty: DutyTemplate
    offices: int = 0
    times: int = 0
    minutes: Decimal = Decimal(0)
    overlaps: list[str] = field(default_factory=list)
    sees_all: bool = True

    @property
    def is_orphan(self) -> bool:
        """No office of the cycle carries it; said only to whoever sees the whole cycle."""
        return self.sees_all and self.offices == 0


def duty_library(cycle: Cycle, acting: Actor) -> list[LibraryEntry]:
    """Every duty of the package: how many offices in sight carry it, what it costs, and with which it overlaps.

    Two duties overlap when the same seat owes the same kind of evidence in the same pillar: one record
    could then serve both, and the two should perhaps be one.
    """
    counted = {
        row["duty"]: row
        for row in DutyItem.objects.filter(
            duty_list__in=duty_lists_visible_to(acting).filter(cycle=cycle).order_by().values("pk"),
            withdrawn=False,
        )
        .order_by()
        .values("duty")
        .annotate(
            offices=Count("office", distinct=True), n=Sum("times"), minutes=Sum(F("times") * F("minutes"))
        )
    }
    alike: dict[tuple[str, str, tuple[str, ...]], list[str]] = defaultdict(list)
    for duty in cycle.package.duties:
        alike[duty.who, duty.pillar, tuple(sorted(duty.evidence))].append(duty.id)
    entries = []
    for duty in cycle.package.duties:
        row = counted.get(duty.id, {"offices": 0, "n": 0, "minutes": 0})
        same = alike[duty.who, duty.pillar, tuple(sorted(duty.evidence))]
        entries.append(
            LibraryEntry(
                duty=duty,
                offices=row["offices"],
                times=row["n"] or 0,
                minutes=Decimal(row["minutes"] or 0),
                overlaps=[other for other in same if other != duty.id],
                sees_all=acting.sees(cycle.unit.path),
            )
        )
    return entries

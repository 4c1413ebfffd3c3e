"""How many minutes an issuing unit may ask in a year, and how many it has asked."""

from __future__ import annotations

from dataclasses import dataclass

from guantong.burden import terms
from guantong.burden.models import Budget
from guantong.burden.queries.meter import minutes_asked_by
from guantong.mechanisms.models import Cycle
from guantong.organisation.models import Unit


@dataclass(frozen=True, slots=True)
class Standing:
    """``most`` is None where nobody set a budget; ``budget`` is the row that set it, the package otherwise."""

    asked: int
    most: int | None
    budget: Budget | None = None

    @property
    def left(self) -> int | None:
        return None if self.most is None else self.most - self.asked

    @property
    def percent(self) -> int | None:
        if self.most is None:
            return None
        return round(100 * self.asked / self.most) if self.most else 100

    def is_over_with(self, minutes: int) -> bool:
        return self.most is not None and self.asked + minutes > self.most


def standing_of(unit: Unit, cycle: Cycle) -> Standing:
    """The budget set last for the unit, else the package's, else none."""
    budget = Budget.objects.filter(cycle=cycle, unit=unit).select_related("set_by").order_by("-pk").first()
    most = budget.minutes if budget else terms.minutes_per_issuer(cycle.package)
    return Standing(minutes_asked_by(unit, cycle), most, budget)


def budgets_by_unit(cycle: Cycle) -> dict[int, int]:
    """Unit key → minutes, where somebody set a budget: one query."""
    rows = Budget.objects.filter(cycle=cycle).order_by("pk").values_list("unit", "minutes")
    return dict(rows)

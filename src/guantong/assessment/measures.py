"""What an indicator of a package measures, on the rows of a ledger.

Record families of package-format.md 4.2 that no room keeps yet (cases, problems, sections) answer
"no data"; that is not 0 and leaves the weight out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from guantong.accounts.models import Office
from guantong.assessment.algebra import Measured
from guantong.assessment.ledger import Ledger, Row, under_offices, under_units
from guantong.mechanisms.package import Indicator
from guantong.organisation.models import Unit

Traced = list[tuple[str, int, bool]]


@dataclass(frozen=True)
class Subject:
    """Who is scored: a unit with all below it, or one office."""

    unit: Unit
    office: Office | None = None


@dataclass(frozen=True)
class Reading:
    """A measured value and the rows it was made from: (family, id, counted in the numerator)."""

    measured: Measured
    traced: Traced = field(default_factory=list)


Counted = Callable[[Row], bool]

# Words a package may use in a ratio's numerator, per family.
COUNTED: dict[str, dict[str, Counted]] = {
    "tasks": {
        "closed_on_time": lambda row: row.on_time,
        "closed": lambda row: row.done,
        "late": lambda row: row.due and not row.on_time,
    },
    "duties": {
        "done": lambda row: row.done,
        "done_on_time": lambda row: row.on_time,
        "signed_by_due": lambda row: row.on_time,
        "signed": lambda row: row.done,
    },
    "reports": {
        "late": lambda row: row.due and not row.on_time,
        "on_time": lambda row: row.on_time,
        "done": lambda row: row.done,
    },
    "contacts": {"done": lambda row: row.done, "done_on_time": lambda row: row.on_time},
    "coverage": {"met": lambda row: row.done, "all": lambda row: True},
}


class Measures:
    """Answers each indicator for each subject; rows are sorted once per family."""

    def __init__(self, ledger: Ledger, subjects: list[Subject]) -> None:
        self.ledger = ledger
        self.paths = {subject.unit.path for subject in subjects if subject.office is None}
        self._sorted: dict[str, tuple[dict[str, list[Row]], dict[int, list[Row]]]] = {}
        self._pairing_duties = {duty.id for duty in ledger.cycle.package.duties if duty.pairing}

    def read(self, indicator: Indicator, subject: Subject) -> Reading:
        measure = indicator.measure
        if "ratio" in measure:
            return self._ratio(measure["ratio"], subject)
        if "count" in measure:
            return self._count(measure["count"], subject)
        if "rating" in measure or "sum_of_parts" in measure:
            return self._mark(indicator, subject)
        return Reading(Measured("no_data"))

    def _rows(self, family: str, where: Mapping[str, Any], subject: Subject) -> list[Row] | None:
        """The subject's rows of the family, or None where no room keeps that family."""
        key, rows = self._family(family, where)
        if rows is None:
            return None
        if key not in self._sorted:
            self._sorted[key] = (under_units(rows, self.paths), under_offices(rows))
        by_path, by_office = self._sorted[key]
        if subject.office is not None:
            found = by_office.get(subject.office.pk, [])
        else:
            found = by_path.get(subject.unit.path, [])
        pillars = where.get("pillar")
        if pillars:
            wanted = {pillars} if isinstance(pillars, str) else set(pillars)
            found = [row for row in found if row.pillar in wanted]
        return found

    def _family(self, family: str, where: Mapping[str, Any]) -> tuple[str, list[Row] | None]:
        if family == "tasks":
            return "tasks", self.ledger.tasks
        if family == "reports":
            return "reports", self.ledger.reports
        if family == "contacts":
            rows = [row for row in self.ledger.duties if row.rule in self._pairing_duties]
            return "contacts", rows
        if family == "duties":
            if where.get("duties") in {"signed_by_due", "signed", "issued"}:
                return "duty_lists", self.ledger.duty_lists
            return "duties", self.ledger.duties
        if family == "coverage":
            rule = str(where["coverage"]["rule"])
            return f"coverage:{rule}", self.ledger.covered(rule)
        return family, None

    def _ratio(self, ratio: Mapping[str, Any], subject: Subject) -> Reading:
        num, den = ratio["num"], ratio["den"]
        family = next(key for key in num if key in COUNTED or key not in {"pillar"})
        rows = self._rows(family, num, subject)
        if rows is None:
            return Reading(Measured("no_data"))
        word = num[family]["state"] if isinstance(num[family], Mapping) else num[family]
        counted = COUNTED[family].get(str(word))
        if counted is None:
            return Reading(Measured("no_data"))
        if not rows:
            return Reading(Measured("not_applicable"))
        live = [row for row in rows if not row.excused]
        if not live:
            return Reading(Measured("excused"))
        due = [row for row in live if row.due]
        if not due:
            return Reading(Measured("no_data"))
        hits = [row for row in due if counted(row)]
        del den  # the denominator is what was due (or all covered), which `due` says for every family
        measured = Measured(
            "measured",
            value=Decimal(len(hits)) / Decimal(len(due)),
            num=Decimal(len(hits)),
            den=Decimal(len(due)),
        )
        return Reading(measured, [(row.family, row.ref, counted(row)) for row in due])

    def _count(self, count: Mapping[str, Any], subject: Subject) -> Reading:
        family, word = next(iter(count.items()))
        if family in {"recognitions", "findings"}:
            return self._facts(family, str(word), subject)
        rows = self._rows(family, count, subject)
        counted = COUNTED.get(family, {}).get(str(word))
        if rows is None or counted is None:
            return Reading(Measured("no_data"))
        if not rows:
            return Reading(Measured("not_applicable"))
        due = [row for row in rows if row.due and not row.excused]
        if not due:
            return Reading(Measured("no_data"))
        hits = sum(1 for row in due if counted(row))
        measured = Measured("measured", value=Decimal(hits), num=Decimal(hits), den=Decimal(len(due)))
        return Reading(measured, [(row.family, row.ref, counted(row)) for row in due])

    def _facts(self, family: str, kind: str, subject: Subject) -> Reading:
        """Confirmed facts: none confirmed is a true zero. ``confirmed`` takes every kind of the family."""
        hits = [
            ref
            for ref, unit, of_family, of_kind in self.ledger.facts
            if unit == subject.unit.pk and of_family == family and kind in {"confirmed", of_kind}
        ]
        measured = Measured("measured", value=Decimal(len(hits)), num=Decimal(len(hits)), den=None)
        return Reading(measured, [("facts", ref, True) for ref in hits])

    def _mark(self, indicator: Indicator, subject: Subject) -> Reading:
        found = self.ledger.marks.get((subject.unit.pk, indicator.id))
        if found is None or subject.office is not None:
            return Reading(Measured("no_data"))
        ref, value, scale = found
        return Reading(
            Measured("measured", value=value / scale, num=value, den=scale), [("marks", ref, True)]
        )

"""What an indicator of a package measures, on the rows of a snapshot.

Record families of package-format.md 4.2 that no room keeps yet (problems, sections) answer
"no data"; that is not 0 and leaves the weight out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from guantong.assessment.algebra import Measured
from guantong.assessment.ledger import Ledger, Row, under_offices, under_units
from guantong.assessment.marking import Marked, marked
from guantong.mechanisms.package import Indicator

Traced = list[tuple[str, int, bool]]


@dataclass(frozen=True, slots=True)
class Subject:
    """Who is scored: a unit with all below it, or one office. Numbers and words only, as a snapshot has them."""

    unit: int
    code: str
    name: str
    subkind: str
    path: str
    office: int | None = None
    title: str | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """A measured value and the rows it was made from: (family, id, counted in the numerator).

    ``terms`` are the readings of an indicator that adds and deducts by several counts; ``note`` says how a value
    came about where its numbers alone do not.
    """

    measured: Measured
    traced: Traced = field(default_factory=list)
    note: str = ""
    terms: tuple[Measured, ...] = ()


NO_DATA = Reading(Measured("no_data"))
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
        "late": lambda row: row.due and not row.on_time,
    },
    "reports": {
        "late": lambda row: row.due and not row.on_time,
        "on_time": lambda row: row.on_time,
        "done": lambda row: row.done,
    },
    "contacts": {
        "done": lambda row: row.done,
        "done_on_time": lambda row: row.on_time,
        "late": lambda row: row.due and not row.on_time,
    },
    "cases": {
        "closed_in_time": lambda row: row.on_time,
        "closed": lambda row: row.done,
        "late": lambda row: row.due and not row.on_time,
    },
    "coverage": {"met": lambda row: row.done, "gap": lambda row: not row.done, "all": lambda row: True},
}
# Words that take everything owed into a denominator, due or not; lists to sign always count when due.
EVERYTHING = frozenset({"all", "issued"})
# Where the row of a family stands: asked progress and a part in a case are obligations as duties are.
KEPT_AS = {"reports": "duties", "cases": "duties"}


class Measures:
    """Answers each indicator for each subject; rows are sorted once per family and filter."""

    def __init__(self, ledger: Ledger, subjects: Sequence[Subject]) -> None:
        self.ledger = ledger
        self.paths = {subject.path for subject in subjects if subject.office is None}
        self._sorted: dict[
            tuple[str, tuple[str, ...]], tuple[dict[str, list[Row]], dict[int, list[Row]]] | None
        ] = {}

    def read(self, indicator: Indicator, subject: Subject) -> Reading:
        measure = indicator.measure
        if "ratio" in measure:
            return self._ratio(measure["ratio"], subject)
        if "count" in measure:
            return self._count(measure["count"], subject)
        if "terms" in measure:
            return self._terms(indicator, subject)
        if "rating" in measure or "sum_of_parts" in measure:
            return self._mark(indicator, subject)
        return NO_DATA

    def _rows(self, family: str, where: Mapping[str, Any], subject: Subject) -> list[Row] | None:
        """The subject's rows of the family, or None where no room keeps that family."""
        pillars = where.get("pillar") or ()
        wanted = (pillars,) if isinstance(pillars, str) else tuple(pillars)
        key = (_family(family, where), wanted)
        if key not in self._sorted:
            rows = self.ledger.rows(key[0])
            if rows is not None and wanted:
                rows = [row for row in rows if row.pillar in wanted]
            self._sorted[key] = None if rows is None else (under_units(rows, self.paths), under_offices(rows))
        found = self._sorted[key]
        if found is None:
            return None
        if subject.office is not None:
            return found[1].get(subject.office, [])
        return found[0].get(subject.path, [])

    def _ratio(self, ratio: Mapping[str, Any], subject: Subject) -> Reading:
        num, den = ratio["num"], ratio["den"]
        family = _counted_family(num)
        rows = self._rows(family, num, subject)
        counted = COUNTED.get(family, {}).get(_word(num, family))
        if rows is None or counted is None:
            return NO_DATA
        if not rows:
            return Reading(Measured("not_applicable"))
        live = [row for row in rows if not row.excused]
        if not live:
            return Reading(Measured("excused"))
        whole = _word(den, family) in EVERYTHING and live[0].family != "duty_lists"
        due = live if whole else [row for row in live if row.due]
        if not due:
            return NO_DATA
        traced = [(KEPT_AS.get(row.family, row.family), row.ref, counted(row)) for row in due]
        hits, of = Decimal(sum(1 for each in traced if each[2])), Decimal(len(due))
        return Reading(Measured("measured", hits / of, hits, of), traced)

    def _count(self, count: Mapping[str, Any], subject: Subject) -> Reading:
        family = _counted_family(count)
        word = _word(count, family)
        if family in {"recognitions", "findings"}:
            return self._facts(family, word, subject)
        rows = self._rows(family, count, subject)
        counted = COUNTED.get(family, {}).get(word)
        if rows is None or counted is None:
            return NO_DATA
        if not rows:
            return Reading(Measured("not_applicable"))
        live = [row for row in rows if not row.excused]
        if not live:
            return Reading(Measured("excused"))
        due = [row for row in live if row.due]
        if not due:
            return NO_DATA
        traced = [(KEPT_AS.get(row.family, row.family), row.ref, counted(row)) for row in due]
        hits = Decimal(sum(1 for each in traced if each[2]))
        return Reading(Measured("measured", hits, hits, Decimal(len(due))), traced)

    def _facts(self, family: str, kind: str, subject: Subject) -> Reading:
        """Confirmed facts: none confirmed is a true zero. ``confirmed`` takes every kind of the family."""
        traced = [
            (source, ref, True)
            for source, ref, of_kind in self.ledger.facts.get((subject.unit, subject.office, family), ())
            if kind in {"confirmed", of_kind}
        ]
        hits = Decimal(len(traced))
        return Reading(Measured("measured", hits, hits), traced)

    def _terms(self, indicator: Indicator, subject: Subject) -> Reading:
        """Several counts that one indicator adds and deducts by; it is measured where one of them is."""
        scoring = indicator.scoring
        terms = scoring["terms"] if isinstance(scoring, Mapping) else []
        readings = [self._count(term["count"], subject) for term in terms]
        found = tuple(each.measured for each in readings)
        hits = [each.value for each in found if each.status == "measured" and each.value is not None]
        if not hits:
            return Reading(found[0] if found else Measured("no_data"))
        total = sum(hits, Decimal(0))
        behind: dict[tuple[str, int], bool] = {}
        for each in readings:
            for source, ref, counted in each.traced:
                behind[source, ref] = behind.get((source, ref), False) or counted
        traced = [(source, ref, counted) for (source, ref), counted in behind.items()]
        return Reading(Measured("measured", total, total), traced, terms=found)

    def _mark(self, indicator: Indicator, subject: Subject) -> Reading:
        given = self.ledger.marks.get((subject.unit, subject.office, indicator.id))
        if given is None:
            return NO_DATA
        found: Marked = marked(indicator, given)
        if found.num is None or found.den is None:
            return Reading(Measured("no_data"), [], found.note)
        return Reading(
            Measured("measured", found.num / found.den, found.num, found.den), found.traced, found.note
        )


def _counted_family(side: Mapping[str, Any]) -> str:
    """The record family that a side of a measure names."""
    return next((key for key in side if key != "pillar"), "")


def _word(side: Mapping[str, Any], family: str) -> str:
    said = side.get(family)
    return str(said["state"] if isinstance(said, Mapping) else said)


def _family(family: str, where: Mapping[str, Any]) -> str:
    """Which rows: those of a family, of the lists to sign, of a coverage rule."""
    if family == "duties" and where["duties"] in {"signed_by_due", "signed", "issued"}:
        return "duty_lists"
    if family == "coverage":
        return f"coverage:{where['coverage']['rule']}"
    return family

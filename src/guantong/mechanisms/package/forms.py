"""Rule 7: how many records the package asks of each office in a year, and how many minutes they take."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from guantong.kernel.bilingual import Text
from guantong.kernel.decimals import round_half_up
from guantong.mechanisms.package.building import cadence_of
from guantong.mechanisms.package.model import Cadence, DutyTemplate, Package
from guantong.mechanisms.package.vocabulary import MINUTES_BY_EVIDENCE

DAYS_OF_MONTH = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
WORKDAYS_OF_YEAR = 250  # 365 days less weekends and the statutory holidays, by and large
ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class TreeFacts:
    """How many subjects an office has on average, for duties owed for each of them."""

    villages_per_township: Decimal = Decimal(1)
    pairings_per_office: Decimal = Decimal(1)
    sections_per_office: Decimal = Decimal(1)

    def number_of(self, each: str | None) -> Decimal:
        return {
            "village": self.villages_per_township,
            "pairing": self.pairings_per_office,
            "section": self.sections_per_office,
        }.get(each or "", Decimal(1))


def _json_number(value: Decimal) -> int | float:
    return int(value) if value == value.to_integral_value() else float(value)


@dataclass(frozen=True, slots=True)
class FormPart:
    """One duty's share. ``times`` is per year and per ``each``; duties on an event or a condition count 0."""

    duty: str
    what: Text
    times: Decimal
    each: str | None
    forms_per_year: Decimal
    minutes_per_year: Decimal
    upon: str | None = None
    conditional: bool = False

    def as_json(self) -> dict[str, Any]:
        return {
            "duty": self.duty,
            "what": self.what.as_json(),
            "times": _json_number(self.times),
            "each": self.each,
            "forms_per_year": _json_number(self.forms_per_year),
            "minutes_per_year": _json_number(self.minutes_per_year),
            "upon": self.upon,
            "conditional": self.conditional,
        }


@dataclass(frozen=True, slots=True)
class FormCount:
    """What an office is asked to write in a year."""

    office: str
    name: Text
    forms_per_year: Decimal
    minutes_per_year: Decimal
    parts: tuple[FormPart, ...]

    def as_json(self) -> dict[str, Any]:
        return {
            "office": self.office,
            "name": self.name.as_json(),
            "forms_per_year": _json_number(self.forms_per_year),
            "minutes_per_year": _json_number(self.minutes_per_year),
            "parts": [part.as_json() for part in self.parts],
        }


def form_counts(package: Package, *, tree: TreeFacts | None = None) -> list[FormCount]:
    """One count for each office, in the package's order; without facts, one village, pairing and section."""
    facts = tree or TreeFacts()
    counts = []
    for seat in package.offices:
        parts = tuple(_parts(package, seat.id, facts))
        forms = sum((part.forms_per_year for part in parts), ZERO)
        minutes = sum((part.minutes_per_year for part in parts), ZERO)
        counts.append(FormCount(seat.id, seat.name, forms, minutes, parts))
    return counts


def _parts(package: Package, office: str, facts: TreeFacts) -> Iterator[FormPart]:
    for duty in package.duties:
        if duty.who == office:
            yield _of_duty(duty, facts)
    fulfilled = {duty.pairing for duty in package.duties}
    for pairing in package.pairing:
        if pairing["who"] == office and pairing["id"] not in fulfilled and pairing.get("cadence"):
            cadence = cadence_of(pairing)
            minutes = MINUTES_BY_EVIDENCE["contact_note"]
            what = Text("结对联系记录", "Contact record")
            yield _part(pairing["id"], what, cadence, "pairing", minutes, facts)


def _of_duty(duty: DutyTemplate, facts: TreeFacts) -> FormPart:
    if set(duty.evidence) <= {"none"}:
        return FormPart(duty.id, duty.what, ZERO, duty.cadence.each, ZERO, ZERO, duty.cadence.upon)
    return _part(
        duty.id,
        duty.what,
        duty.cadence,
        duty.cadence.each,
        duty.minutes,
        facts,
        conditional=duty.when is not None,
    )


def _part(
    identifier: str,
    what: Text,
    cadence: Cadence,
    each: str | None,
    minutes: int,
    facts: TreeFacts,
    *,
    conditional: bool = False,
) -> FormPart:
    times = times_in_year(cadence)
    forms = ZERO if conditional else times * facts.number_of(each)
    return FormPart(identifier, what, times, each, forms, forms * minutes, cadence.upon, conditional)


def times_in_year(cadence: Cadence) -> Decimal:
    """Expected times in a year of 365 days. Weekly from March to December is 44, not 52."""
    if cadence.upon or not cadence.per:
        return ZERO
    return Decimal(max(cadence.count or 1, 1)) * _periods(cadence.per, cadence.months)


def _periods(per: str, months: tuple[int, ...]) -> Decimal:
    season = set(months) or set(range(1, 13))
    if per in {"week", "workday"}:
        days = Decimal(sum(DAYS_OF_MONTH[month - 1] for month in season))
        exact = days / 7 if per == "week" else days * WORKDAYS_OF_YEAR / 365
        return round_half_up(exact, Decimal(1))
    closing = {"year": {12}, "half": {6, 12}, "quarter": {3, 6, 9, 12}}.get(per, set(range(1, 13)))
    return Decimal(len(season & closing) * (3 if per == "ten_days" else 1))

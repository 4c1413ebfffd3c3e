"""What the package says about paired contact, typed, with a default where it is silent; and who may do what."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy

from guantong.accounts.acting import Acting, Actor
from guantong.kernel.periods import DAY, Period, periods
from guantong.leadership.models import Pairing
from guantong.mechanisms.package import Package
from guantong.mechanisms.package.model import DutyTemplate
from guantong.partners.choices import PartnerKind
from guantong.partners.models import Partner

# The three mechanisms of paired contact (mission T7): what a word of `partner_kinds` takes in.
MECHANISMS: dict[str, frozenset[str]] = {
    "organisation": frozenset({PartnerKind.ORGANISATION}),
    "representative": frozenset({PartnerKind.REPRESENTATIVE}),
    "enterprise": frozenset({PartnerKind.ENTERPRISE, PartnerKind.CHAMBER}),
}
MECHANISM_NAMES = {
    "organisation": gettext_lazy("联系组织团体"),
    "representative": gettext_lazy("联系代表人士"),
    "enterprise": gettext_lazy("联系企业和商会"),
}
LEAST, MOST = 0, 5  # partners of one office
VISITS, VISITS_PER = 6, "year"  # visits a partner bears, from everybody together
RETENTION_DAYS = 365
ROTATE_AFTER = 3  # years in a row with the same office, where the package says nothing


@dataclass(frozen=True, slots=True)
class PairingTerms:
    """One rule of the package. ``duty`` is the duty that asks for the contact; without one nothing is owed."""

    rule: str
    who: str
    kinds: frozenset[str]
    least: int
    most: int
    count: int
    per: str | None
    visits: int
    visits_per: str
    retention_days: int
    rotate_after: int
    duty: DutyTemplate | None

    @property
    def mechanisms(self) -> list[str]:
        return [name for name, kinds in MECHANISMS.items() if kinds & self.kinds]


def terms_of(package: Package) -> list[PairingTerms]:
    """The pairing rules of the package that are about partners, in its order; other things may be paired too."""
    found = [_terms(row, package) for row in package.pairing]
    return [each for each in found if each.kinds]


def _terms(row: Mapping[str, Any], package: Package) -> PairingTerms:
    load, visits, person = row.get("load") or {}, row.get("visits") or {}, row.get("partner_person") or {}
    duty = next((each for each in package.duties if each.pairing == row["id"]), None)
    said = row.get("cadence") or {}
    cadence = duty.cadence if duty else None
    return PairingTerms(
        rule=row["id"],
        who=row["who"],
        kinds=frozenset().union(*(_kinds(word) for word in row["partner_kinds"])),
        least=int(load.get("min", LEAST)),
        most=int(load.get("max", MOST)),
        count=max(int(said.get("count") or (cadence.count if cadence else 0) or 1), 1),
        per=said.get("per") or (cadence.per if cadence else None),
        visits=int(visits.get("max", VISITS)),
        visits_per=visits.get("per", VISITS_PER),
        retention_days=package.kept_days(
            "contact_person", person.get("retention_days"), default=RETENTION_DAYS
        ),
        rotate_after=int(row.get("rotate_after_years", ROTATE_AFTER)),
        duty=duty,
    )


def _kinds(word: str) -> frozenset[str]:
    if word in MECHANISMS:
        return MECHANISMS[word]
    return frozenset({word}) if word in PartnerKind.values else frozenset()


def terms_for(package: Package, kind: str) -> PairingTerms | None:
    """The first rule that takes in partners of the kind."""
    return next((each for each in terms_of(package) if kind in each.kinds), None)


def terms_by_rule(package: Package, rule: str) -> PairingTerms | None:
    return next((each for each in terms_of(package) if each.rule == rule), None)


@dataclass(frozen=True, slots=True)
class Cap:
    """How many visits one partner bears in a period, from everybody together, and how many are taken."""

    most: int
    taken: int
    period: Period

    @property
    def left(self) -> int:
        return max(self.most - self.taken, 0)

    @property
    def is_spent(self) -> bool:
        return self.taken >= self.most


def cap_terms(package: Package, kind: str) -> tuple[int, str]:
    """(visits, per) that hold for partners of the kind; the same without a pairing rule."""
    terms = terms_for(package, kind)
    return (terms.visits, terms.visits_per) if terms else (VISITS, VISITS_PER)


def period_around(per: str, day: dt.date) -> Period:
    """The period of the cadence that holds the day; a day off between working days stands by itself."""
    start, end = dt.date(day.year - 1, 12, 1), dt.date(day.year + 1, 1, 31)
    if per in ("year", "half", "quarter", "month"):
        start, end = dt.date(day.year, 1, 1), dt.date(day.year, 12, 31)
    found = (each for each in periods(per, start=start, end=end) if each.starts <= day <= each.ends)
    return next(
        found,
        Period(
            periods("year", start=dt.date(day.year, 1, 1), end=dt.date(day.year, 12, 31))[0].label, day, day
        ),
    )


def may_run(actor: Actor, partner: Partner) -> bool:
    """Confirm, hand over and end pairings: the coordinating office, for partners in its sight."""
    return actor.may("leadership.run") and actor.sees(partner.area.path)


def keeps(actor: Actor, pairing: Pairing) -> bool:
    """Whether the office acted for is the one that keeps the contact."""
    return isinstance(actor, Acting) and actor.office_ref == pairing.office_id


def counted_periods(terms: PairingTerms, *, start: dt.date, end: dt.date, since: dt.date) -> Iterator[Period]:
    """The periods in which a contact is owed by a pairing that began on ``since``.

    The period under way counts where at least half of it is still to come; its window begins with the pairing.
    """
    if terms.per is None:
        return
    for period in periods(terms.per, start=start, end=end):
        half = period.starts + (period.ends - period.starts + DAY) / 2
        if since <= period.starts:
            yield period
        elif since <= half:
            yield Period(period.label, since, period.ends)

"""A campaign as a picture: the units treated and those beside them, on the first day and on the last."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, QuerySet

from guantong.accounts.acting import Acting, Actor
from guantong.grassroots.campaign_terms import CRITERIA, Criterion, Terms, terms_named
from guantong.grassroots.models import Campaign
from guantong.grassroots.queries.measures import POSTED, Values, population, values_on, values_read
from guantong.grassroots.spread import Spread, spread
from guantong.mechanisms.models import Cycle
from guantong.mechanisms.queries import cycles_visible_to
from guantong.organisation.models import Unit


def campaigns_visible_to(acting: Actor) -> QuerySet[Campaign]:
    """Those of visible cycles."""
    found = Campaign.objects.select_related("cycle__stored", "cycle__unit", "launched_by")
    if isinstance(acting, Acting):
        found = found.filter(cycle__in=cycles_visible_to(acting).values("pk"))
    return found.annotate(n_units=Count("units")).order_by("-starts_on", "-pk")


@dataclass(frozen=True, slots=True)
class Line:
    """One unit: treated or beside, and its measure on the two days."""

    unit: Unit
    is_treated: bool
    before: Decimal | None
    after: Decimal | None

    @property
    def change(self) -> Decimal | None:
        return None if self.before is None or self.after is None else self.after - self.before


@dataclass(frozen=True, slots=True)
class Group:
    """Treated or untreated units. Without spreads where they are too few to be told together."""

    is_treated: bool
    n: int
    before: Spread | None = None
    after: Spread | None = None
    is_few: bool = False


@dataclass(frozen=True, slots=True)
class Picture:
    """One criterion. ``criterion`` is None where the program cannot measure it."""

    id: str
    criterion: Criterion | None
    first: dt.date
    last: dt.date
    lines: list[Line]
    groups: list[Group]


def terms_of(campaign: Campaign) -> Terms | None:
    return terms_named(campaign.cycle.package, campaign.identifier)


def last_day(campaign: Campaign, today: dt.date) -> dt.date:
    """The second day of the picture: the campaign's last, or today while it runs."""
    return min(campaign.ends_on, today) if campaign.ended_at is None else campaign.ends_on


def picture(campaign: Campaign, criterion: str, *, path: str, today: dt.date) -> Picture:
    """The measure over the units of a subtree on both days. A fixed number of queries."""
    terms, last = terms_of(campaign), last_day(campaign, today)
    known = CRITERIA.get(criterion)
    if terms is None or known is None:
        return Picture(criterion, None, campaign.starts_on, last, [], [])
    units = population(terms, path, (campaign.starts_on, last))
    treated = set(campaign.units.values_list("unit", flat=True))
    ids = [each.pk for each in units]
    before = _values(campaign, criterion, ids, campaign.starts_on, terms, "before")
    after = _values(campaign, criterion, ids, last, terms, "after")
    lines = [Line(each, each.pk in treated, before.get(each.pk), after.get(each.pk)) for each in units]
    return Picture(
        criterion,
        known,
        campaign.starts_on,
        last,
        lines,
        [_group(lines, True, terms), _group(lines, False, terms)],
    )


def _values(
    campaign: Campaign, criterion: str, units: list[int], day: dt.date, terms: Terms, which: str
) -> Values:
    if criterion in POSTED and criterion in campaign.readings.get(which, {}):
        return values_read(campaign.readings[which][criterion], units)
    return values_on(criterion, units, day, terms)


def _group(lines: list[Line], is_treated: bool, terms: Terms) -> Group:
    found = [each for each in lines if each.is_treated is is_treated]
    if len(found) < terms.min_n:
        return Group(is_treated, len(found), is_few=True)
    return Group(
        is_treated,
        len(found),
        spread([each.before for each in found]),
        spread([each.after for each in found]),
    )


def running(cycle: Cycle, identifier: str) -> Campaign | None:
    """The campaign of this name that has not ended."""
    return Campaign.objects.filter(cycle=cycle, identifier=identifier, ended_at__isnull=True).first()

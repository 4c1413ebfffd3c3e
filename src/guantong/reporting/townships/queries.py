"""What the page of a township shows, in a fixed number of queries."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass, field

from django.db.models import Case, Count, IntegerField, Max, Min, Prefetch, Q, QuerySet, Sum, Value, When

from guantong.accounts.choices import Role
from guantong.accounts.models import Holding, Office
from guantong.grassroots.choices import ActivityStage
from guantong.grassroots.demand_chain import ENDED_STAGES
from guantong.grassroots.home_terms import HOME
from guantong.grassroots.models import Activity, Demand, DemandStep, Gap, Home, Service
from guantong.grassroots.queries.demands import WITH
from guantong.mechanisms.models import Cycle
from guantong.organisation.models import PAST, Unit
from guantong.privacy import keys

AT_THE_BASE = (Role.COMMISSIONER, Role.LIAISON, Role.HOME_KEEPER)
QUARTER = dt.timedelta(days=91)
SHOWN = 6


@dataclass
class Seat:
    """An office and who holds it today."""

    office: Office
    holders: list[Holding] = field(default_factory=list)


@dataclass
class Place:
    """The township, a village or a home, with its seats and figures."""

    unit: Unit
    seats: list[Seat] = field(default_factory=list)
    home: Home | None = None
    gap: Gap | None = None
    services: int = 0
    people: int = 0
    open_demands: int = 0
    held: int = 0
    came: int = 0
    last: dt.date | None = None
    coming: dt.date | None = None

    @property
    def is_vacant(self) -> bool:
        return not any(each.holders for each in self.seats)


@dataclass
class Picture:
    """``stages`` counts the year's demands, ``holding`` those open by the role of the office that has them."""

    township: Place
    villages: list[Place]
    homes: list[Place]
    stages: Counter[str]
    holding: Counter[str]
    demands: list[Demand]
    services: int = 0
    people: int = 0

    @property
    def covered(self) -> int:
        return sum(not each.is_vacant for each in self.villages)


def picture(cycle: Cycle, township: Unit, *, on: dt.date) -> Picture:
    """Everything of one township on a day."""
    below = Unit.objects.filter(path__gte=township.path, path__lt=township.path + PAST).open_on(on)
    units = below.filter(Q(pk=township.pk) | Q(kind="territory", level="village") | Q(kind=HOME)).order_by(
        "path"
    )
    places = {each.pk: Place(each) for each in units}
    places.setdefault(township.pk, Place(township))
    _seat(places, township, on)
    _note_gaps(places, cycle)
    _note_services(places, cycle)
    _note_homes(places, cycle, township, on)
    demands = Demand.objects.filter(
        cycle=cycle, unit__path__gte=township.path, unit__path__lt=township.path + PAST
    )
    stages, holding = _note_demands(places, demands)
    given = Service.objects.filter(
        pk__in=Service.villages.through.objects.filter(unit__in=list(places)).values("service"),
        item__cycle=cycle,
    ).aggregate(n=Count("pk"), people=Sum("people"))
    rest = [each for each in places.values() if each.unit.pk != township.pk]
    return Picture(
        township=places[township.pk],
        villages=[each for each in rest if each.unit.kind != HOME],
        homes=[each for each in rest if each.unit.kind == HOME],
        stages=stages,
        holding=holding,
        demands=_latest(demands),
        services=given["n"],
        people=given["people"] or 0,
    )


def _seat(places: dict[int, Place], township: Unit, on: dt.date) -> None:
    """The offices of the base, and their holders of the day."""
    offices = Office.objects.filter(
        Q(closed_on__isnull=True) | Q(closed_on__gt=on), role__in=AT_THE_BASE, unit__in=list(places)
    )
    held = Holding.objects.on(on).select_related("person").order_by("acting", "starts_on", "pk")
    found = list(
        offices.prefetch_related(Prefetch("holdings", held, to_attr="held")).order_by("seat", "number", "pk")
    )
    keys.load(holding.person.subject_id for office in found for holding in office.held)
    for office in found:
        places[office.unit_id].seats.append(Seat(office, office.held))


def _note_gaps(places: dict[int, Place], cycle: Cycle) -> None:
    gaps = Gap.objects.filter(cycle=cycle, closed_on__isnull=True, unit__in=list(places))
    for gap in gaps.select_related("obligation__office").order_by("-since", "-pk"):
        places[gap.unit_id].gap = gap


def _note_services(places: dict[int, Place], cycle: Cycle) -> None:
    rows = Service.villages.through.objects.filter(unit__in=list(places), service__item__cycle=cycle)
    for unit, n, people in (
        rows.order_by().values_list("unit").annotate(n=Count("pk"), people=Sum("service__people"))
    ):
        places[unit].services, places[unit].people = n, people


def _note_homes(places: dict[int, Place], cycle: Cycle, township: Unit, on: dt.date) -> None:
    """The register entries, and what went on and is planned: counted, not listed."""
    for home in Home.objects.filter(unit__in=list(places)):
        places[home.unit_id].home = home
    held, planned = Q(stage=ActivityStage.HELD, day__lte=on), Q(stage=ActivityStage.PLANNED, day__gte=on)
    recent = held & Q(day__gt=on - QUARTER)
    rows = (
        Activity.objects.filter(home__unit__in=list(places))
        .order_by()
        .values("home__unit")
        .annotate(
            n=Count("pk", filter=recent),
            came=Sum("signed_in", filter=recent),
            last=Max("day", filter=held),
            coming=Min("day", filter=planned),
        )
    )
    for row in rows:
        place = places[row["home__unit"]]
        place.held, place.came = row["n"], row["came"] or 0
        place.last, place.coming = row["last"], row["coming"]


def _note_demands(places: dict[int, Place], demands: QuerySet[Demand]) -> tuple[Counter[str], Counter[str]]:
    stages, holding = Counter[str](), Counter[str]()
    rows = (
        demands.order_by()
        .values_list("stage", "at_office__role", "unit", "home__unit")
        .annotate(n=Count("pk"))
    )
    for stage, role, unit, home, n in rows:
        stages[stage] += n
        if stage in ENDED_STAGES:
            continue
        holding[role if stage in ("raised", "taken_up") else stage] += n
        for each in {unit, home} & places.keys():
            places[each].open_demands += n
    return stages, holding


def _latest(demands: QuerySet[Demand]) -> list[Demand]:
    """Open ones first, the longest waiting on top, then those that ended, newest first; with their steps."""
    steps = DemandStep.objects.select_related("from_office", "to_office").order_by("taken_at", "pk")
    turn = Case(When(stage__in=ENDED_STAGES, then=Value(1)), default=Value(0), output_field=IntegerField())
    return list(
        demands.select_related(*WITH)
        .prefetch_related(Prefetch("steps", steps))
        .annotate(turn=turn)
        .order_by("turn", "raised_at", "pk")[:SHOWN]
    )

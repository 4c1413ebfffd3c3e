"""Reading matters: whose they are to see, what of them, and how they stand."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import (
    Case,
    Count,
    Exists,
    IntegerField,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)

from guantong.accounts.acting import Acting, Actor
from guantong.mechanisms.queries import cycles_visible_to
from guantong.obligations.choices import WORST_FIRST, Light
from guantong.organisation.models import PAST, Unit
from guantong.supervision.chain import ENDED_MATTERS, LIVE_PARTS
from guantong.supervision.choices import MatterStage, PartStage
from guantong.supervision.models import Matter, MatterPart, Subscription
from guantong.tasks.operations import ANSWERING_SEATS

HANDED_OUT = ~Q(stage=PartStage.PLANNED)
# From worst to best; a matter is lit like its worst part.


def matters_visible_to(acting: Actor) -> QuerySet[Matter]:
    """All of the cycles that the office runs; those in which a unit below it has a part; those it follows."""
    matters = Matter.objects.select_related("cycle__stored", "cycle__unit", "issued_by__unit")
    if not isinstance(acting, Acting):
        return matters
    if not acting.scope_path or acting.office is None:
        return matters.none()
    path = acting.scope_path
    parts = MatterPart.objects.filter(
        HANDED_OUT, matter=OuterRef("pk"), unit__path__gte=path, unit__path__lt=path + PAST
    )
    visible = Q(Exists(parts)) | Q(subscriptions__office=acting.office, subscriptions__ended_at=None)
    if acting.may("supervision.run"):
        visible |= Q(cycle__unit__path__gte=path, cycle__unit__path__lt=path + PAST)
    # a subquery keeps one row per matter, whatever the joins
    return matters.filter(pk__in=Matter.objects.filter(visible).values("pk"))


def parts_visible_to(acting: Actor) -> QuerySet[MatterPart]:
    """Parts of the units below the office, and all parts of the cycles that it runs."""
    parts = MatterPart.objects.select_related(
        "unit", "office", "obligation", "parent__unit", "matter__cycle__stored", "matter__cycle__unit",
        "matter__issued_by__unit",
    )  # fmt: skip
    if not isinstance(acting, Acting):
        return parts
    path = acting.scope_path
    if not path:
        return parts.none()
    visible = HANDED_OUT & Q(unit__path__gte=path, unit__path__lt=path + PAST)
    if acting.may("supervision.run"):
        visible |= Q(matter__cycle__unit__path__gte=path, matter__cycle__unit__path__lt=path + PAST)
    return parts.filter(visible)


def followable_by(acting: Actor) -> QuerySet[Matter]:
    """Numbered matters of the cycles that bind the office: what it may follow by number."""
    return Matter.objects.select_related("cycle__stored", "cycle__unit", "issued_by__unit").filter(
        cycle__in=cycles_visible_to(acting).order_by().values("pk"), number__isnull=False
    )


def seen_or_followed_by(acting: Acting) -> QuerySet[Matter]:
    """Matters in sight, and those that the office once followed: it may say twice that it no longer does."""
    followed = Subscription.objects.filter(office=acting.office_ref).values("matter")
    return Matter.objects.filter(
        Q(pk__in=matters_visible_to(acting).order_by().values("pk")) | Q(pk__in=followed)
    )


def with_standing(matters: QuerySet[Matter], *, on: dt.date) -> QuerySet[Matter]:
    """Each matter with ``worst`` (place in `WORST_FIRST`), ``n_parts``, ``n_unsigned`` and ``lead``."""
    live = MatterPart.objects.filter(matter=OuterRef("pk"), obligation__isnull=False).exclude(
        stage=PartStage.WITHDRAWN
    )
    rank = Case(
        *(When(obligation__light=light, then=Value(n)) for n, light in enumerate(WORST_FIRST)),
        output_field=IntegerField(),
    )
    unsigned = Q(parts__stage=PartStage.ASSIGNED, parts__sign_by__lt=on)
    return matters.annotate(
        worst=Subquery(live.order_by().values("matter").annotate(n=Min(rank)).values("n")),
        n_parts=Count("parts", filter=~Q(parts__stage=PartStage.WITHDRAWN)),
        n_unsigned=Count("parts", filter=unsigned),
        lead=Subquery(
            MatterPart.objects.filter(matter=OuterRef("pk"), part="lead")
            .exclude(stage=PartStage.WITHDRAWN)
            .values("unit__name")[:1]
        ),
    )


def worst_light(rank: int | None) -> str:
    return Light.NONE if rank is None else WORST_FIRST[rank]


def of_light(matters: QuerySet[Matter], light: str) -> QuerySet[Matter]:
    """Matters with a part of this light."""
    lit = MatterPart.objects.filter(matter=OuterRef("pk"), obligation__light=light).exclude(
        stage=PartStage.WITHDRAWN
    )
    return matters.filter(Exists(lit))


def unsigned_after(matters: QuerySet[Matter], day: dt.date) -> QuerySet[Matter]:
    """Matters with a part not signed for in its time."""
    late = MatterPart.objects.filter(matter=OuterRef("pk"), stage=PartStage.ASSIGNED, sign_by__lt=day)
    return matters.filter(Exists(late))


@dataclass(frozen=True, slots=True)
class Counts:
    """What the list says at its head."""

    open: int
    red: int
    unsigned: int
    to_strike_off: int
    closed: int


def counts_of(matters: QuerySet[Matter], *, on: dt.date) -> Counts:
    """In one query."""
    red = MatterPart.objects.filter(matter=OuterRef("pk"), obligation__light=Light.RED, stage__in=LIVE_PARTS)
    late = MatterPart.objects.filter(matter=OuterRef("pk"), stage=PartStage.ASSIGNED, sign_by__lt=on)
    done = (MatterStage.COMPLETED, MatterStage.VERIFIED)
    found = matters.order_by().aggregate(
        open=Count("pk", filter=~Q(stage__in=[*ENDED_MATTERS, MatterStage.DRAFT])),
        red=Count("pk", filter=Q(Exists(red))),
        unsigned=Count("pk", filter=Q(Exists(late))),
        to_strike_off=Count("pk", filter=Q(stage__in=done)),
        closed=Count("pk", filter=Q(stage=MatterStage.CLOSED)),
    )
    return Counts(**found)


def units_to_choose(matter_unit: Unit, *, acting: Actor, taken: set[int] | None = None) -> QuerySet[Unit]:
    """Units right below one that have an office to answer, without those that have a part already."""
    seated = Unit.objects.filter(
        pk=OuterRef("pk"), offices__seat__in=ANSWERING_SEATS, offices__closed_on=None,
        offices__role__in=ANSWERING_ROLES,
    )  # fmt: skip
    found = Unit.objects.children_of(matter_unit).filter(Exists(seated), closed_on=None)
    if isinstance(acting, Acting) and acting.office is not None:
        found = found.exclude(pk=acting.office.unit_id)
    return found.exclude(pk__in=taken or set()).order_by("kind", "path")


ANSWERING_ROLES = ("unit_head", "clerk", "commissioner", "liaison")


def number_text(matter: Matter) -> str:
    """督〔2026〕3号, or empty for a draft."""
    return f"督〔{matter.cycle.year}〕{matter.number}号" if matter.number else ""

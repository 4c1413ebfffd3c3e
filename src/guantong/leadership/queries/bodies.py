"""Reading bodies: which are in sight, who sat when, how often they met."""

from __future__ import annotations

import datetime as dt

from django.db.models import Count, Q, QuerySet

from guantong.accounts.acting import Acting, Actor
from guantong.kernel.periods import times
from guantong.leadership.choices import MeetingStage
from guantong.leadership.models import Body, FirstResponsible, Membership
from guantong.organisation.models import PAST


def bodies_visible_to(actor: Actor) -> QuerySet[Body]:
    """Bodies of the units in sight, and those in which the acting office sits or sat."""
    bodies = Body.objects.select_related("unit")
    if not isinstance(actor, Acting):
        return bodies
    if not actor.scope_path or actor.office is None:
        return bodies.none()
    path = actor.scope_path
    inside = Q(unit__path__gte=path, unit__path__lt=path + PAST)
    sat = Q(pk__in=Membership.objects.filter(office=actor.office).values("body"))
    answers = Q(pk__in=FirstResponsible.objects.filter(office=actor.office).values("body"))
    return bodies.filter(inside | sat | answers)


def with_figures(bodies: QuerySet[Body], *, year: int) -> QuerySet[Body]:
    """Each body with ``n_members`` now, ``n_held`` meetings of the year and the ``first`` responsible post's title."""
    return bodies.annotate(
        n_members=Count("memberships", filter=Q(memberships__ends_on=None), distinct=True),
        n_held=Count(
            "meetings",
            filter=Q(meetings__stage=MeetingStage.HELD, meetings__day__year=year),
            distinct=True,
        ),
    )


def members_on(body: Body, day: dt.date) -> QuerySet[Membership]:
    """Who sits in the body on a day."""
    on = Q(ends_on=None) | Q(ends_on__gte=day)
    return body.memberships.filter(on, starts_on__lte=day).select_related("office__unit").order_by("pk")


def meetings_wanted(body: Body, *, year: int, until: dt.date) -> int | None:
    """How many meetings the body's own rhythm asks for by the day, in whole periods; None where it has none."""
    if not body.meets_count or not body.meets_per:
        return None
    start, end = dt.date(year, 1, 1), min(until, dt.date(year, 12, 31))
    return body.meets_count * times(body.meets_per, start=max(start, body.opened_on), end=end)

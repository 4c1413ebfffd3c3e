"""Activities at homes: which an office sees, which a code opens, what comes next."""

from __future__ import annotations

import datetime as dt

from django.db.models import Count, QuerySet

from guantong.accounts.acting import Acting, Actor
from guantong.grassroots.activity_codes import tidy
from guantong.grassroots.choices import ActivityStage
from guantong.grassroots.models import Activity, Home
from guantong.organisation.models import PAST
from guantong.privacy.operations import link_digest

WITH = ("home__unit__parent", "planned_by__unit", "cycle__stored", "cycle__unit", "booking__room", "record")


def activities_visible_to(acting: Actor) -> QuerySet[Activity]:
    """Activities at homes of the visible subtree."""
    found = Activity.objects.select_related(*WITH)
    if not isinstance(acting, Acting):
        return found
    if not acting.scope_path:
        return found.none()
    path = acting.scope_path
    return found.filter(home__unit__path__gte=path, home__unit__path__lt=path + PAST)


def activity_of_code(code: str) -> Activity | None:
    """What the code of a sheet leads to."""
    code = tidy(code)
    if not code:
        return None
    return Activity.objects.select_related(*WITH).filter(sign_code_digest=link_digest(code)).first()


def coming(home: Home, *, on: dt.date) -> QuerySet[Activity]:
    """Planned from the day on, the next first."""
    rows = Activity.objects.filter(home=home, stage=ActivityStage.PLANNED, day__gte=on)
    return rows.order_by("day", "starts_at", "pk")


def to_record(home: Home, *, on: dt.date) -> QuerySet[Activity]:
    """Planned for a day that is over, and nobody has said how it went."""
    return Activity.objects.filter(home=home, stage=ActivityStage.PLANNED, day__lt=on).order_by("day", "pk")


def held_between(homes: QuerySet[Home], since: dt.date, until: dt.date) -> QuerySet[Activity]:
    """Held at the homes on days of the span, both ends in it, the latest first."""
    rows = Activity.objects.filter(home__in=homes, stage=ActivityStage.HELD, day__range=(since, until))
    return rows.order_by("-day", "-pk")


def numbers_held(homes: list[int], since: dt.date, until: dt.date) -> dict[int, int]:
    """How many each home held, in one query."""
    rows = Activity.objects.filter(home__in=homes, stage=ActivityStage.HELD, day__range=(since, until))
    return dict(rows.order_by().values("home").annotate(n=Count("pk")).values_list("home", "n"))

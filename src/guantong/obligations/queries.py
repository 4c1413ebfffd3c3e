"""Reading obligations, always within the scope of the office acted for."""

from __future__ import annotations

import datetime as dt

from django.db.models import Count, Q, QuerySet

from guantong.accounts.acting import Acting, Actor
from guantong.accounts.choices import Role
from guantong.accounts.models import Office
from guantong.mechanisms.models import Cycle
from guantong.obligations.choices import CLAIMABLE, Light, Reviewer, State, Verdict
from guantong.obligations.models import Claim, Obligation
from guantong.obligations.origins import ON_THEIR_OWN_PAGE
from guantong.organisation.models import Unit
from guantong.records.choices import kinds_fitting
from guantong.records.models import Record


def obligations_visible_to(acting: Actor) -> QuerySet[Obligation]:
    """The obligations of the visible subtree."""
    if not isinstance(acting, Acting):
        return Obligation.objects.all()
    if not acting.scope_path:
        return Obligation.objects.none()
    return in_subtree(Obligation.objects.all(), acting.scope_path)


def in_subtree(obligations: QuerySet[Obligation], path: str) -> QuerySet[Obligation]:
    return obligations.filter(unit_path__gte=path, unit_path__lt=path + "~")


def owed_by(office: Office, *, cycle: Cycle | None = None) -> QuerySet[Obligation]:
    """What an office still has to do, most urgent first."""
    owed = Obligation.objects.filter(office=office, state__in=CLAIMABLE)
    return (owed.filter(cycle=cycle) if cycle else owed).order_by("due_on", "pk")


def claims_awaiting_review(acting: Actor) -> QuerySet[Claim]:
    """Claims whose next step of review the acting office may take, oldest first."""
    if not acting.may("obligations.review"):
        return Claim.objects.none()
    # an earlier claim of the same obligation ended with a returned step
    claims = Claim.objects.filter(obligation__state=State.CLAIMED).exclude(reviews__verdict=Verdict.RETURNED)
    if isinstance(acting, Acting):
        assert acting.office is not None
        path, role = acting.scope_path, acting.office.role
        inside = Q(obligation__unit=acting.office.unit_id)
        mine = ~inside & Q(obligation__next_review__in=["", Reviewer.ISSUER])
        if role == Role.UNIT_HEAD:
            mine |= inside & Q(obligation__next_review=Reviewer.OWN_HEAD)
        if role == Role.LEADER:
            mine = ~inside & Q(obligation__next_review=Reviewer.LEADER)
        claims = claims.filter(mine, obligation__unit_path__gte=path, obligation__unit_path__lt=path + "~")
        for people in ("claimant__in", "claimed_in_place_of__in", "reviews__reviewer__in"):
            claims = claims.exclude(**{people: acting.behind})
    return claims.select_related(
        "obligation__unit", "obligation__office", "obligation__cycle", "record", "claimed_by"
    ).order_by("claimed_at", "pk")


def obligations_a_record_may_fulfil(
    *, kind: str, happened_on: dt.date, office: Office, limit: int = 20
) -> list[Obligation]:
    """Open obligations of the unit whose window holds the day and whose evidence takes this kind.

    The office's own come first, then the nearest due day. Used to propose, never to decide.
    """
    candidates = (
        Obligation.objects.filter(unit=office.unit_id, state__in=CLAIMABLE, starts_on__lte=happened_on)
        .exclude(source__in=ON_THEIR_OWN_PAGE)
        .filter(Q(due_on__isnull=True) | Q(due_on__gte=happened_on - dt.timedelta(days=92)))
        .select_related("office", "unit")
        .order_by("due_on", "pk")[:200]
    )
    fitting = [each for each in candidates if kind in kinds_fitting(each.evidence)]
    fitting.sort(key=lambda each: (each.office_id != office.pk, each.due_on or dt.date.max, each.pk))
    return fitting[:limit]


def light_counts(obligations: QuerySet[Obligation]) -> dict[str, int]:
    """How many of each light."""
    counts = dict.fromkeys(Light.values, 0)
    for light, number in obligations.order_by().values_list("light").annotate(n=Count("pk")):
        counts[light] = number
    return counts


def units_with_obligations(cycle: Cycle, under: Unit) -> QuerySet[Unit]:
    return Unit.objects.below(under).filter(obligations__cycle=cycle).distinct()


def obligations_fed_by(record: Record) -> QuerySet[Obligation]:
    """Every obligation that the record was claimed to fulfil."""
    return (
        Obligation.objects.filter(claims__record=record)
        .select_related("unit", "office", "cycle")
        .order_by("due_on", "pk")
        .distinct()
    )

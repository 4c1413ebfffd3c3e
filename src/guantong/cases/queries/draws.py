"""Closed cases that may be called back, and the draws that chose among them."""

from __future__ import annotations

import datetime as dt

from django.db.models import F, QuerySet

from guantong.accounts.acting import Acting, Actor
from guantong.cases.choices import CaseStage
from guantong.cases.conflicts import apart_from_parties
from guantong.cases.models import CallBackDraw, Case, Closure
from guantong.cases.queries.visible import cases_visible_to
from guantong.mechanisms.models import Cycle
from guantong.organisation.models import PAST, Unit


def number_of(closure: Closure) -> str:
    """How a list names a closed case: its public number, with the round from the second on."""
    return closure.case.reference + (f"/{closure.round}" if closure.round > 1 else "")


def closures_to_draw_from(cycle: Cycle, unit: Unit, *, since: dt.date, until: dt.date) -> QuerySet[Closure]:
    """Those of the last round that nobody has drawn from yet, of applicants who left a way to reach them."""
    return (
        Closure.objects.filter(
            case__cycle=cycle,
            case__unit__path__gte=unit.path,
            case__unit__path__lt=unit.path + PAST,
            case__stage=CaseStage.CLOSED,
            case__closed_on__gte=since,
            case__closed_on__lte=until,
            case__subject__erased_at__isnull=True,
            drawn_in__isnull=True,
            called_back__isnull=True,
            round=F("case__reopened") + 1,
        )
        .exclude(case__contact_index="")
        .select_related("case")
        .order_by("case__number")
    )


def draws_visible_to(acting: Actor) -> QuerySet[CallBackDraw]:
    draws = CallBackDraw.objects.select_related("unit", "cycle__unit").order_by("-frozen_at")
    if not isinstance(acting, Acting):
        return draws
    if not acting.may("cases.run") or not acting.scope_path:
        return draws.none()
    return draws.filter(unit__path__gte=acting.scope_path, unit__path__lt=acting.scope_path + PAST)


def call_backs_to_make(acting: Actor) -> QuerySet[Closure]:
    """Drawn and not yet made, of cases the office may open."""
    cases: QuerySet[Case] = cases_visible_to(acting)
    if isinstance(acting, Acting):
        cases = apart_from_parties(cases, acting)
    return (
        Closure.objects.filter(
            case__in=cases, drawn_in__isnull=False, called_back__isnull=True, round=F("case__reopened") + 1
        )
        .select_related("case__unit", "drawn_in")
        .order_by("closed_at")
    )

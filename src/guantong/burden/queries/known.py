"""What a unit has already answered: asked once, used everywhere."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Max, QuerySet

from guantong.accounts.acting import Acting, Actor
from guantong.burden.models import Answer, Field
from guantong.burden.rules.asking import reach_of
from guantong.obligations.choices import Verdict
from guantong.organisation.models import Unit


@dataclass(frozen=True, slots=True)
class Known:
    """The last value of a field for a unit, the day it is of, and the request that asked it."""

    field: int
    unit: int
    value: str
    answered_on: dt.date
    request: str
    request_pk: int


def _standing() -> QuerySet[Answer]:
    """Answers with a value that nobody sent back."""
    return Answer.objects.filter(no_data=False).exclude(response__claim__reviews__verdict=Verdict.RETURNED)


def latest_answers(*, fields: Collection[int], units: Collection[int] | None = None) -> QuerySet[Answer]:
    """The last standing answer of each field and unit."""
    found = _standing().filter(field__in=fields)
    if units is not None:
        found = found.filter(unit__in=units)
    last = found.order_by().values("field", "unit").annotate(last=Max("pk")).values("last")
    return Answer.objects.filter(pk__in=last).select_related("response__addressee__request", "unit")


def known_values(*, fields: Collection[int], unit: int) -> dict[int, Known]:
    """Field key → what is known of the unit; one query."""
    return {each.field_id: _known(each) for each in latest_answers(fields=fields, units=[unit])}


def known_of_units(*, fields: Collection[int], units: Collection[int]) -> dict[tuple[int, int], Known]:
    """(unit, field) → what is known; one query."""
    return {
        (each.unit_id, each.field_id): _known(each) for each in latest_answers(fields=fields, units=units)
    }


def _known(answer: Answer) -> Known:
    request = answer.response.addressee.request
    return Known(
        answer.field_id,
        answer.unit_id,
        answer.value,
        answer.response.answered_on,
        request.title,
        request.pk,
    )


def values_visible_to(actor: Actor, field: Field) -> QuerySet[Answer]:
    """The known values of units in sight; whoever may ask units below may read what they answered already."""
    found = latest_answers(fields=[field.pk])
    if not isinstance(actor, Acting):
        return found
    if not actor.scope_path or actor.office is None:
        return found.none()
    seen: Unit = reach_of(actor.office) if actor.may("burden.issue") else actor.office.scope
    return found.filter(unit__path__gte=seen.path, unit__path__lt=seen.path + "~")

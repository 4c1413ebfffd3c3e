"""Which unit asks for something owed, by the source of the obligation.

Rooms above this one, and beside it, add what they know with `register`; what nobody knows better is asked by the
coordinating office of the year: the duty lists, and what cases, pairings and plans of the package open.
"""

from __future__ import annotations

from collections.abc import Callable

from django.db.models import BigIntegerField, Case, Expression, OuterRef, Subquery, Value, When
from django.db.models.functions import Coalesce

from guantong.accounts.choices import Role
from guantong.accounts.models import Office
from guantong.burden.models import Addressee
from guantong.mechanisms.models import Cycle
from guantong.obligations.choices import Source
from guantong.tasks.models import Assignment

Issuing = Callable[[], Expression | Subquery]
_KNOWN: dict[str, Issuing] = {}


def register(source: str, issuing: Issuing) -> None:
    """``issuing`` gives an expression over obligations of that source: the key of the unit that asks, or NULL."""
    _KNOWN[source] = issuing


def coordinating_unit(cycle: Cycle) -> int:
    """The unit whose office runs the year; the year's own unit where no such office is open."""
    seat = (
        Office.objects.filter(role=Role.COORDINATOR, scope=cycle.unit_id, closed_on=None)
        .order_by("pk")
        .values_list("unit", flat=True)
        .first()
    )
    return seat or cycle.unit_id


def issuer(cycle: Cycle) -> Case:
    """The expression to annotate obligations of one cycle with."""
    coordinating = Value(coordinating_unit(cycle), output_field=BigIntegerField())
    known = [
        When(source=source, then=Coalesce(issuing(), coordinating)) for source, issuing in _KNOWN.items()
    ]
    return Case(*known, default=coordinating, output_field=BigIntegerField())


def _of_tasks() -> Subquery:
    """A part that was split is asked by the unit that split it."""
    return Subquery(Assignment.objects.filter(pk=OuterRef("source_ref")).values("parent__unit")[:1])


def _of_requests() -> Subquery:
    return Subquery(Addressee.objects.filter(pk=OuterRef("source_ref")).values("request__issuer")[:1])


register(Source.TASK, _of_tasks)
register(Source.REQUEST, _of_requests)

"""What came in for a request: a line for each unit and period, and the sums of its numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Prefetch, QuerySet

from guantong.accounts.acting import Actor
from guantong.burden.models import Answer, FieldRequest, RequestField, Response
from guantong.burden.queries.requests import addressees_visible_to, owed_for
from guantong.kernel.decimals import plain
from guantong.obligations.choices import State, Verdict
from guantong.obligations.models import Obligation

COUNTED = (State.CLAIMED, State.FULFILLED)


@dataclass(frozen=True, slots=True)
class Line:
    """One unit's answer to one period; ``cells`` in the order of the fields, None where nothing was answered."""

    obligation: Obligation
    response: Response | None
    cells: list[Answer | None]


def owed_visibly(actor: Actor, request: FieldRequest) -> QuerySet[Obligation]:
    """Every unit and period of a request in sight."""
    return (
        owed_for(request)
        .filter(source_ref__in=addressees_visible_to(actor, request).values("pk"))
        .select_related("unit")
        .order_by("unit_path", "due_on", "pk")
    )


def lines_of(obligations: Sequence[Obligation], fields: Sequence[RequestField]) -> list[Line]:
    """Two queries more, whatever the number of lines."""
    responses = (
        Response.objects.filter(claim__obligation__in=[each.pk for each in obligations])
        .exclude(claim__reviews__verdict=Verdict.RETURNED)
        .select_related("claim", "entered_by")
        .prefetch_related(Prefetch("answers", Answer.objects.order_by("pk")))
        .order_by("pk")
    )
    latest = {each.claim.obligation_id: each for each in responses}
    return [_line(each, latest.get(each.pk), fields) for each in obligations]


def _line(obligation: Obligation, response: Response | None, fields: Sequence[RequestField]) -> Line:
    given = {each.field_id: each for each in response.answers.all()} if response else {}
    return Line(obligation, response, [given.get(each.field_id) for each in fields])


@dataclass(frozen=True, slots=True)
class Sum:
    """The sum of a number over those that answered it; ``said`` of them, ``without`` said there is no data."""

    total: str
    said: int
    without: int


def sums_of(obligations: QuerySet[Obligation], fields: Sequence[RequestField]) -> list[Sum | None]:
    """One query; None for what is no number."""
    values: dict[int, list[Decimal]] = {}
    without: dict[int, int] = {}
    rows = Answer.objects.filter(
        response__claim__obligation__in=obligations.filter(state__in=COUNTED).order_by().values("pk")
    ).exclude(response__claim__reviews__verdict=Verdict.RETURNED)
    numbers = [each.field_id for each in fields if each.field.is_number]
    for field, value, no_data in rows.filter(field__in=numbers).values_list("field", "value", "no_data"):
        if no_data:
            without[field] = without.get(field, 0) + 1
        else:
            values.setdefault(field, []).append(Decimal(value))
    return [
        Sum(
            plain(sum(values.get(each.field_id, []), Decimal(0))),
            len(values.get(each.field_id, [])),
            without.get(each.field_id, 0),
        )
        if each.field.is_number
        else None
        for each in fields
    ]

"""Cases as the offices know them. Name, contact and words of the applicant stay on the page of whoever handles them."""

from __future__ import annotations

from typing import Any, cast

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from guantong.api.contract.acts import Call, Many, One
from guantong.api.resources.common import office_or_none, unit_ref
from guantong.api.resources.widening import widened
from guantong.api.shapes import queries as asked
from guantong.api.shapes.common import Page
from guantong.api.shapes.following import (
    Case,
    CaseClock,
    CaseReview,
    Closure,
    Dispute,
    FullCase,
    Handling,
)
from guantong.cases import models
from guantong.cases.queries import cases_visible_to
from guantong.cases.queries.lists import with_standing
from guantong.kernel import clock

SEALED = ("name", "contact", "wording", "contact_index", "code_digest")


def _visible(call: Call) -> QuerySet[models.Case]:
    """Without the sealed columns: they are not even read."""
    return (
        with_standing(cases_visible_to(call.acting))
        .select_related(None)
        .select_related("unit")
        .defer(*SEALED)
    )


def _listed(call: Call) -> QuerySet[models.Case]:
    found, wanted = _visible(call), call.query
    for name in ("cycle", "stage", "kind"):
        if getattr(wanted, name) is not None:
            found = found.filter(**{name: getattr(wanted, name)})
    return found


def case(row: models.Case) -> Case:
    return Case(
        id=row.pk, cycle=row.cycle_id, reference=row.reference, kind=cast(Any, row.kind),
        channel=cast(Any, row.channel), title=row.title, unit=unit_ref(row.unit), anonymous=row.anonymous,
        stage=cast(Any, row.stage), received_on=row.received_on, accepted_on=row.accepted_on,
        closed_on=row.closed_on, due_on=cast(Any, row).due_on, outcome=cast(Any, row.outcome),
        reopened=row.reopened,
    )  # fmt: skip


def _full(row: models.Case, call: Call) -> FullCase:
    handlings = row.handlings.select_related("unit").prefetch_related("disputes").order_by("pk")
    return widened(
        FullCase,
        case(row),
        host=office_or_none(row.host),
        against=unit_ref(row.against) if row.against else None,
        paused=cast(Any, row).still,
        handlings=[_handling(each, call) for each in handlings],
        clocks=[_clock(each) for each in row.clocks.order_by("pk")],
        reviews=[
            CaseReview(
                id=each.pk, second=each.second, asked_at=each.asked_at, answered=each.answer_id is not None
            )
            for each in row.review_requests.defer("wording").order_by("pk")
        ],
        closures=[_closure(each) for each in row.closures.select_related("called_back").order_by("pk")],
    )


def _handling(row: models.Handling, call: Call) -> Handling:
    """The obligation only of units in sight, as on the page."""
    seen = call.acting.sees(row.unit.path)
    return Handling(
        id=row.pk,
        unit=unit_ref(row.unit),
        part=cast(Any, row.part),
        assigned_on=clock.today(row.assigned_at),
        released_on=row.released_on,
        obligation=row.obligation_id if seen else None,
        disputes=[_dispute(each) for each in sorted(row.disputes.all(), key=lambda one: one.pk)],
    )


def _dispute(row: models.Dispute) -> Dispute:
    return Dispute(
        id=row.pk, reason=row.reason, raised_at=row.raised_at, due_on=row.due_on, upheld=row.upheld,
        decision=row.decision,
    )  # fmt: skip


def _clock(row: models.Clock) -> CaseClock:
    return CaseClock(
        kind=cast(Any, row.kind), starts_on=row.starts_on, due_on=row.due_on, extended_days=row.extended_days,
        met_on=row.met_on, dropped_on=row.dropped_on,
    )  # fmt: skip


def _closure(row: models.Closure) -> Closure:
    return Closure(
        id=row.pk, one_sided=row.one_sided, outcome=cast(Any, row.outcome), closed_at=row.closed_at,
        drawn=row.drawn_in_id is not None, called_back=hasattr(row, "called_back"),
    )  # fmt: skip


CASES = Many(
    name="listCases", summary=_("诉求，不含当事人的姓名、联系方式和原话"), function="cases.handle",
    answers=Page[Case], query=asked.Cases, found=_listed, show=case,
)  # fmt: skip
CASE = One(
    name="getCase", summary=_("一件诉求和谁在办"), function="cases.handle", answers=FullCase, found=_visible,
    show=_full,
)  # fmt: skip

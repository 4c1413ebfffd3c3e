"""Obligations, and claiming them."""

from __future__ import annotations

from typing import Any, cast

from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from guantong.accounts.queries import units_visible_to
from guantong.api.contract.acts import Call, Many, One, Write
from guantong.api.contract.problems import not_found
from guantong.api.resources.common import BUSINESS, office_or_none, office_ref, unit_ref
from guantong.api.resources.widening import widened
from guantong.api.shapes import queries as asked
from guantong.api.shapes.common import Page
from guantong.api.shapes.work import (
    Claim,
    Extension,
    FullObligation,
    NewClaim,
    Obligation,
    Review,
    Suspension,
    WaitingClaim,
)
from guantong.kernel.refusals import Refusal
from guantong.obligations import models, operations
from guantong.obligations.queries import claims_awaiting_review, in_subtree, obligations_visible_to
from guantong.records.queries import records_visible_to

WITH = ("unit", "office")
EQUAL = ("cycle", "light", "state", "source", "pillar")


def _listed(call: Call) -> QuerySet[models.Obligation]:
    found, wanted = obligations_visible_to(call.acting).select_related(*WITH), call.query
    if wanted.unit is not None:
        unit = units_visible_to(call.acting).filter(pk=wanted.unit).first()
        if unit is None:
            raise not_found()
        found = in_subtree(found, unit.path)
    for name in EQUAL:
        if getattr(wanted, name) is not None:
            found = found.filter(**{name: getattr(wanted, name)})
    if wanted.due_from is not None:
        found = found.filter(due_on__gte=wanted.due_from)
    if wanted.due_to is not None:
        found = found.filter(due_on__lte=wanted.due_to)
    return found.filter(office=call.office) if wanted.mine else found


def _one(call: Call) -> QuerySet[models.Obligation]:
    return obligations_visible_to(call.acting).select_related(*WITH, "cycle__stored", "cycle__unit")


def obligation(row: models.Obligation) -> Obligation:
    return Obligation(
        id=row.pk, cycle=row.cycle_id, unit=unit_ref(row.unit), office=office_ref(row.office),
        pillar=row.pillar, source=cast(Any, row.source), rule=row.rule, title=row.title, title_en=row.title_en,
        period=row.period_zh, period_en=row.period_en, part=cast(Any, row.part), evidence=list(row.evidence),
        minutes=row.minutes, starts_on=row.starts_on, due_on=row.due_on, original_due_on=row.original_due_on,
        state=cast(Any, row.state), returns=row.returns, claimed_on=row.claimed_on, settled_on=row.settled_on,
        light=cast(Any, row.light),
    )  # fmt: skip


def _claim(row: models.Claim) -> Claim:
    reviews = [
        Review(
            step=each.step,
            verdict=cast(Any, each.verdict),
            reason=each.reason,
            reviewed_by=office_or_none(each.reviewed_by),
            reviewed_at=each.reviewed_at,
        )
        for each in row.reviews.all()
    ]
    return Claim(
        id=row.pk, record=row.record_id, nothing_new=row.nothing_new,
        claimed_by=office_ref(row.claimed_by), claimed_at=row.claimed_at, reviews=reviews,
    )  # fmt: skip


def _full(row: models.Obligation, call: Call) -> FullObligation:
    claims = (
        row.claims.select_related("claimed_by")
        .prefetch_related(Prefetch("reviews", models.Review.objects.select_related("reviewed_by")))
        .order_by("-claimed_at", "-pk")
    )
    extensions = row.extensions.select_related("asked_by", "decided_by").order_by("pk")
    return widened(
        FullObligation,
        obligation(row),
        review_steps=row.review_steps,
        claims=[_claim(each) for each in claims],
        extensions=[_extension(each) for each in extensions],
        suspensions=[_suspension(each) for each in row.suspensions.order_by("pk")],
    )


def _extension(row: models.Extension) -> Extension:
    return Extension(
        id=row.pk, asked_until=row.asked_until, reason=row.reason, asked_by=office_ref(row.asked_by),
        asked_at=row.asked_at, granted=row.granted, decision=row.decision,
        decided_by=office_or_none(row.decided_by),
    )  # fmt: skip


def _suspension(row: models.Suspension) -> Suspension:
    return Suspension(
        id=row.pk, excused=row.excused, reason=row.reason, starts_on=row.starts_on, ends_on=row.ends_on
    )


def _waiting(row: models.Claim) -> WaitingClaim:
    return WaitingClaim(
        id=row.pk, obligation=obligation(row.obligation), record=row.record_id, nothing_new=row.nothing_new,
        claimed_by=office_ref(row.claimed_by), claimed_at=row.claimed_at,
    )  # fmt: skip


def _claimed(call: Call) -> models.Obligation:
    """With a record, or that there is nothing new; as the two buttons of the page."""
    item, sent = OBLIGATION.row(call), cast(NewClaim, call.body)
    if (sent.record is not None) == sent.nothing_new:
        raise Refusal(gettext("请写明用哪条工作记录申报，或者写明本期无变化，二者选一。"))
    who: dict[str, Any] = {"claimed_by": call.office, "actor": call.acting, "now": call.now}
    if sent.record is None:
        operations.claim_nothing_new(obligation=item, **who)
        return cast(models.Obligation, item)
    record = records_visible_to(call.acting).filter(pk=sent.record).first()
    if record is None:
        raise Refusal(gettext("没有编号为 %(id)s 的工作记录。") % {"id": sent.record})
    operations.claim_fulfilment(obligation=item, record=record, **who)
    return cast(models.Obligation, item)


OBLIGATIONS = Many(
    name="listObligations", summary=_("事项，可按单位、亮灯、状态、来源、要素和期限筛选"), function=BUSINESS,
    answers=Page[Obligation], query=asked.Obligations, found=_listed, show=obligation,
)  # fmt: skip
OBLIGATION = One(
    name="getObligation", summary=_("一个事项和它的申报、审核"), function=BUSINESS, answers=FullObligation,
    found=_one, show=_full,
)  # fmt: skip
CLAIMS_TO_REVIEW = Many(
    name="listClaimsToReview", summary=_("等本岗位审核的申报"), function="obligations.review",
    answers=Page[WaitingClaim], found=lambda call: claims_awaiting_review(call.acting), show=_waiting,
)  # fmt: skip
CLAIM = Write(
    name="claimObligation", summary=_("申报完成，或报本期无变化"), function="obligations.claim",
    answers=FullObligation, body=NewClaim, do=_claimed, one=OBLIGATION, leads_to="api-obligation",
    about=OBLIGATION,
)  # fmt: skip

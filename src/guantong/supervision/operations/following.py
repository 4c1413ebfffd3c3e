"""Bringing matters up to the waist: claims and reviews happen there, and never call up."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.db.models import F, Model, Q, QuerySet
from django.utils.translation import gettext as _

from guantong.accounts.acting import Actor
from guantong.audit import operations as audit
from guantong.kernel import clock
from guantong.mechanisms.models import Cycle
from guantong.obligations.choices import CLAIMABLE, State
from guantong.obligations.models import Claim, Review
from guantong.supervision import chain
from guantong.supervision.choices import MatterStage, PartStage
from guantong.supervision.models import Matter, MatterPart, Step
from guantong.supervision.operations import waist

# The stage that a state at the waist means; open and stopped obligations leave the stage as it is.
STAGE_OF = {
    State.CLAIMED: PartStage.REPORTED,
    State.RETURNED: PartStage.RETURNED,
    State.FULFILLED: PartStage.COMPLETED,
    State.EXCUSED: PartStage.WITHDRAWN,
}
DONE = (PartStage.COMPLETED, PartStage.CLOSED, PartStage.WITHDRAWN)


def stage_now(part: MatterPart) -> str:
    """The stage by what the waist says at this moment, whether or not it was written down yet."""
    if part.obligation is None:
        return part.stage
    state = part.obligation.state
    if part.stage == PartStage.WITHDRAWN and state in CLAIMABLE:
        return PartStage.UNDER_WAY
    if part.stage in chain.LIVE_PARTS:
        return STAGE_OF.get(State(state), part.stage)
    return part.stage


def matter_stage_now(matter: Matter, parts: Iterable[MatterPart]) -> str:
    """The matter's stage likewise: done when every part is that nobody withdrew."""
    stages = [stage_now(each) for each in parts]
    if matter.stage not in (MatterStage.ASSIGNED, MatterStage.UNDER_WAY):
        return matter.stage
    if PartStage.COMPLETED in stages and all(each in DONE for each in stages):
        return MatterStage.COMPLETED
    begun = any(each not in (PartStage.ASSIGNED, PartStage.REFUSED, PartStage.WITHDRAWN) for each in stages)
    return MatterStage.UNDER_WAY if begun else matter.stage


def behind_the_waist(parts: QuerySet[MatterPart]) -> QuerySet[MatterPart]:
    """Parts whose stage or due day is no longer what the waist says."""
    stale = Q(stage__in=chain.LIVE_PARTS) & ~Q(due_on=F("obligation__due_on"))
    for state, stage in STAGE_OF.items():
        stale |= Q(stage__in=[each for each in chain.LIVE_PARTS if each != stage], obligation__state=state)
    stale |= Q(stage=PartStage.WITHDRAWN, obligation__state__in=CLAIMABLE)
    return parts.filter(stale, obligation__isnull=False)


def follow_waist(*, cycle: Cycle, now: dt.datetime, actor: Actor) -> int:
    """Bring every matter of the cycle up to date; returns how many parts moved. Harmless to repeat."""
    stale = behind_the_waist(MatterPart.objects.filter(matter__cycle=cycle))
    matters = Matter.objects.filter(pk__in=stale.values("matter")).order_by("pk")
    return sum(follow(matter=each, now=now, actor=actor) for each in matters)


@transaction.atomic
def follow(*, matter: Matter, now: dt.datetime, actor: Actor) -> int:
    """Bring one matter up to date, with a step for each move, by whoever claimed or reviewed."""
    matter = Matter.objects.select_for_update(of=("self",)).get(pk=matter.pk)
    parts = list(
        behind_the_waist(matter.parts.all()).select_related("unit", "office", "obligation").order_by("pk")
    )
    if not parts:
        return 0
    trail = _Trail(matter, now)
    for part in parts:
        part.matter = matter
        _bring_up(part, trail)
    _bring_matter_up(matter, trail)
    trail.rows += waist.cancel(
        waist.reports_still_owed(each for each in parts if each.stage in DONE),
        reason=_("事项已办结，不再要求报告进展。"),
        actor=actor,
        now=now,
    )
    audit.record(
        "supervision.waist_followed",
        target=matter,
        actor=actor,
        at=now,
        payload={"parts": len(parts)},
        states=[*parts, *trail.rows],
    )
    return len(parts)


@dataclass
class _Trail:
    """The steps written on the way."""

    matter: Matter
    now: dt.datetime

    def __post_init__(self) -> None:
        self.rows: list[Model] = []

    def step(
        self, row: Matter | MatterPart, verb: str, cause: Claim | Review | None, reason: str = ""
    ) -> None:
        before, row.stage = row.stage, chain.stage_after(row, verb)
        by, person, at = None, None, self.now
        if isinstance(cause, Claim):
            by, person, at = cause.claimed_by, cause.claimant, cause.claimed_at
        elif isinstance(cause, Review):
            by, person, at = cause.reviewed_by, cause.reviewer, cause.reviewed_at
            reason = cause.reason
        self.rows.append(
            Step.objects.create(
                matter=self.matter, part=row if isinstance(row, MatterPart) else None, verb=verb,
                before=before, after=row.stage, reason=reason, office=by, person=person, taken_at=at,
            )
        )  # fmt: skip


def _bring_up(part: MatterPart, trail: _Trail) -> None:
    owed = part.obligation
    assert owed is not None
    claim = owed.claims.select_related("claimed_by", "claimant").order_by("-claimed_at", "-pk").first()
    review = (
        claim.reviews.select_related("reviewed_by", "reviewer").order_by("-step").first() if claim else None
    )
    wanted = stage_now(part)
    if owed.due_on and part.stage in chain.LIVE_PARTS:
        part.due_on = owed.due_on
    if wanted in (PartStage.REPORTED, PartStage.RETURNED, PartStage.COMPLETED) and part.stage != wanted:
        if part.stage != PartStage.REPORTED:
            if claim and part.signed_on is None:  # whoever reports has the matter in hand
                part.signed_on = owed.claimed_on or clock.today(trail.now)
            trail.step(part, "report", claim)
        if wanted != PartStage.REPORTED:
            trail.step(part, "return" if wanted == PartStage.RETURNED else "complete", review)
    elif wanted == PartStage.WITHDRAWN and part.stage != wanted:
        order = owed.suspensions.order_by("-pk").first()
        trail.step(part, "excuse", None, order.reason if order else "")
    elif part.stage == PartStage.WITHDRAWN and wanted != part.stage:
        trail.step(part, "bring_back", None)
    part.save(update_fields=["stage", "due_on", "signed_on"])


def _bring_matter_up(matter: Matter, trail: _Trail) -> None:
    parts = list(matter.parts.select_related("obligation"))
    wanted = matter_stage_now(matter, parts)
    if wanted != matter.stage and matter.stage == MatterStage.ASSIGNED:
        trail.step(matter, "begin", None)
    if wanted == MatterStage.COMPLETED and matter.stage != wanted:
        trail.step(matter, "complete", None)
    dues = [each.due_on for each in parts if each.parent_id is None and each.stage != PartStage.WITHDRAWN]
    matter.due_on = max([matter.due_on, *dues])
    matter.save(update_fields=["stage", "due_on"])

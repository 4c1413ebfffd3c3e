"""Claiming that something was done, and the issuer's answer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from guantong.accounts.acting import Acting, Actor
from guantong.accounts.choices import Role
from guantong.accounts.models import Office
from guantong.audit import operations as audit
from guantong.calendars.queries import calendar_for
from guantong.kernel import clock
from guantong.kernel.refusals import Refusal
from guantong.mechanisms.models import Cycle
from guantong.obligations import rules
from guantong.obligations.choices import Reviewer, State, Verdict
from guantong.obligations.lighting import all_relit, relit
from guantong.obligations.models import Claim, Obligation, Review
from guantong.obligations.origins import is_answered_on_its_page
from guantong.records.choices import kinds_fitting
from guantong.records.models import Record


def open_obligations(obligations: Iterable[Obligation], *, today: dt.date, cycle: Cycle) -> list[Obligation]:
    """Add many obligations with their first light; those already there stay as they are. Returns the new ones.

    Called by the operation that makes them owed, which writes the log row with their states.
    """
    fresh = list(obligations)
    last = Obligation.objects.aggregate(last=Max("pk"))["last"] or 0
    for each in fresh:
        each.original_due_on = each.due_on
    all_relit(fresh, on=today, cycle=cycle)
    Obligation.objects.bulk_create(fresh, batch_size=2000, ignore_conflicts=True)
    wanted = {(each.source, each.source_ref, each.office_id, each.starts_on, each.due_on) for each in fresh}
    return [
        each
        for each in Obligation.objects.filter(pk__gt=last).order_by("pk").iterator(2000)
        if (each.source, each.source_ref, each.office_id, each.starts_on, each.due_on) in wanted
    ]


def locked(obligation: Obligation) -> Obligation:
    """The row as it is now, held until the transaction ends."""
    return Obligation.objects.select_for_update().select_related("cycle").get(pk=obligation.pk)


def save_relit(obligation: Obligation, *, today: dt.date, fields: Sequence[str]) -> None:
    """Write the changed fields with the light they lead to."""
    relit(obligation, on=today, calendar=calendar_for(obligation.cycle.year, obligation.cycle.unit_id))
    obligation.save(update_fields=[*fields, "light", "relight_on"])


@transaction.atomic
def claim_fulfilment(
    *,
    obligation: Obligation,
    record: Record,
    claimed_by: Office,
    actor: Actor,
    now: dt.datetime,
) -> Claim:
    """Say that the record fulfils the obligation. The same claim twice is the first one."""
    obligation = locked(obligation)
    earlier = obligation.claims.filter(record=record).first()
    if earlier and obligation.state == State.CLAIMED:
        return earlier
    _refuse_unclaimable(obligation, actor)
    if is_answered_on_its_page(obligation):
        raise Refusal(_("“%(duty)s”在它自己的页面办理，不用工作记录申报。") % {"duty": obligation})
    if record.kind not in kinds_fitting(obligation.evidence):
        raise Refusal(
            _("“%(duty)s”不能用“%(kind)s”类记录来完成，请选择相应类型的工作记录。")
            % {"duty": obligation, "kind": record.get_kind_display()}
        )
    if record.happened_on < obligation.starts_on:
        raise Refusal(
            _("这项工作发生在 %(day)s，早于“%(duty)s”的起算日 %(start)s。")
            % {"day": record.happened_on, "duty": obligation, "start": obligation.starts_on}
        )
    if earlier:
        raise Refusal(_("这条记录已申报过该事项并被退回，请补充新的记录后再申报。"))
    return claim_for(obligation, record=record, claimed_by=claimed_by, actor=actor, now=now)


@transaction.atomic
def claim_nothing_new(*, obligation: Obligation, claimed_by: Office, actor: Actor, now: dt.datetime) -> Claim:
    """The one tap "no change since the last report", for progress reports only."""
    obligation = locked(obligation)
    _refuse_unclaimable(obligation, actor)
    if "progress_line" not in obligation.evidence:
        raise Refusal(_("只有进展报告可以选择“本期无变化”。"))
    if obligation.starts_on > clock.today(now):
        raise Refusal(_("本期报告 %(day)s 起才能填报。") % {"day": obligation.starts_on})
    return claim_for(obligation, record=None, claimed_by=claimed_by, actor=actor, now=now)


def _refuse_unclaimable(obligation: Obligation, actor: Actor) -> None:
    if obligation.state == State.CLAIMED:
        raise Refusal(_("“%(duty)s”已申报，正在等待审核。") % {"duty": obligation})
    if not obligation.is_claimable:
        raise Refusal(
            _("“%(duty)s”%(state)s，不需要再申报。")
            % {"duty": obligation, "state": obligation.get_state_display()}
        )
    if not rules.may_claim(actor, obligation):
        raise Refusal(_("只有承担该事项的单位可以申报完成。"))


def claim_for(
    obligation: Obligation, *, record: Record | None, claimed_by: Office, actor: Actor, now: dt.datetime
) -> Claim:
    """Write the claim of a locked, claimable obligation; whether it may be claimed was asked before."""
    claim = Claim.objects.create(
        obligation=obligation,
        record=record,
        nothing_new=record is None,
        claimed_by=claimed_by,
        claimant=actor.person if isinstance(actor, Acting) else None,
        claimed_in_place_of=actor.standing_in_for if isinstance(actor, Acting) else None,
        claimed_at=now,
    )
    obligation.state = State.CLAIMED
    obligation.claimed_on = clock.today(now)
    taken = _own_head_step(claim, obligation, actor=actor, now=now)
    obligation.next_review = obligation.review_steps[len(taken)]
    save_relit(obligation, today=clock.today(now), fields=["state", "claimed_on", "next_review"])
    audit.record(
        "obligations.claimed",
        target=obligation,
        actor=actor,
        at=now,
        payload={"claim": claim.pk, "record": record.pk if record else None},
        states=[claim, *taken],
    )
    return claim


def _own_head_step(claim: Claim, obligation: Obligation, *, actor: Actor, now: dt.datetime) -> list[Review]:
    """Where the unit's head claims in person, the head's own step is taken by that; others still follow."""
    steps = obligation.review_steps
    head = isinstance(actor, Acting) and actor.office is not None and actor.office.role == Role.UNIT_HEAD
    if not head or steps[0] != Reviewer.OWN_HEAD or len(steps) == 1:
        return []
    assert isinstance(actor, Acting)
    return [
        Review.objects.create(
            claim=claim,
            verdict=Verdict.ACCEPTED,
            reason=_("由主要负责人本人申报。"),
            reviewed_by=actor.office,
            reviewer=actor.person,
            reviewed_at=now,
        )
    ]


@transaction.atomic
def review_claim(*, claim: Claim, verdict: str, reason: str, actor: Actor, now: dt.datetime) -> Review:
    """Take the next step of the review: accept, or return with a reason. Never by the unit that claimed alone.

    The claim stays waiting until its last step accepts; a return at any step ends it.
    """
    obligation = locked(claim.obligation)
    claim.obligation = obligation
    taken = list(claim.reviews.all())
    if obligation.state != State.CLAIMED or any(each.verdict == Verdict.RETURNED for each in taken):
        raise Refusal(_("这项申报已经审核过了。"))
    if not rules.may_review(actor, claim, taken=taken):
        raise Refusal(_("申报单位不能审核自己的申报，须由上级或统筹协调单位审核。"))
    if verdict not in Verdict.values:
        raise Refusal(_("请选择“通过”或“退回”。"))
    if verdict == Verdict.RETURNED and not reason.strip():
        raise Refusal(_("退回时请写明理由，让对方知道要补什么。"))
    review = Review.objects.create(
        claim=claim,
        step=len(taken) + 1,
        verdict=verdict,
        reason=reason.strip(),
        reviewed_by=actor.office if isinstance(actor, Acting) else None,
        reviewer=actor.person if isinstance(actor, Acting) else None,
        reviewed_at=now,
    )
    today = clock.today(now)
    steps = obligation.review_steps
    last = review.step == len(steps)
    obligation.next_review = "" if last or verdict == Verdict.RETURNED else steps[review.step]
    if verdict == Verdict.RETURNED:
        obligation.state, obligation.claimed_on = State.RETURNED, None
        obligation.returns += 1
    elif last:
        obligation.state, obligation.settled_on = State.FULFILLED, today
    save_relit(
        obligation, today=today, fields=["state", "settled_on", "claimed_on", "returns", "next_review"]
    )
    audit.record(
        f"obligations.{verdict}" if last or verdict == Verdict.RETURNED else "obligations.passed_on",
        target=obligation,
        actor=actor,
        at=now,
        payload={"claim": claim.pk, "step": review.step, "reason": reason.strip()},
        states=[review],
    )
    return review

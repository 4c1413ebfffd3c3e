"""A published result is never changed: a correction is a new run, published by two persons in its place."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext as _

from guantong.accounts.acting import Acting, Actor
from guantong.accounts.approvals import ask_approval
from guantong.accounts.models import Approval
from guantong.assessment.models import OVER, Publication, Round, RoundStage, Run
from guantong.assessment.operations.rounds import locked, publish_round
from guantong.assessment.operations.runs import PUBLISH, publish, refuse_of_cancelled_round
from guantong.assessment.use_queries import say_the_same, versions_of
from guantong.audit import operations as audit
from guantong.kernel.refusals import Refusal


def ask_correction(
    *, publication: Publication, run: Run, reason: str, actor: Actor, now: dt.datetime
) -> Approval:
    """Ask that a newer run be published in the place of a published one, and say why."""
    if run.cycle_id != publication.run.cycle_id or run.computed_at <= publication.run.computed_at:
        raise Refusal(_("更正须用同一周期里公布之后重新计算的结果。"))
    if hasattr(run, "publication"):
        raise Refusal(_("这次结果已经公布。"))
    later = Publication.objects.filter(corrects=publication).first()
    if later:
        raise Refusal(
            _("这次公布已由 %(day)s 公布的结果更正，请更正最新一版。")
            % {"day": f"{later.published_at:%Y-%m-%d}"}
        )
    refuse_of_cancelled_round(run)
    _refuse_decisions_of_another_round(publication, run)
    if say_the_same(run, publication.run):
        raise Refusal(_("重新计算的结果与已公布的相同，没有需要更正的内容。"))
    return ask_approval(
        kind=PUBLISH,
        object_ref=run.pk,
        scope=run.cycle.unit,
        reason=reason,
        actor=actor,
        now=now,
        wanted={"result": run.result_digest, "corrects": publication.pk},
    )


def _refuse_decisions_of_another_round(publication: Publication, run: Run) -> None:
    """A run takes over the points that the newest round set: those of a later round are not this result's."""
    rounds = Round.objects.filter(cycle=run.cycle_id, opened_at__lte=run.computed_at)
    newest = rounds.exclude(stage=RoundStage.CANCELLED).order_by("-pk").first()
    if newest and newest.final_id not in {each.run_id for each in versions_of(publication)}:
        raise Refusal(
            _(
                "这次结果是在截至 %(day)s 的考核启动之后计算的，不含原结果中复核和申诉改定的分值，不能用来更正。"
            )
            % {"day": newest.as_of}
        )


def publish_result(approval: Approval, now: dt.datetime) -> None:
    """What the second person's consent does: publish, name what it corrects, and end the round it closes."""
    run = Run.objects.select_related("cycle").get(pk=approval.object_ref)
    corrects = approval.wanted.get("corrects")
    under_way = Round.objects.filter(cycle=run.cycle_id).exclude(stage__in=OVER).first()
    if under_way and not corrects and under_way.final_id != run.pk:
        raise Refusal(_("截至 %(day)s 的考核正在进行，只能公布它的定稿结果。") % {"day": under_way.as_of})
    if not corrects:
        _refuse_silent_correction(run)
    publish(approval, now)
    actor = Acting(approval.decider, approval.decided_by)
    if corrects:
        _name_corrected(run, int(corrects), approval, actor=actor, now=now)
    if under_way and under_way.final_id == run.pk:
        publish_round(locked(under_way), actor=actor, now=now)


def _refuse_silent_correction(run: Run) -> None:
    same = Publication.objects.filter(run__cycle=run.cycle_id, run__as_of=run.as_of).exclude(run=run)
    if earlier := same.order_by("-published_at").first():
        raise Refusal(
            _("截至 %(day)s 的结果已于 %(at)s 公布，再次公布须作为更正提出并写明理由。")
            % {"day": run.as_of, "at": f"{earlier.published_at:%Y-%m-%d}"}
        )


def _name_corrected(run: Run, corrects: int, approval: Approval, *, actor: Actor, now: dt.datetime) -> None:
    earlier = Publication.objects.get(pk=corrects)
    if Publication.objects.filter(corrects=earlier).exists():
        raise Refusal(_("这次公布已经更正过了，请更正最新一版。"))
    made = Publication.objects.get(run=run)
    made.corrects, made.reason = earlier, approval.reason[:500]
    made.save(update_fields=["corrects", "reason"])
    audit.record(
        "assessment.corrected",
        target=made,
        actor=actor,
        at=now,
        payload={"corrects": earlier.pk, "reason": made.reason},
    )

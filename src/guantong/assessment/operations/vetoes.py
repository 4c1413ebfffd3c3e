"""A veto of the package, confirmed by a person on an upheld finding, or lifted again. None fires alone."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from guantong.accounts.acting import Acting, Actor
from guantong.assessment import round_rules, rules, veto_queries
from guantong.assessment.models import Veto
from guantong.assessment.round_notices import close_veto, tell_veto
from guantong.audit import operations as audit
from guantong.kernel import clock
from guantong.kernel.refusals import Refusal
from guantong.supervision.models import Finding


@transaction.atomic
def confirm_veto(
    *, finding: Finding, scorecard: str, veto: str, reason: str, actor: Actor, now: dt.datetime
) -> Veto:
    """Confirm that the finding brings the veto of the card down on the unit. It bites after its appeal window.

    A finding without its basis and the rule it rests on confirms nothing.
    """
    finding = (
        Finding.objects.select_for_update(of=("self",))
        .select_related("unit", "cycle__unit", "cycle__stored", "found_by")
        .get(pk=finding.pk)
    )
    today = clock.today(now)
    _refuse_person(finding, actor)
    proposal = _proposal(finding, scorecard, veto)
    if proposal is None:
        raise Refusal(_("这一问题没有经认定成立的结论，或者不属于机制包规定的否决情形，不能确认否决。"))
    if proposal.confirmed:
        return proposal.confirmed
    if not finding.basis.strip() or not finding.rule_cited.strip():
        raise Refusal(_("问题没有写明依据或者所引条款，补齐后才能确认否决。"))
    if not reason.strip():
        raise Refusal(_("请写明确认否决的理由。"))
    made = Veto.objects.create(
        cycle=finding.cycle,
        unit=finding.unit,
        scorecard=scorecard,
        veto=veto,
        finding=finding,
        reason=reason.strip()[:500],
        confirmed_by=actor.office if isinstance(actor, Acting) else None,
        confirmer=actor.person if isinstance(actor, Acting) else None,
        confirmed_at=now,
        appeal_until=round_rules.appeal_window(finding.cycle, from_day=today),
    )
    audit.record(
        "assessment.veto_confirmed",
        target=made,
        actor=actor,
        at=now,
        payload={"unit": finding.unit.code, "finding": finding.pk, "veto": veto, "reason": made.reason},
    )
    tell_veto(made, today=today)
    return made


def _proposal(finding: Finding, scorecard: str, veto: str) -> veto_queries.Proposal | None:
    """What the ruling on the finding would allow to confirm."""
    for each in veto_queries.proposals(finding.cycle, finding=finding):
        if (each.scorecard, each.veto) == (scorecard, veto):
            return each
    return None


def _refuse_person(finding: Finding, actor: Actor) -> None:
    if not rules.may_mark(actor, finding.cycle, finding.unit):
        raise Refusal(_("否决由考核或统筹协调单位确认，不能由本单位确认。"))
    if actor.shares_a_person_with(*veto_queries.accusers_of(finding)):
        raise Refusal(_("提出或认定这一问题的人不能确认否决，请由另一人确认。"))


@transaction.atomic
def lift_veto(*, veto: Veto, reason: str, actor: Actor, now: dt.datetime) -> Veto:
    """Take a veto back, with the reason: the finding fell, the unit was right. Later runs no longer read it."""
    veto = Veto.objects.select_for_update(of=("self",)).select_related("unit", "cycle__unit").get(pk=veto.pk)
    if not rules.may_mark(actor, veto.cycle, veto.unit):
        raise Refusal(_("否决由考核或统筹协调单位解除，不能由本单位解除。"))
    if veto.lifted_at is not None:
        raise Refusal(_("这项否决已于 %(day)s 解除。") % {"day": clock.today(veto.lifted_at)})
    if not reason.strip():
        raise Refusal(_("请写明解除的理由。"))
    veto.lifted_at, veto.lift_reason = now, reason.strip()[:500]
    veto.lifted_by = actor.office if isinstance(actor, Acting) else None
    veto.save()
    audit.record(
        "assessment.veto_lifted",
        target=veto,
        actor=actor,
        at=now,
        payload={"unit": veto.unit.code, "reason": veto.lift_reason},
    )
    close_veto(veto, today=clock.today(now))
    return veto

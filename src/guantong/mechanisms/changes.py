"""Closing a phase; and what takes two persons: reopening one, and changing a frozen package."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from guantong.accounts.acting import Acting, Actor
from guantong.accounts.approvals import ask_approval
from guantong.accounts.models import Approval
from guantong.audit import operations as audit
from guantong.kernel.refusals import Refusal
from guantong.mechanisms.models import Cycle, PackageChange, Phase, PhaseClosure, StoredPackage
from guantong.mechanisms.operations import freeze_package
from guantong.mechanisms.package import Package

REOPEN, CHANGE_PACKAGE = "mechanisms.reopen_phase", "mechanisms.change_package"


@transaction.atomic
def close_phase(*, phase: Phase, actor: Actor, now: dt.datetime, today: dt.date) -> PhaseClosure:
    """Declare a phase over, from its last day on."""
    if not actor.may("cycles.run") or not actor.sees(phase.cycle.unit.path):
        raise Refusal(_("阶段由统筹协调单位结束。"))
    if today < phase.ends_on:
        raise Refusal(_("“%(phase)s”到 %(day)s 才结束。") % {"phase": phase, "day": phase.ends_on})
    if phase.closures.filter(reopened_at__isnull=True).exists():
        raise Refusal(_("“%(phase)s”已经结束。") % {"phase": phase})
    closure = PhaseClosure.objects.create(
        phase=phase, closed_by=actor.office if isinstance(actor, Acting) else None, closed_at=now
    )
    audit.record("mechanisms.phase_closed", target=phase, actor=actor, at=now)
    return closure


def closed_phase(cycle: Cycle, due_on: dt.date | None) -> Phase | None:
    """The closed phase a due day lies in, if any."""
    if due_on is None:
        return None
    return Phase.objects.filter(
        cycle=cycle, starts_on__lte=due_on, ends_on__gte=due_on,
        closures__reopened_at__isnull=True, closures__isnull=False,
    ).first()  # fmt: skip


def refuse_in_closed_phase(cycle: Cycle, due_on: dt.date | None) -> None:
    """No clock is moved any more in a phase that was declared over."""
    phase = closed_phase(cycle, due_on)
    if phase:
        raise Refusal(
            _("“%(phase)s”已经结束，期限不能再调整；确需调整的，先经两人批准重新打开该阶段。")
            % {"phase": phase}
        )


def ask_reopening(*, phase: Phase, reason: str, actor: Actor, now: dt.datetime) -> Approval:
    """Ask to open a closed phase again."""
    if not phase.closures.filter(reopened_at__isnull=True).exists():
        raise Refusal(_("“%(phase)s”没有结束，不需要重新打开。") % {"phase": phase})
    return ask_approval(
        kind=REOPEN, object_ref=phase.pk, scope=phase.cycle.unit, reason=reason, actor=actor, now=now
    )


def reopen(approval: Approval, now: dt.datetime) -> None:
    """What the second person's consent does."""
    closure = PhaseClosure.objects.select_for_update().get(
        phase=approval.object_ref, reopened_at__isnull=True
    )
    closure.reopened_by, closure.reopened_at = approval, now
    closure.save(update_fields=["reopened_by", "reopened_at"])
    actor = Acting(approval.decider, approval.decided_by)
    audit.record("mechanisms.phase_reopened", target=closure.phase, actor=actor, at=now)


@transaction.atomic
def ask_package_change(
    *, cycle: Cycle, package: Package, reason: str, actor: Actor, now: dt.datetime
) -> Approval:
    """Ask that a running cycle go on with a new version. Duties already laid out must stay what they are."""
    running = cycle.package
    if package.identifier != running.identifier or package.version <= running.version:
        raise Refusal(
            _("须是同一机制包的更高版本：现为“%(id)s”第 %(version)s 版。")
            % {"id": running.identifier, "version": running.version}
        )
    if [duty.id for duty in package.duties] != [duty.id for duty in running.duties]:
        raise Refusal(_("清单已经下达，新版本不能增减职责；职责的调整从下一年度开始。"))
    stored = freeze_package(package=package, actor=actor, now=now)
    return ask_approval(
        kind=CHANGE_PACKAGE,
        object_ref=cycle.pk,
        scope=cycle.unit,
        reason=reason,
        actor=actor,
        now=now,
        wanted={"package": stored.pk, "digest": stored.digest},
    )


def change_package(approval: Approval, now: dt.datetime) -> None:
    """What the second person's consent does: later scores use the new version, earlier ones stay."""
    cycle = Cycle.objects.select_for_update(of=("self",)).select_related("stored").get(pk=approval.object_ref)
    after = StoredPackage.objects.get(pk=approval.wanted["package"], digest=approval.wanted["digest"])
    PackageChange.objects.create(
        cycle=cycle, before=cycle.stored, after=after, approval=approval, changed_at=now
    )
    cycle.stored = after
    cycle.save(update_fields=["stored"])
    audit.record(
        "mechanisms.package_changed",
        target=cycle,
        actor=Acting(approval.decider, approval.decided_by),
        at=now,
        payload={"digest": after.digest, "reason": approval.reason},
    )

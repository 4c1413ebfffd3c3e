"""Moving an obligation's clock: extension, suspension, excuse and resumption."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from guantong.accounts.acting import Acting, Actor
from guantong.accounts.models import Office
from guantong.audit import operations as audit
from guantong.kernel import clock
from guantong.kernel.refusals import Refusal
from guantong.mechanisms.changes import refuse_in_closed_phase
from guantong.obligations import rules
from guantong.obligations.choices import State
from guantong.obligations.models import Extension, Obligation, Suspension
from guantong.obligations.operations import locked, save_relit


@transaction.atomic
def ask_extension(
    *, obligation: Obligation, until: dt.date, reason: str, asked_by: Office, actor: Actor, now: dt.datetime
) -> Extension:
    """Ask for more time: before the due day, with a reason, once at a time."""
    obligation = locked(obligation)
    today = clock.today(now)
    if not rules.may_ask_extension(actor, obligation) or obligation.due_on is None:
        raise Refusal(_("该事项现在不能申请延期。"))
    if today > obligation.due_on:
        raise Refusal(_("已于 %(day)s 到期，延期须在到期前提出。") % {"day": obligation.due_on})
    if until <= obligation.due_on:
        raise Refusal(_("延至日期须晚于现在的期限 %(day)s。") % {"day": obligation.due_on})
    if not reason.strip():
        raise Refusal(_("请写明延期理由。"))
    most = obligation.cycle.package.supervision.get("extension", {}).get("max")
    if most is not None and obligation.extensions.filter(granted=True).count() >= most:
        raise Refusal(_("已延期 %(n)s 次，按规定不能再延。") % {"n": most})
    if obligation.extensions.filter(granted__isnull=True).exists():
        raise Refusal(_("已有一项延期申请在等待答复。"))
    extension = Extension.objects.create(
        obligation=obligation,
        asked_by=asked_by,
        asked_at=now,
        asked_until=until,
        reason=reason.strip(),
    )
    audit.record(
        "obligations.extension_asked",
        target=obligation,
        actor=actor,
        at=now,
        payload={"until": until, "reason": reason.strip()},
        states=[extension],
    )
    return extension


@transaction.atomic
def decide_extension(
    *, extension: Extension, granted: bool, decision: str, actor: Actor, now: dt.datetime
) -> Extension:
    """Grant or refuse more time. The original due day stays on record."""
    obligation = locked(extension.obligation)
    extension = Extension.objects.select_for_update().get(pk=extension.pk)
    if extension.granted is not None:
        raise Refusal(_("这项延期申请已经答复过了。"))
    if not rules.may_order(actor, obligation):
        raise Refusal(_("延期由统筹协调单位答复。"))
    if not granted and not decision.strip():
        raise Refusal(_("不同意延期时请写明理由。"))
    if granted:
        refuse_in_closed_phase(obligation.cycle, obligation.due_on)
    extension.granted = granted
    extension.decided_by = actor.office if isinstance(actor, Acting) else None
    extension.decided_at, extension.decision = now, decision.strip()
    extension.save()
    if granted:
        obligation.due_on = extension.asked_until
        save_relit(obligation, today=clock.today(now), fields=["due_on"])
    audit.record(
        "obligations.extension_decided",
        target=obligation,
        actor=actor,
        at=now,
        payload={"granted": granted, "until": extension.asked_until},
        states=[extension],
    )
    return extension


@transaction.atomic
def suspend(
    *, obligation: Obligation, excused: bool, reason: str, actor: Actor, now: dt.datetime
) -> Suspension:
    """Stop the clock, or excuse the office altogether, for a stated reason."""
    obligation = locked(obligation)
    if not rules.may_order(actor, obligation):
        raise Refusal(_("暂停或免除由统筹协调单位决定。"))
    if not obligation.is_claimable:
        raise Refusal(
            _("“%(duty)s”%(state)s，不能暂停或免除。")
            % {"duty": obligation, "state": obligation.get_state_display()}
        )
    if not reason.strip():
        raise Refusal(_("请写明暂停或免除的理由。"))
    refuse_in_closed_phase(obligation.cycle, obligation.due_on)
    order = Suspension.objects.create(
        obligation=obligation,
        excused=excused,
        reason=reason.strip(),
        ordered_by=actor.office if isinstance(actor, Acting) else None,
        starts_on=clock.today(now),
    )
    obligation.state = State.EXCUSED if excused else State.SUSPENDED
    save_relit(obligation, today=clock.today(now), fields=["state"])
    verb = "obligations.excused" if excused else "obligations.suspended"
    audit.record(
        verb, target=obligation, actor=actor, at=now, payload={"reason": reason.strip()}, states=[order]
    )
    return order


@transaction.atomic
def resume(*, obligation: Obligation, actor: Actor, now: dt.datetime) -> Obligation:
    """Let the clock run again; the days it stood still are added to the due day."""
    obligation = locked(obligation)
    if not rules.may_order(actor, obligation):
        raise Refusal(_("恢复由统筹协调单位决定。"))
    order = obligation.suspensions.filter(ends_on__isnull=True).order_by("-pk").first()
    if obligation.state not in (State.SUSPENDED, State.EXCUSED) or order is None:
        raise Refusal(_("该事项没有暂停，不需要恢复。"))
    today = clock.today(now)
    order.ends_on = today
    order.save(update_fields=["ends_on"])
    obligation.state = State.RETURNED if obligation.returns else State.OPEN
    if obligation.due_on:
        obligation.due_on += today - order.starts_on
    save_relit(obligation, today=today, fields=["state", "due_on"])
    audit.record("obligations.resumed", target=obligation, actor=actor, at=now, states=[order])
    return obligation

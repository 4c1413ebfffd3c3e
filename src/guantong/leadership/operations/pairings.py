"""Paired contact: confirmed by the coordinating office, owed by the office, handed over and ended with it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from guantong.accounts.acting import Acting, Actor
from guantong.accounts.models import Office
from guantong.audit import operations as audit
from guantong.kernel import clock
from guantong.kernel.refusals import Refusal
from guantong.leadership.models import Pairing
from guantong.leadership.operations.pairing_obligations import cancel_later, open_owed
from guantong.leadership.queries.pairing_proposal import proposed_for
from guantong.leadership.rules import pairings as rules
from guantong.leadership.rules.pairings import PairingTerms
from guantong.mechanisms.models import Cycle
from guantong.partners.models import Partner


@transaction.atomic
def confirm_pairings(
    *, cycle: Cycle, terms: PairingTerms, chosen: Mapping[int, int], actor: Actor, now: dt.datetime
) -> list[Pairing]:
    """Make what was proposed hold. ``chosen`` is partner to office, as the proposal said when it was read.

    Refused as a whole when the proposal has changed since: somebody recused, a partner was added or paired.
    """
    from guantong.leadership.operations.pairing_handover import hand_over_pairing

    if not actor.may("leadership.run") or not actor.sees(cycle.unit.path):
        raise Refusal(_("联系分工由统筹协调单位确认。"))
    if not chosen:
        raise Refusal(_("请至少勾选一项。"))
    list(Partner.objects.select_for_update(of=("self",)).filter(pk__in=chosen).order_by("pk"))
    proposed = proposed_for(cycle, terms)
    choices = {each.partner: each for each in proposed.placed}
    if any(pk not in choices or choices[pk].office != office for pk, office in chosen.items()):
        raise Refusal(_("情况已有变化，分工建议也变了，没有保存。请重新查看后再确认。"))
    made = []
    for pk, office_pk in chosen.items():
        office, why = proposed.offices[office_pk], choices[pk].why.as_numbers()
        if pk in proposed.leaving:
            reason = _("满 %(n)s 年轮换") % {"n": terms.rotate_after}
            old = proposed.leaving[pk]
            made.append(
                hand_over_pairing(
                    pairing=old, to=office, reason=reason, actor=actor, now=now, cycle=cycle, explanation=why
                )
            )
        else:
            partner_row = proposed.partners[pk]
            made.append(
                start_pairing(
                    cycle=cycle,
                    terms=terms,
                    office=office,
                    partner=partner_row,
                    explanation=why,
                    actor=actor,
                    now=now,
                )
            )
    return made


def start_pairing(
    *,
    cycle: Cycle,
    terms: PairingTerms,
    office: Office,
    partner: Partner,
    explanation: Mapping[str, Any],
    actor: Actor,
    now: dt.datetime,
) -> Pairing:
    """One pairing with what it owes in the year. Called by the operations that decide on it, in their transaction."""
    today = clock.today(now)
    pairing = Pairing.objects.create(
        cycle=cycle,
        rule=terms.rule,
        office=office,
        partner=partner,
        starts_on=max(today, cycle.starts_on),
        explanation=dict(explanation),
        assigned_by=actor.office if isinstance(actor, Acting) else None,
    )
    owed = open_owed(pairing, terms, today=today)
    audit.record(
        "leadership.paired",
        target=pairing,
        actor=actor,
        at=now,
        payload={"obligations": len(owed), "why": dict(explanation)},
        states=owed,
    )
    return pairing


def locked(pairing: Pairing) -> Pairing:
    """The pairing as it is now, held with its partner until the transaction ends."""
    Partner.objects.select_for_update(of=("self",)).get(pk=pairing.partner_id)
    return Pairing.objects.select_for_update(of=("self",)).select_related(
        "cycle__unit", "cycle__stored", "office__unit", "partner__area", "partner__subject"
    ).get(pk=pairing.pk)  # fmt: skip


@transaction.atomic
def end_pairing(*, pairing: Pairing, reason: str, actor: Actor, now: dt.datetime) -> Pairing:
    """The contact ends today. What fell due stays owed; what lies ahead is not owed any more."""
    from guantong.leadership.operations.contacts import drop_planned

    pairing = locked(pairing)
    if pairing.ends_on is not None:
        return pairing
    if not rules.may_run(actor, pairing.partner):
        raise Refusal(_("联系分工由统筹协调单位调整。"))
    reason = reason.strip()
    if not reason:
        raise Refusal(_("请写明为什么结束，只写工作原因。"))
    if len(reason) > 300:
        raise Refusal(_("理由最多 300 字。"))
    today = clock.today(now)
    pairing.ends_on, pairing.end_reason = max(today, pairing.starts_on), reason
    pairing.save(update_fields=["ends_on", "end_reason"])
    changed = [*cancel_later(pairing, today=today), *drop_planned(pairing, now=now)]
    audit.record(
        "leadership.pairing_ended",
        target=pairing,
        actor=actor,
        at=now,
        payload={"reason": reason},
        states=changed,
    )
    return pairing

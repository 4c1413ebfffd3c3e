"""A pairing moves to another office with everything open; and goes on by itself when a new year opens."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import Model
from django.utils.translation import gettext as _

from guantong.accounts.acting import Acting, Actor
from guantong.accounts.models import Office
from guantong.audit import operations as audit
from guantong.cases.models import Case
from guantong.cases.operations.assigning import set_host
from guantong.kernel import clock
from guantong.kernel.refusals import Refusal
from guantong.leadership.models import Pairing, PartnerContact
from guantong.leadership.operations.pairing_obligations import move_undone, open_owed
from guantong.leadership.operations.pairings import end_pairing, locked
from guantong.leadership.queries.pairing_proposal import offices_for
from guantong.leadership.queries.pairing_quality import OVER
from guantong.leadership.rules import pairings as rules
from guantong.mechanisms.models import Cycle
from guantong.partners.queries import recusals_in_force


@transaction.atomic
def hand_over_pairing(
    *,
    pairing: Pairing,
    to: Office,
    reason: str,
    actor: Actor,
    now: dt.datetime,
    cycle: Cycle | None = None,
    explanation: Mapping[str, Any] | None = None,
) -> Pairing:
    """Another office keeps the contact from today: open obligations, planned contacts and open cases go along."""
    pairing = locked(pairing)
    reason = reason.strip()
    _refuse_unfit(pairing, to, reason, actor)
    today = clock.today(now)
    pairing.ends_on, pairing.end_reason = max(today, pairing.starts_on), reason
    pairing.save(update_fields=["ends_on", "end_reason"])
    successor = Pairing.objects.create(
        cycle=cycle or pairing.cycle,
        rule=pairing.rule,
        office=to,
        partner=pairing.partner,
        starts_on=pairing.ends_on,
        explanation=dict(explanation or {}),
        taken_over_from=pairing,
        assigned_by=actor.office if isinstance(actor, Acting) else None,
    )
    moved: list[Model] = [*move_undone(pairing, successor, now=now), *_move_planned(pairing, successor, now)]
    cases, stay = _move_cases(pairing, to, reason, actor, now)
    audit.record(
        "leadership.pairing_handed_over",
        target=pairing,
        actor=actor,
        at=now,
        payload={"to": successor.pk, "reason": reason, "cases": cases, "cases_that_stay": stay},
        states=[successor, *moved],
    )
    return successor


def _refuse_unfit(pairing: Pairing, to: Office, reason: str, actor: Actor) -> None:
    if not rules.may_run(actor, pairing.partner):
        raise Refusal(_("联系分工由统筹协调单位调整。"))
    if pairing.ends_on is not None:
        raise Refusal(_("这项联系已于 %(day)s 结束或移交。") % {"day": pairing.ends_on})
    if not reason or len(reason) > 300:
        raise Refusal(_("请写明移交理由，只写工作原因，最多 300 字。"))
    terms = rules.terms_by_rule(pairing.cycle.package, pairing.rule)
    if to.pk == pairing.office_id:
        raise Refusal(_("现在就是由这个岗位联系。"))
    if terms is None or to.pk not in {each.pk for each in offices_for(pairing.cycle, terms)}:
        raise Refusal(_("这个岗位不承担这类联系。"))
    if recusals_in_force(pairing.partner).filter(office=to).exists():
        raise Refusal(_("“%(office)s”已声明回避这个联系对象。") % {"office": to})
    open_ones = Pairing.objects.filter(office=to, ends_on__isnull=True)
    if open_ones.filter(partner=pairing.partner).exists():
        raise Refusal(_("“%(office)s”已在联系这个对象。") % {"office": to})
    kept = open_ones.filter(rule=pairing.rule).count()
    if kept >= terms.most:
        raise Refusal(
            _("“%(office)s”已联系 %(n)s 个对象，达到上限 %(most)s 个。")
            % {"office": to, "n": kept, "most": terms.most}
        )


def _move_planned(pairing: Pairing, to: Pairing, now: dt.datetime) -> list[PartnerContact]:
    """Planned contacts change office and keep their day and their place in the counter.

    Where the new office was going along anyway, it now goes by itself: its own joining is not needed any more.
    """
    planned = PartnerContact.objects.filter(
        partner=pairing.partner, office=pairing.office, record__isnull=True, cancelled_at__isnull=True
    )
    changed: list[PartnerContact] = []
    for contact in planned.order_by("day", "pk"):
        joined_to_own = contact.joined is not None and contact.joined.office_id == to.office_id
        if joined_to_own:
            contact.cancelled_at = now
        else:
            contact.office, contact.pairing = to.office, to
        contact.save(update_fields=["office", "pairing", "cancelled_at"])
        changed.append(contact)
        for double in contact.joint.filter(office=to.office, cancelled_at__isnull=True):
            double.cancelled_at = now
            double.save(update_fields=["cancelled_at"])
            changed.append(double)
    return changed


def _move_cases(
    pairing: Pairing, to: Office, reason: str, actor: Actor, now: dt.datetime
) -> tuple[list[int], list[int]]:
    """Open cases of the partner that the office before carries: (those the new one carries now, those that stay).

    A case stays where the new office may not carry it, such as one against its own body.
    """
    moved, stay = [], []
    cases = Case.objects.filter(partner=pairing.partner, host=pairing.office, closed_on__isnull=True)
    for case in cases.exclude(stage__in=OVER).order_by("pk"):
        try:
            set_host(case=case, host=to, actor=actor, now=now, reason=reason)
            moved.append(case.pk)
        except Refusal:
            stay.append(case.pk)
    return moved, stay


def continue_pairings(*, cycle: Cycle, now: dt.datetime, actor: Actor) -> list[Pairing]:
    """In a new year every open pairing of the year before goes on with the same office. Done by the worker; repeating
    it changes nothing."""
    before = Pairing.objects.filter(
        ends_on__isnull=True,
        cycle__unit=cycle.unit,
        cycle__year__lt=cycle.year,
        partner__closed_on__isnull=True,
    )
    return [_continue(each, cycle, now, actor) for each in before.order_by("pk")]


@transaction.atomic
def _continue(pairing: Pairing, cycle: Cycle, now: dt.datetime, actor: Actor) -> Pairing:
    pairing, today = locked(pairing), clock.today(now)
    terms = rules.terms_by_rule(cycle.package, pairing.rule)
    last = max(cycle.starts_on - dt.timedelta(days=1), pairing.starts_on)
    pairing.ends_on, pairing.end_reason = last, _("转入新年度")
    pairing.save(update_fields=["ends_on", "end_reason"])
    following = Pairing.objects.create(
        cycle=cycle,
        rule=pairing.rule,
        office=pairing.office,
        partner=pairing.partner,
        starts_on=max(cycle.starts_on, last),
        explanation=pairing.explanation,
        taken_over_from=pairing,
        assigned_by=pairing.assigned_by,
    )
    planned = list(pairing.contacts.filter(record__isnull=True, cancelled_at__isnull=True).order_by("pk"))
    for contact in planned:
        contact.pairing = following
        contact.save(update_fields=["pairing"])
    owed = open_owed(following, terms, today=today) if terms else []
    audit.record(
        "leadership.pairing_continued",
        target=following,
        actor=actor,
        at=now,
        payload={"from": pairing.pk, "obligations": len(owed)},
        states=[pairing, *planned, *owed],
    )
    return following


def end_pairings_of_closed(*, now: dt.datetime, actor: Actor) -> int:
    """Pairings with partners that left the register, or took their consent back, end. Done by the worker."""
    over = Pairing.objects.filter(ends_on__isnull=True, partner__closed_on__isnull=False)
    rows = list(over.select_related("partner__area").order_by("pk"))
    for pairing in rows:
        end_pairing(pairing=pairing, reason=_("联系对象已退出登记"), actor=actor, now=now)
    return len(rows)

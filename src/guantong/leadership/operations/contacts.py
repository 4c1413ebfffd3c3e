"""Planning a contact so that no partner is visited more than the cap allows, joining, cancelling."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from guantong.accounts.acting import Actor
from guantong.accounts.models import Office
from guantong.audit import operations as audit
from guantong.kernel import clock
from guantong.kernel.refusals import Refusal
from guantong.leadership.choices import ContactMode
from guantong.leadership.models import Pairing, PartnerContact
from guantong.leadership.queries.contacts import cap_of
from guantong.leadership.rules import contacts as rules
from guantong.leadership.rules.pairings import Cap
from guantong.mechanisms.models import Cycle
from guantong.partners.models import Partner


@transaction.atomic
def plan_contact(
    *,
    cycle: Cycle,
    partner: Partner,
    office: Office,
    mode: str,
    day: dt.date,
    purpose: str,
    actor: Actor,
    now: dt.datetime,
    over_cap_reason: str = "",
) -> PartnerContact:
    """Put a visit or a call in the partner's calendar. A visit above the cap is refused, unless the partner asked."""
    partner = locked_partner(partner)  # one at a time for a partner, so that the cap holds
    rules.refuse_unfit(partner, office, purpose, actor=actor)
    if mode not in (ContactMode.VISIT, ContactMode.PHONE):
        raise Refusal(_("请选择走访或电话联系；并入别的岗位的走访，请从该次走访上选择“一起去”。"))
    if day < clock.today(now):
        raise Refusal(_("计划不能安排在过去的日子；已经做过的，请直接登记。"))
    same = {"partner": partner, "office": office, "mode": mode, "day": day, "purpose": purpose.strip()}
    if earlier := PartnerContact.objects.filter(**same, cancelled_at__isnull=True).first():
        return earlier  # the same form sent twice
    reason = ""
    if mode == ContactMode.VISIT:
        cap = cap_of(partner, cycle.package, day=day)
        if cap.is_spent:
            reason = over_cap_reason.strip()
            _refuse_over_cap(cap, partner, reason, actor)
    return planned(**same, over_cap_reason=reason, actor=actor, now=now)


def _refuse_over_cap(cap: Cap, partner: Partner, reason: str, actor: Actor) -> None:
    """Only the partner's own wish goes above the cap, written down by the coordinating office."""
    if not reason:
        raise Refusal(
            _(
                "%(partner)s在这一期的走访已有 %(n)s 次，达到上限 %(most)s 次。请并入别的岗位已安排的走访，或改用电话联系。"
            )
            % {"partner": partner.neutral_name, "n": cap.taken, "most": cap.most}
        )
    if not actor.may("leadership.run"):
        raise Refusal(_("对方主动要求的，请由统筹协调单位写明情况后安排。"))
    if len(reason) > 300:
        raise Refusal(_("理由最多 300 字。"))


def locked_partner(partner: Partner) -> Partner:
    return (
        Partner.objects.select_for_update(of=("self",)).select_related("area", "subject").get(pk=partner.pk)
    )


def planned(*, actor: Actor, now: dt.datetime, **fields: Any) -> PartnerContact:
    """Write a planned contact with the pairing it belongs to, if any. The caller holds the partner."""
    pairing = Pairing.objects.filter(
        partner=fields["partner"], office=fields["office"], ends_on__isnull=True
    ).first()
    contact = PartnerContact.objects.create(pairing=pairing, planned_at=now, **fields)
    audit.record(
        "leadership.contact_planned",
        target=contact,
        actor=actor,
        at=now,
        payload={"mode": contact.mode, "day": contact.day, "joined": contact.joined_id},
    )
    return contact


@transaction.atomic
def join_contact(
    *, contact: PartnerContact, office: Office, purpose: str, actor: Actor, now: dt.datetime
) -> PartnerContact:
    """Go along with another office's visit: the same day, one visit for the partner."""
    partner = locked_partner(contact.partner)
    host = PartnerContact.objects.select_related("office").get(pk=contact.pk)
    rules.refuse_unfit(partner, office, purpose, actor=actor)
    rules.refuse_unjoinable(host, office, today=clock.today(now))
    earlier = PartnerContact.objects.filter(joined=host, office=office, cancelled_at__isnull=True).first()
    if earlier:
        return earlier
    return planned(
        partner=partner, office=office, mode=ContactMode.JOINT, day=host.day, purpose=purpose.strip(), joined=host,
        actor=actor, now=now,
    )  # fmt: skip


@transaction.atomic
def cancel_contact(*, contact: PartnerContact, actor: Actor, now: dt.datetime) -> PartnerContact:
    """Take a planned contact out of the calendar; its place in the counter is free again, unless others go on."""
    locked_partner(contact.partner)
    contact = PartnerContact.objects.select_related("partner__area", "office").get(pk=contact.pk)
    if contact.cancelled_at:
        return contact
    if not rules.may_act_for(actor, contact.office, contact.partner):
        raise Refusal(_("只有安排联系的岗位和统筹协调单位可以取消。"))
    if contact.record_id:
        raise Refusal(_("已经登记为做过的联系，不能取消。"))
    audit.record(
        "leadership.contact_cancelled", target=contact, actor=actor, at=now, states=_cancelled(contact, now)
    )
    return contact


def _cancelled(contact: PartnerContact, now: dt.datetime) -> list[PartnerContact]:
    """Cancel; the first office that was going along goes by itself, the others with it. Returns those others."""
    contact.cancelled_at = now
    contact.save(update_fields=["cancelled_at"])
    going = list(contact.joint.filter(cancelled_at__isnull=True).order_by("planned_at", "pk"))
    for each in going:
        first = each == going[0]
        each.joined, each.mode = (None, ContactMode.VISIT) if first else (going[0], ContactMode.JOINT)
        each.save(update_fields=["joined", "mode"])
    return going


def drop_planned(pairing: Pairing, *, now: dt.datetime) -> list[PartnerContact]:
    """What was planned under a pairing that ends is not going to be. Returns what changed."""
    changed = []
    open_ones = pairing.contacts.filter(record__isnull=True, cancelled_at__isnull=True).order_by("day", "pk")
    for contact in open_ones:
        changed += [contact, *_cancelled(contact, now)]
    return changed

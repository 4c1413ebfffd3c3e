"""Writing down a contact that took place: one record for everybody who was there, and what was asked becomes cases."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db import transaction
from django.utils.translation import gettext as _

from guantong.accounts.acting import Actor
from guantong.accounts.choices import Role
from guantong.accounts.models import Office
from guantong.audit import operations as audit
from guantong.cases.choices import Channel
from guantong.cases.models import Case
from guantong.cases.operations import register_case, registering_unit
from guantong.kernel import clock
from guantong.kernel.refusals import Refusal
from guantong.leadership.choices import ContactMode
from guantong.leadership.models import Pairing, PartnerContact
from guantong.leadership.operations.contacts import locked_partner, planned
from guantong.leadership.queries.contacts import cap_of
from guantong.leadership.rules import contacts as rules
from guantong.leadership.rules.pairings import terms_for
from guantong.mechanisms.models import Cycle
from guantong.obligations.choices import CLAIMABLE, Source
from guantong.obligations.claiming import claim_what_it_fulfils
from guantong.obligations.models import Claim, Obligation
from guantong.obligations.operations import claim_for, locked
from guantong.partners.models import Partner
from guantong.records.choices import RecordKind, kinds_fitting
from guantong.records.models import Record
from guantong.records.operations import enter_record


@dataclass(frozen=True, slots=True)
class Demand:
    """What the partner asked for: its kind (`cases.choices.CaseKind`), and its own words."""

    kind: str
    wording: str
    title: str = ""


@dataclass(frozen=True)
class Noted:
    """The one record, what it was claimed for, and the new cases with the codes they are followed by."""

    record: Record
    claims: list[Claim] = field(default_factory=list)
    cases: list[tuple[Case, str]] = field(default_factory=list)


@transaction.atomic
def note_contact(
    *,
    cycle: Cycle,
    contact: PartnerContact,
    day: dt.date,
    summary: str,
    actor: Actor,
    now: dt.datetime,
    place: str = "",
    demands: Sequence[Demand] = (),
) -> Noted:
    """Write down a planned contact as done. For a joint visit any of the offices does it once, for all of them."""
    partner = locked_partner(contact.partner)
    contact = _host_of(PartnerContact.objects.select_related("joined").get(pk=contact.pk))
    going = [contact, *contact.joint.filter(cancelled_at__isnull=True).select_related("office__unit")]
    if contact.record is not None:
        return Noted(contact.record)  # the same form sent twice, or the other office was quicker
    if contact.cancelled_at:
        raise Refusal(_("这次联系已取消，不能登记。"))
    if not any(rules.may_act_for(actor, each.office, partner) for each in going):
        raise Refusal(_("联系由去的岗位登记，或由统筹协调单位代为登记。"))
    return _noted(cycle, partner, going, day, summary, place, demands, actor, now)


def _host_of(contact: PartnerContact) -> PartnerContact:
    pk = contact.joined_id or contact.pk
    return PartnerContact.objects.select_related("office__unit", "record", "partner").get(pk=pk)


@transaction.atomic
def note_unplanned_contact(
    *,
    cycle: Cycle,
    partner: Partner,
    office: Office,
    mode: str,
    day: dt.date,
    purpose: str,
    summary: str,
    actor: Actor,
    now: dt.datetime,
    place: str = "",
    demands: Sequence[Demand] = (),
    over_cap_reason: str = "",
) -> Noted:
    """Write down a contact that nobody had planned. A visit counts all the same; above the cap it says why."""
    partner = locked_partner(partner)
    rules.refuse_unfit(partner, office, purpose, actor=actor)
    if mode not in (ContactMode.VISIT, ContactMode.PHONE):
        raise Refusal(_("请选择走访或电话联系。"))
    same = {"partner": partner, "office": office, "mode": mode, "day": day, "purpose": purpose.strip()}
    earlier = PartnerContact.objects.filter(**same, record__isnull=False).select_related("record").first()
    if earlier is not None and earlier.record is not None and earlier.record.summary == summary.strip():
        return Noted(earlier.record)
    reason = ""
    if mode == ContactMode.VISIT and cap_of(partner, cycle.package, day=day).is_spent:
        reason = over_cap_reason.strip()
        if not reason:
            raise Refusal(
                _("这个对象本期的走访次数已满。已经去过的，请写明为什么没有并入别的走访或改用电话。")
            )
    contact = planned(**same, over_cap_reason=reason[:300], actor=actor, now=now)
    return _noted(cycle, partner, [contact], day, summary, place, demands, actor, now)


def _noted(
    cycle: Cycle,
    partner: Partner,
    going: list[PartnerContact],
    day: dt.date,
    summary: str,
    place: str,
    demands: Sequence[Demand],
    actor: Actor,
    now: dt.datetime,
) -> Noted:
    host, offices = going[0], [each.office for each in going]
    record = enter_record(
        kind=RecordKind.VISIT,
        happened_on=day,
        summary=summary,
        place=place,
        entered_by=host.office,
        participants=offices[1:],
        actor=actor,
        now=now,
        today=clock.today(now),
    )
    for each in going:
        each.record, each.day = record, day
        each.save(update_fields=["record", "day"])
    claims = _claims(record, partner, offices, cycle, actor, now)
    cases = [_case(each, cycle, partner, host.office, day, actor, now) for each in demands]
    audit.record(
        "leadership.contact_noted",
        target=host,
        actor=actor,
        at=now,
        payload={"record": record.pk, "cases": [case.pk for case, _code in cases]},
        states=going[1:],
    )
    return Noted(record, claims, cases)


def _claims(
    record: Record, partner: Partner, offices: list[Office], cycle: Cycle, actor: Actor, now: dt.datetime
) -> list[Claim]:
    """For each office that was there the earliest contact it owes this partner, and the duty of the package."""
    pairings = Pairing.objects.filter(partner=partner, office__in=offices).values("pk")
    owed = Obligation.objects.filter(
        source=Source.PAIRING, source_ref__in=pairings, office__in=offices, state__in=CLAIMABLE
    ).filter(starts_on__lte=record.happened_on)
    first: dict[int, Obligation] = {}
    for each in owed.order_by("due_on", "pk").select_related("office", "cycle"):
        if record.kind in kinds_fitting(each.evidence):
            first.setdefault(each.office_id, each)
    made = [
        claim_for(locked(each), record=record, claimed_by=each.office, actor=actor, now=now)
        for each in first.values()
    ]
    terms = terms_for(cycle.package, partner.kind)
    if terms is None or terms.duty is None:
        return made
    return made + claim_what_it_fulfils(
        record=record,
        offices=offices,
        pillars=[terms.duty.pillar],
        rules=[terms.duty.id],
        actor=actor,
        now=now,
    )


def _case(
    demand: Demand,
    cycle: Cycle,
    partner: Partner,
    office: Office,
    day: dt.date,
    actor: Actor,
    now: dt.datetime,
) -> tuple[Case, str]:
    """A demand is followed to its end by whoever heard it."""
    return register_case(
        cycle=cycle,
        unit=registering_unit(cycle),
        kind=demand.kind,
        channel=Channel.VISIT,
        wording=demand.wording,
        title=demand.title,
        partner=partner,
        host=office if office.role == Role.LEADER else None,
        actor=actor,
        now=now,
        received_on=day,
    )

"""The record of work that a day of receiving becomes, and the duty it fulfils."""

from __future__ import annotations

import datetime as dt

from django.db.models import Q
from django.utils.translation import gettext as _

from guantong.accounts.acting import Actor
from guantong.accounts.models import Office
from guantong.cases.applicant import Applicant
from guantong.obligations.choices import CLAIMABLE, Source
from guantong.obligations.claiming import claim_what_it_fulfils
from guantong.obligations.models import Obligation
from guantong.obligations.operations import claim_for, locked
from guantong.reception.choices import BookingKind, BookingStage
from guantong.reception.models import Booking, ReceptionDay
from guantong.reception.operations.acts import Act
from guantong.reception.terms import duties_met_by
from guantong.records.choices import RecordKind
from guantong.records.models import Record
from guantong.records.operations import enter_record


def as_actor(act: Act) -> Actor:
    """Whoever writes a day down sits in an office; an applicant never does."""
    assert not isinstance(act.actor, Applicant)
    return act.actor


def record_of(
    act: Act, office: Office, on: dt.date, *, place: str = "", day: ReceptionDay | None = None, note: str = ""
) -> Record:
    """One record for the office and the date. It is the receiving office's own, whoever writes it down; the log names
    the writer. On a reception day it claims the duty to receive."""
    record = enter_record(
        kind=RecordKind.RECEPTION,
        happened_on=on,
        summary=_summary(day, note) if day else _("按约定接待来访，诉求已登记办理。"),
        entered_by=office,
        actor=as_actor(act),
        now=act.now,
        today=act.today,
        place=place,
        submission_key=f"reception {office.pk} {on.isoformat()}",
    )
    if day is not None:
        _claim_duty(act, record, office, day)
    return record


def _claim_duty(act: Act, record: Record, office: Office, day: ReceptionDay) -> None:
    """The duty of the period in which the day lies; where that is not open, the earliest that is."""
    duties = duties_met_by(day.cycle.package, day.rule)
    if not duties:
        return
    rule_ids = [duty for duty, _pillar in duties]
    this_period = Obligation.objects.filter(
        source=Source.DUTY,
        state__in=CLAIMABLE,
        office=office,
        rule__in=rule_ids,
        starts_on__lte=record.happened_on,
        due_on__gte=record.happened_on,
    ).select_related("office")
    actor = as_actor(act)
    if found := this_period.order_by("due_on", "pk").first():
        claim_for(locked(found), record=record, claimed_by=office, actor=actor, now=act.now)
        return
    claim_what_it_fulfils(
        record=record,
        offices=[office],
        pillars=sorted({pillar for _duty, pillar in duties}),
        rules=rule_ids,
        actor=actor,
        now=act.now,
    )


def _summary(day: ReceptionDay, note: str) -> str:
    """How many came and how many did not; nothing about anybody."""
    rows = Booking.objects.filter(
        Q(slot__day=day) | Q(slot__isnull=True, host=day.receiver, meet_on=day.day)
    ).values_list("kind", "stage")
    met = [kind for kind, stage in rows if stage == BookingStage.MET]
    missed = sum(1 for _kind, stage in rows if stage == BookingStage.MISSED)
    if not met and not missed:
        text = _("接待日按公布的时间在岗接待，没有人来访。")
    else:
        walked = met.count(BookingKind.WALK_IN)
        text = _("接待日接待来访 %(met)s 批，其中预约 %(booked)s 批、直接来访 %(walked)s 批；预约未到 %(missed)s 批。") % {
            "met": len(met), "booked": len(met) - walked, "walked": walked, "missed": missed,
        }  # fmt: skip
    return f"{text}{note}"

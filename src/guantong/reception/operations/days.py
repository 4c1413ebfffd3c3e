"""One reception day: edited while a draft, published in time, given another host, moved, cancelled."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from guantong.accounts.models import Office
from guantong.audit import operations as audit
from guantong.calendars.queries import calendar_for
from guantong.cases.applicant import Doer
from guantong.kernel import clock
from guantong.kernel.refusals import Refusal
from guantong.reception import rules
from guantong.reception.models import ReceptionDay, Slot
from guantong.reception.operations.acts import held_day
from guantong.reception.planning import last_day_to_publish, stretches
from guantong.reception.terms import terms_for


def last_day_for(day: ReceptionDay, on: dt.date | None = None) -> dt.date:
    """The last day on which the reception day may be published, held on its own or another day."""
    held, terms = on or day.day, terms_for(day.cycle, day.rule)
    return last_day_to_publish(
        held, workdays=terms.publish_workdays, calendar=calendar_for(held.year, day.cycle.unit_id)
    )


def refuse_unless_run(actor: Doer, day: ReceptionDay) -> None:
    if not rules.may_run(actor, day.host.unit):
        raise Refusal(_("只有统筹协调单位可以安排接待日。"))


@transaction.atomic
def edit_day(
    *,
    day: ReceptionDay,
    host: Office,
    starts_at: dt.time,
    ends_at: dt.time,
    place: str,
    portfolio: str,
    actor: Doer,
    now: dt.datetime,
    place_en: str = "",
    portfolio_en: str = "",
) -> ReceptionDay:
    """Change a draft. What is public is moved, stood in for or cancelled instead, and everybody booked is told."""
    day = held_day(day)
    refuse_unless_run(actor, day)
    if day.published_at or day.cancelled_at:
        raise Refusal(_("已公布或已取消的接待日不能直接修改，请改期、安排代为接待或取消。"))
    if (
        not rules.is_host_of(host, day.cycle, terms_for(day.cycle, day.rule))
        or host.unit_id != day.host.unit_id
    ):
        raise Refusal(_("“%(office)s”不在轮流接待的岗位之中。") % {"office": host})
    if starts_at >= ends_at:
        raise Refusal(_("结束时间须晚于开始时间。"))
    if not place.strip() or len(place.strip()) > 200 or len(portfolio.strip()) > 300:
        raise Refusal(_("请写明接待地点，不超过 200 字；分管工作不超过 300 字。"))
    refuse_if_busy(host, day.day, besides=day)
    day.host, day.starts_at, day.ends_at = host, starts_at, ends_at
    day.place, day.place_en = place.strip(), place_en.strip()
    day.portfolio, day.portfolio_en = portfolio.strip(), portfolio_en.strip()
    day.save()
    audit.record("reception.day_edited", target=day, actor=actor, at=now, payload={"host": host.pk})
    return day


def refuse_if_busy(host: Office, on: dt.date, *, besides: ReceptionDay) -> None:
    """An office receives once a day, in its own turn or in another's."""
    that_day = ReceptionDay.objects.filter(day=on, cancelled_at__isnull=True).exclude(pk=besides.pk)
    if that_day.filter(host=host).exists() or that_day.filter(stand_in=host).exists():
        raise Refusal(_("“%(office)s”%(day)s 已有接待安排。") % {"office": host, "day": on})


@transaction.atomic
def publish_days(*, days: Sequence[ReceptionDay], actor: Doer, now: dt.datetime) -> list[ReceptionDay]:
    """Make days public and cut them into slots: all of them, or none with the reasons. Those public already stay."""
    today, found = clock.today(now), [held_day(each) for each in sorted(days, key=lambda each: each.pk)]
    if not found:
        raise Refusal(_("请选择要公布的接待日。"))
    reasons = []
    for day in found:
        refuse_unless_run(actor, day)
        if day.published_at:
            continue
        if day.cancelled_at:
            reasons.append(_("%(day)s 的接待已取消。") % {"day": day.day})
        elif today > (last := last_day_for(day)):
            reasons.append(
                _("%(day)s 的接待日应在 %(last)s 之前公布，现在已来不及，请先改期。")
                % {"day": day.day, "last": last}
            )
    if reasons:
        raise Refusal.of(reasons)
    return [_published(day, actor=actor, now=now) for day in found if not day.published_at]


def _published(day: ReceptionDay, *, actor: Doer, now: dt.datetime) -> ReceptionDay:
    terms = terms_for(day.cycle, day.rule)
    day.published_at = now
    day.save(update_fields=["published_at"])
    slots = Slot.objects.bulk_create(
        Slot(day=day, starts_at=starts, ends_at=ends, capacity=terms.places)
        for starts, ends in stretches(day.starts_at, day.ends_at, minutes=terms.slot_minutes)
    )
    audit.record(
        "reception.day_published", target=day, actor=actor, at=now, states=slots,
        payload={"day": day.day, "host": day.host_id, "places": sum(each.capacity for each in slots)},
    )  # fmt: skip
    return day

"""A reception day that is public changes: somebody stands in, two hosts swap, it moves. Everybody booked is told."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from guantong.accounts.models import Office
from guantong.calendars.queries import calendar_for
from guantong.cases.applicant import Doer
from guantong.cases.chain import may_follow as cases_may_follow
from guantong.cases.operations.assigning import set_host
from guantong.kernel.refusals import Refusal
from guantong.notices.said import Said, say
from guantong.reception import rules
from guantong.reception.chain import MOVES
from guantong.reception.models import Booking, ReceptionDay
from guantong.reception.operations.acts import Act, held_day, reason_given
from guantong.reception.operations.days import last_day_for, refuse_if_busy, refuse_unless_run
from guantong.reception.terms import terms_for

OF_DAY = ("host__unit", "case__cycle__stored", "case__cycle__unit", "case__against", "slot")


def live_on(day: ReceptionDay) -> list[Booking]:
    """The bookings of a held day that are not decided yet: those with a place first, by time and place."""
    rows = (
        Booking.objects.select_for_update(of=("self",))
        .filter(slot__day=day, stage__in=MOVES["inform"].before)
        .select_related(*OF_DAY)
    )
    return sorted(
        rows,
        key=lambda each: (
            each.seat is None, each.slot.starts_at if each.slot else dt.time.min, each.seat or 0, each.waits_since or each.asked_at, each.pk
        ),
    )  # fmt: skip


def refuse_if_closed(day: ReceptionDay, today: dt.date) -> None:
    """What is cancelled, held or past stays as it is."""
    if day.cancelled_at:
        raise Refusal(_("这个接待日已经取消。"))
    if day.held_on or day.day < today:
        raise Refusal(_("这个接待日已经过去。"))


@transaction.atomic
def name_stand_in(
    *, day: ReceptionDay, stand_in: Office | None, reason: str, actor: Doer, now: dt.datetime
) -> ReceptionDay:
    """Somebody else receives instead of the host; none: the host does after all. The case goes to whoever receives."""
    act, day = Act(actor, now), held_day(day)
    refuse_unless_run(actor, day)
    refuse_if_closed(day, act.today)
    reason = reason_given(reason, _("请写明理由，已预约的人会看到。"))
    if stand_in is not None:
        if not rules.may_receive(stand_in) or stand_in.pk == day.host_id:
            raise Refusal(_("代为接待的应是另一位领导岗位。"))
        if not stand_in.unit.path.startswith(day.cycle.unit.path):
            raise Refusal(_("代为接待的岗位不在本年度周期的范围内。"))
        refuse_if_busy(stand_in, day.day, besides=day)
    if day.stand_in_id == (stand_in.pk if stand_in else None):
        return day
    day.stand_in, day.reason = stand_in, reason
    day.save(update_fields=["stand_in", "reason"])
    told = (
        say("因%(reason)s，由%(office)s代为接待，时间地点不变。", reason=reason, office=_said_of(stand_in))
        if stand_in
        else say("仍由%(office)s接待，时间地点不变。", office=_said_of(day.host))
    )
    for booking in live_on(day):
        booking.host = day.receiver
        act.move(booking, "inform", told=told)
        if booking.case.host_id != booking.host_id and cases_may_follow(booking.case, "host"):
            set_host(case=booking.case, host=booking.host, actor=actor, now=now, reason=reason)
    act.record("reception.stand_in_named", day, stand_in=day.stand_in_id)
    return day


def _said_of(office: Office) -> Said:
    return {"zh": office.title, "en": office.title_en}


@transaction.atomic
def swap_hosts(
    *, first: ReceptionDay, second: ReceptionDay, reason: str, actor: Doer, now: dt.datetime
) -> tuple[ReceptionDay, ReceptionDay]:
    """Two hosts take each other's day, as long as nobody has booked either: people book a person's portfolio."""
    act = Act(actor, now)
    held = {each.pk: held_day(each) for each in sorted((first, second), key=lambda each: each.pk)}
    first, second = held[first.pk], held[second.pk]
    reason = reason_given(reason, _("请写明互换的理由。"))
    for day in (first, second):
        refuse_unless_run(actor, day)
        refuse_if_closed(day, act.today)
        if live_on(day):
            raise Refusal(
                _("%(day)s 已有人预约%(office)s，不能互换，请安排代为接待或改期。")
                % {"day": day.day, "office": day.host}
            )
    if first.day == second.day or first.host_id == second.host_id:
        raise Refusal(_("请选择另一个日期、另一位领导的接待日互换。"))
    if first.host.unit_id != second.host.unit_id or first.rule != second.rule:
        raise Refusal(_("只能在同一单位轮流接待的岗位之间互换。"))
    refuse_if_busy(second.host, first.day, besides=first)
    refuse_if_busy(first.host, second.day, besides=second)
    for name in ("host", "portfolio", "portfolio_en", "place", "place_en"):
        mine, theirs = getattr(first, name), getattr(second, name)
        setattr(first, name, theirs)
        setattr(second, name, mine)
    for day in (first, second):
        day.stand_in, day.reason = None, reason
        day.save()
    act.changed(second)
    act.record("reception.hosts_swapped", first, other=second.pk)
    return first, second


@transaction.atomic
def move_day(*, day: ReceptionDay, to: dt.date, reason: str, actor: Doer, now: dt.datetime) -> ReceptionDay:
    """Hold it on another working day, itself announced in time. Bookings stay; whoever cannot come then says so."""
    act, day = Act(actor, now), held_day(day)
    refuse_unless_run(actor, day)
    refuse_if_closed(day, act.today)
    reason = reason_given(reason, _("请写明改期的理由，已预约的人会看到。"))
    calendar = calendar_for(to.year, day.cycle.unit_id)
    if to == day.day:
        return day
    if to.year != day.cycle.year or not calendar.is_workday(to):
        raise Refusal(_("%(day)s 不是本年度的工作日，请另选一天。") % {"day": to})
    if act.today > (last := last_day_for(day, to)):
        raise Refusal(
            _("接待日须至少提前 %(n)s 个工作日公布，改到 %(day)s 应在 %(last)s 之前办理。")
            % {"n": terms_for(day.cycle, day.rule).publish_workdays, "day": to, "last": last}
        )
    refuse_if_busy(day.host, to, besides=day)
    if day.stand_in:
        refuse_if_busy(day.stand_in, to, besides=day)
    before, day.day, day.reason = day.day, to, reason
    day.provisional = calendar.is_provisional(to.year)
    day.save(update_fields=["day", "reason", "provisional"])
    told = say(
        "因%(reason)s，接待改到 %(day)s，时间地点不变，您的预约仍然有效。不方便的，可以改约或取消。",
        reason=reason,
        day=to.isoformat(),
    )
    for booking in live_on(day):
        booking.meet_on = to
        act.move(booking, "inform", told=told)
    act.record("reception.day_moved", day, before=before, after=to)
    return day

"""Laying out reception days over the offices that receive, and bringing provisional days up to date."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from guantong.accounts.models import Office
from guantong.audit import operations as audit
from guantong.calendars.queries import calendar_for
from guantong.cases.applicant import Doer
from guantong.kernel import clock
from guantong.kernel.refusals import Refusal
from guantong.kernel.workdays import WorkdayCalendar
from guantong.mechanisms.models import Cycle
from guantong.organisation.models import Unit
from guantong.reception import rules
from guantong.reception.models import ReceptionDay
from guantong.reception.planning import (
    PlannedDay,
    days_of_year,
    hosts_a_day,
    in_rotation,
    last_day_to_publish,
)
from guantong.reception.queries.days import away_of, hosts_in, latest_words, turns_before
from guantong.reception.terms import Terms, terms_for, times_a_year

LONGEST_PLACE = 200


@transaction.atomic
def lay_out_days(
    *,
    cycle: Cycle,
    unit: Unit,
    terms: Terms,
    first: dt.date,
    last: dt.date,
    place: str,
    actor: Doer,
    now: dt.datetime,
    place_en: str = "",
    a_day: int | None = None,
    calendar: WorkdayCalendar | None = None,
) -> list[ReceptionDay]:
    """Draft the days of a span over the unit's hosts in rotation; days that are there already stay as they are.

    Left out is what could not be published in time any more. ``a_day`` is how many receive on each day; as many as
    the duty needs where nothing is said. Nothing is public before `publish_days`.
    """
    today, calendar = clock.today(now), calendar or calendar_for(cycle.year, cycle.unit_id)
    if not rules.may_run(actor, unit) or not unit.path.startswith(cycle.unit.path):
        raise Refusal(_("只有统筹协调单位可以安排接待日。"))
    hosts = hosts_in(unit, terms)
    wanted = _wanted(cycle, terms, first, last, today=today, calendar=calendar)
    _refuse_unfit(terms, hosts, place, a_day)
    Unit.objects.select_for_update(no_key=True).get(pk=unit.pk)  # two layouts at once would lay out twice
    there = ReceptionDay.objects.filter(cycle=cycle, host__unit=unit, cancelled_at__isnull=True)
    known = set(there.filter(rule=terms.id).values_list("planned_on", flat=True))
    fresh = [each for each in wanted if each.planned_on not in known]
    before, latest = turns_before(cycle, hosts)
    turns = in_rotation(
        [each.day for each in fresh],
        [each.pk for each in hosts],
        a_day=a_day or _as_the_duty_needs(cycle, terms, hosts, calendar),
        times=before,
        latest=latest,
        away=away_of(hosts, first=first, last=last),
    )
    made = _drafted(cycle, terms, hosts, fresh, turns, place.strip(), place_en.strip())
    if made:
        audit.record(
            "reception.days_laid_out", target=cycle, actor=actor, at=now, states=made,
            payload={"rule": terms.id, "unit": unit.pk, "first": first, "last": last, "days": len(made)},
        )  # fmt: skip
    return made


def _wanted(
    cycle: Cycle, terms: Terms, first: dt.date, last: dt.date, *, today: dt.date, calendar: WorkdayCalendar
) -> list[PlannedDay]:
    """The days of the span by the rule that can still be published in time."""
    return [
        each
        for each in days_of_year(terms, year=cycle.year, calendar=calendar)
        if first <= each.day <= last
        and last_day_to_publish(each.day, workdays=terms.publish_workdays, calendar=calendar) >= today
    ]


def _refuse_unfit(terms: Terms, hosts: Sequence[Office], place: str, a_day: int | None) -> None:
    if terms.monthly_day is None:
        raise Refusal(_("机制包没有规定固定接待日，只接受随时约访。"))
    if not hosts:
        raise Refusal(_("这个单位没有轮流接待的岗位。"))
    if not place.strip() or len(place.strip()) > LONGEST_PLACE:
        raise Refusal(_("请写明接待地点，不超过 200 字。"))
    if a_day is not None and not 1 <= a_day <= len(hosts):
        raise Refusal(_("每个接待日可安排 1 到 %(n)s 位。") % {"n": len(hosts)})


def _as_the_duty_needs(cycle: Cycle, terms: Terms, hosts: Sequence[Office], calendar: WorkdayCalendar) -> int:
    days = len(days_of_year(terms, year=cycle.year, calendar=calendar))
    return hosts_a_day(hosts=len(hosts), days=days, times=times_a_year(cycle, terms.id))


def _drafted(
    cycle: Cycle,
    terms: Terms,
    hosts: Sequence[Office],
    days: Sequence[PlannedDay],
    turns: Sequence[Sequence[int]],
    place: str,
    place_en: str,
) -> list[ReceptionDay]:
    office, words = {each.pk: each for each in hosts}, latest_words(hosts)
    busy = set(
        ReceptionDay.objects.filter(host__in=office, cancelled_at__isnull=True).values_list("host", "day")
    )
    return [
        ReceptionDay.objects.create(
            cycle=cycle, rule=terms.id, host=office[host], day=each.day, planned_on=each.planned_on,
            provisional=each.provisional, starts_at=terms.starts_at, ends_at=terms.ends_at, place=place,
            place_en=place_en, portfolio=words.get(host, ("", ""))[0], portfolio_en=words.get(host, ("", ""))[1],
        )
        for each, turn in zip(days, turns, strict=True)
        for host in turn
        if (host, each.day) not in busy
    ]  # fmt: skip


def settle_provisional_days(
    *, cycle: Cycle, actor: Doer, now: dt.datetime, calendar: WorkdayCalendar | None = None
) -> list[ReceptionDay]:
    """Once the year's calendar is announced: drafts move to where the rule puts them, public days that are still
    working days stand. A public day that has become a holiday keeps its mark: the office moves it, or cancels it."""
    calendar = calendar or calendar_for(cycle.year, cycle.unit_id)
    if calendar.is_provisional(cycle.year):
        return []
    open_days = ReceptionDay.objects.filter(
        cycle=cycle, provisional=True, cancelled_at__isnull=True, day__gt=clock.today(now)
    )
    settled = []
    for day in open_days.order_by("day", "pk"):
        planned = {
            each.planned_on: each.day
            for each in days_of_year(terms_for(cycle, day.rule), year=cycle.year, calendar=calendar)
        }
        target = planned.get(day.planned_on, day.day) if day.published_at is None else day.day
        if not calendar.is_workday(target):
            continue
        if _settled(day, target, actor=actor, now=now):
            settled.append(day)
    return settled


def _settled(day: ReceptionDay, target: dt.date, *, actor: Doer, now: dt.datetime) -> bool:
    try:
        with transaction.atomic():
            day = ReceptionDay.objects.select_for_update().get(pk=day.pk)
            day.day, day.provisional = target, False
            day.save(update_fields=["day", "provisional"])
            audit.record("reception.day_settled", target=day, actor=actor, at=now, payload={"day": target})
    except IntegrityError:  # the host receives on that day already; a person decides
        return False
    return True

"""Entering and withdrawing days, and saying that a year is complete.

What people were told stays: a period already running keeps its day. Lights, and whatever is computed from then on,
follow the new calendar; rooms above say what else has to be brought up to date (`on_change`).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from django.db import transaction
from django.utils.translation import gettext as _

from guantong.accounts.acting import Acting, Actor
from guantong.accounts.models import Office
from guantong.audit import operations as audit
from guantong.calendars import rules
from guantong.calendars.models import CalendarDay, KnownYear
from guantong.calendars.queries import forget
from guantong.kernel.refusals import Refusal
from guantong.organisation.models import Unit

MOST_DAYS = 31
Changed = Callable[[Unit, dt.date], None]
_listeners: list[Changed] = []


def on_change(listener: Changed) -> None:
    """Call the listener with (unit, today) whenever the calendar of a territory changes."""
    if listener not in _listeners:
        _listeners.append(listener)


@transaction.atomic
def enter_days(
    *,
    unit: Unit,
    first: dt.date,
    last: dt.date,
    kind: str,
    name: str,
    basis: str,
    actor: Actor,
    now: dt.datetime,
    today: dt.date,
) -> list[CalendarDay]:
    """Enter the days from ``first`` through ``last`` as off or as working days. All or none."""
    _refuse_unless_kept_by(actor, unit)
    name, basis = name.strip(), basis.strip()
    if not name or len(name) > 60:
        raise Refusal(_("请写明节日或者调休的名称，不超过 60 字。"))
    _refuse_without(basis)
    if last < first or (last - first).days >= MOST_DAYS:
        raise Refusal(_("请核对起止日期，一次最多登记 %(n)s 天。") % {"n": MOST_DAYS})
    wanted = [first + dt.timedelta(days=each) for each in range((last - first).days + 1)]
    there = CalendarDay.objects.filter(unit=unit, day__in=wanted, withdrawn_at__isnull=True).first()
    if there is not None:
        raise Refusal(_("%(day)s 已经登记过，请先撤销原来的登记。") % {"day": there})
    rows = [
        CalendarDay.objects.create(
            unit=unit, day=day, kind=kind, name=name, basis=basis, entered_by=_office(actor), entered_at=now
        )
        for day in wanted
    ]
    audit.record(
        "calendars.days_entered", target=unit, actor=actor, at=now,
        payload={"first": first, "last": last, "kind": kind, "name": name, "basis": basis}, states=rows,
    )  # fmt: skip
    _tell(unit, today)
    return rows


@transaction.atomic
def withdraw_day(
    *, day: CalendarDay, reason: str, actor: Actor, now: dt.datetime, today: dt.date
) -> CalendarDay:
    """Take a wrong entry back; the row stays with the reason. Twice is once."""
    day = CalendarDay.objects.select_for_update(of=("self",)).select_related("unit").get(pk=day.pk)
    _refuse_unless_kept_by(actor, day.unit)
    if day.withdrawn_at is not None:
        return day
    reason = reason.strip()
    if not reason or len(reason) > 200:
        raise Refusal(_("请写明撤销的理由，不超过 200 字。"))
    day.withdrawn_at, day.withdrawn_why = now, reason
    day.save(update_fields=["withdrawn_at", "withdrawn_why"])
    audit.record(
        "calendars.day_withdrawn", target=day.unit, actor=actor, at=now,
        payload={"day": day.day, "reason": reason}, states=[day],
    )  # fmt: skip
    _tell(day.unit, today)
    return day


@transaction.atomic
def complete_year(
    *, unit: Unit, year: int, basis: str, actor: Actor, now: dt.datetime, today: dt.date
) -> KnownYear:
    """Say that the year's arrangement is announced and entered in full. Twice is once."""
    _refuse_unless_kept_by(actor, unit)
    basis = basis.strip()
    _refuse_without(basis)
    if not 2000 <= year <= 2100:
        raise Refusal(_("请核对年份。"))
    known, made = KnownYear.objects.get_or_create(
        unit=unit, year=year, defaults={"basis": basis, "entered_by": _office(actor), "entered_at": now}
    )
    if made:
        audit.record(
            "calendars.year_completed", target=unit, actor=actor, at=now, payload={"year": year, "basis": basis},
            states=[known],
        )  # fmt: skip
        _tell(unit, today)
    return known


def _refuse_unless_kept_by(actor: Actor, unit: Unit) -> None:
    if not rules.may_keep(actor, unit):
        raise Refusal(_("只有统筹协调单位可以维护本地区的工作日历。"))


def _refuse_without(basis: str) -> None:
    if not basis or len(basis) > 200:
        raise Refusal(_("请写明依据的文件，不超过 200 字。"))


def _office(actor: Actor) -> Office | None:
    return actor.office if isinstance(actor, Acting) else None


def _tell(unit: Unit, today: dt.date) -> None:
    forget()
    transaction.on_commit(forget)
    for listener in _listeners:
        listener(unit, today)

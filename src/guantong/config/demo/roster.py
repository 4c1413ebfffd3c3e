"""The roster in the demonstration year: seats that changed hands, stood empty, were doubled; gaps found as they came."""

from __future__ import annotations

import datetime as dt
import random
from decimal import Decimal

from django.utils import timezone

from guantong.accounts.acting import Acting, Console
from guantong.accounts.models import Holding, Office, Person
from guantong.accounts.operations import create_person, end_holding, hold_office
from guantong.grassroots.operations.certificates import accept_certificate, enter_certificate
from guantong.grassroots.operations.coverage import find_gaps
from guantong.kernel import clock
from guantong.mechanisms.models import Cycle
from guantong.organisation.models import Unit

ACTOR = Console("load-demo")
DAY = dt.timedelta(days=1)
TRAININGS = (
    ("专职委员岗前培训", "24", None),
    ("基层联络工作实务轮训", "16", None),
    ("政策法规专题培训", "8", None),
    ("矛盾调解员证书", None, 365),
    ("应急救护证书", None, 730),
)


def play_roster(cycle: Cycle, now: dt.datetime, chooser: random.Random) -> int:
    """Changes of holders from the start of the year to today, with a look for gaps each month; returns the open gaps."""
    today = min(clock.today(now), cycle.ends_on)
    find_gaps(cycle=cycle, on=cycle.starts_on, now=_at(cycle.starts_on), actor=ACTOR)
    for holding in _some(cycle, "liaison", 26, chooser):
        _change(cycle, holding, today, chooser)
    for holding in _some(cycle, "commissioner", 2, chooser):
        _double(holding, today, chooser)
    _share_an_officer(cycle, today, chooser)
    for holding in _some(cycle, "liaison", 9, chooser):
        ends = today + dt.timedelta(days=chooser.randrange(5, 120))
        end_holding(holding=holding, ends_on=ends, actor=ACTOR, now=now)
    _trainings(cycle, today, now, chooser)
    for month in range(2, today.month + 1):
        day = dt.date(cycle.year, month, 1)
        find_gaps(cycle=cycle, on=day, now=_at(day), actor=ACTOR)
    find_gaps(cycle=cycle, on=today, now=now, actor=ACTOR)
    return cycle.gaps.filter(closed_on=None).count()


def _at(day: dt.date) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time(7, 0)))


def _some(cycle: Cycle, seat: str, number: int, chooser: random.Random) -> list[Holding]:
    """Open-ended holdings of people without a demonstration account."""
    found = list(
        Holding.objects.filter(
            office__seat=seat,
            office__unit__kind="territory",
            office__unit__path__startswith=cycle.unit.path,
            ends_on=None,
            person__password__startswith="!",  # noqa: S106 - the mark of an unusable one
        )
        .select_related("office__unit", "person")
        .order_by("pk")
    )
    return chooser.sample(found, min(number, len(found)))


def _somebody(office: Office, number: int, now: dt.datetime) -> Person:
    return create_person(
        sign_in=f"office-{office.pk}-{number}", display_name=office.title[:100], password=None, actor=ACTOR, now=now
    )  # fmt: skip


def _change(cycle: Cycle, holding: Holding, today: dt.date, chooser: random.Random) -> None:
    """The holder leaves; most seats are filled again, after some days, one in three by somebody acting."""
    span = max(2, (today - cycle.starts_on).days - 1)
    leaves = cycle.starts_on + dt.timedelta(days=chooser.randrange(1, span))
    end_holding(holding=holding, ends_on=leaves, actor=ACTOR, now=_at(leaves))
    comes = leaves + DAY * (1 + chooser.choice((0, 0, 9, 25, 48)))
    if comes > today or chooser.random() < 0.15:
        return
    hold_office(
        person=_somebody(holding.office, 2, _at(comes)), office=holding.office, starts_on=comes,
        acting=chooser.random() < 0.33, actor=ACTOR, now=_at(comes),
    )  # fmt: skip


def _double(holding: Holding, today: dt.date, chooser: random.Random) -> None:
    """A commissioner takes an office of a village on: not full-time any more."""
    villages = Unit.objects.below(holding.office.unit).at_level("village").of_kind("territory")
    office = Office.objects.filter(unit__in=villages, seat="liaison").order_by("pk").first()
    if office is not None:
        since = today - dt.timedelta(days=chooser.randrange(1, 40))
        hold_office(
            person=holding.person, office=office, starts_on=since, acting=True, actor=ACTOR, now=_at(since)
        )


def _share_an_officer(cycle: Cycle, today: dt.date, chooser: random.Random) -> None:
    """One officer looks after the next village too, where it has none."""
    empty = Office.objects.filter(
        seat="liaison", unit__level="village", unit__path__startswith=cycle.unit.path, holdings=None
    ).order_by("pk")
    for office in list(empty.select_related("unit"))[:3]:
        near = Holding.objects.filter(
            office__seat="liaison", office__unit__parent=office.unit.parent_id, ends_on=None
        ).order_by("pk")
        holding = near.select_related("person").first()
        if holding is not None:
            since = today - dt.timedelta(days=chooser.randrange(10, 60))
            hold_office(person=holding.person, office=office, starts_on=since, actor=ACTOR, now=_at(since))


def _trainings(cycle: Cycle, today: dt.date, now: dt.datetime, chooser: random.Random) -> None:
    """Study hours and certificates of some holders; most accepted, some waiting, some about to run out."""
    holders = [*_some(cycle, "commissioner", 20, chooser), *_some(cycle, "liaison", 40, chooser)]
    heads = {
        office.unit.code: office
        for office in Office.objects.filter(seat="first_responsible", closed_on=None).select_related(
            "unit", "scope"
        )
    }
    for holding in holders:
        title, hours, days = chooser.choice(TRAININGS)
        issued = today - dt.timedelta(days=chooser.randrange(3, 340))
        made = enter_certificate(
            holding=holding, title=title, hours=Decimal(hours) if hours else None, issued_on=issued,
            expires_on=issued + dt.timedelta(days=days) if days else None,
            actor=Acting(holding.person, holding.office), now=now,
        )  # fmt: skip
        head = heads.get(holding.office.unit.code[:6])
        keeper = Holding.objects.filter(office=head).select_related("person").first() if head else None
        if keeper is not None and chooser.random() < 0.8:
            accept_certificate(certificate=made, actor=Acting(keeper.person, head), now=now)

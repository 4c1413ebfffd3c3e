"""Homes of the demonstration city: several kinds, with hosts, hours, rooms, bookings, and what goes on there."""

from __future__ import annotations

import datetime as dt
import random
from typing import Any

from django.utils import timezone

from guantong.accounts.acting import Console
from guantong.accounts.models import Holding, Office
from guantong.grassroots.choices import ContentKind, HomeKind, HostKind, ResultKind
from guantong.grassroots.models import Activity, Home, Room
from guantong.grassroots.operations.activities import (
    cancel_activity,
    hold_activity,
    plan_activity,
    record_activity,
)
from guantong.grassroots.operations.homes import add_host, register_home
from guantong.grassroots.operations.rooms import book_room, open_room
from guantong.grassroots.rules.hours import Hours, hours_of, read_day
from guantong.kernel import clock
from guantong.kernel.refusals import Refusal
from guantong.mechanisms.models import Cycle
from guantong.organisation.models import Unit
from guantong.organisation.operations import open_unit

ACTOR = Console("load-demo")
DAY = dt.timedelta(days=1)
WEEK: dict[str, tuple[str, str, str]] = {  # Monday to Friday, Saturday, Sunday
    HomeKind.TOWNSHIP: ("8:30-11:30 14:30-17:30", "9:00-11:30", ""),
    HomeKind.VILLAGE: ("8:30-11:30 15:00-18:00", "", ""),
    HomeKind.ENTERPRISE: ("12:00-13:30 17:30-20:00", "9:00-17:00", ""),
    HomeKind.ASSOCIATION: ("9:00-12:00 14:00-17:00", "", ""),
}
MORE = (
    (HomeKind.VILLAGE, "{place}邻里之家", HostKind.COMMUNITY),
    (HomeKind.ENTERPRISE, "{place}园区企业之家", HostKind.ENTERPRISE),
    (HomeKind.ASSOCIATION, "{place}商会之家", HostKind.CHAMBER),
)
TITLES: dict[str, tuple[str, ...]] = {
    ContentKind.STUDY: ("政策明白人讲座", "法律法规学习会", "读书分享会"),
    ContentKind.CONSULTATION: ("停车位怎么划议事会", "草场界线协商会", "小区改造征求意见会"),
    ContentKind.SERVICE: ("医保社保集中代办", "家电义务维修日", "惠企政策上门答疑"),
    ContentKind.CULTURE: ("象棋友谊赛", "广场舞排练", "那达慕趣味赛"),
    ContentKind.TRAINING: ("电商直播实操课", "养殖技术培训", "消防器材使用训练"),
    ContentKind.MEDIATION: ("邻里纠纷调解", "劳务报酬调解会"),
    ContentKind.CHARITY: ("冬衣捐赠", "为独居老人送餐", "助学结对见面会"),
}
ROOMS = (("议事室", 16), ("多功能厅", 60), ("图书角", 12))


def play_homes(cycle: Cycle, now: dt.datetime, chooser: random.Random) -> int:
    """Register most homes that there are and a few of other kinds, and play the last months; returns the homes."""
    units = list(
        Unit.objects.below(cycle.unit).of_kind("home").filter(closed_on=None, home=None).order_by("path")
    )
    homes = [
        _register(unit, HomeKind.TOWNSHIP, HostKind.GOVERNMENT, now, chooser)
        for unit in units
        if _has_account(unit) or chooser.random() < 0.85
    ]
    for number, place in enumerate(_places(homes, chooser)):
        kind, name, host = MORE[number % len(MORE)]
        unit = open_unit(
            code=f"{place.code}-H{7 + number % len(MORE)}", name=name.format(place=place.name), kind="home",
            level=place.level, parent=place, on=cycle.starts_on, subkind=kind, actor=ACTOR, now=now,
        )  # fmt: skip
        homes.append(_register(unit, kind, host, now, chooser))
    for home in homes:
        _play(cycle, home, now, chooser)
    return len(homes)


def _has_account(unit: Unit) -> bool:
    """Whether its keeper is a demonstration account."""
    return (
        Holding.objects.filter(office__unit=unit).exclude(person__password__startswith="!").exists()  # noqa: S106
    )


def _places(homes: list[Home], chooser: random.Random) -> list[Unit]:
    """Where the homes of other kinds are: streets and villages of the first districts."""
    parents = [home.unit.parent for home in homes if home.unit.parent is not None][:12]
    villages = Unit.objects.filter(parent__in=parents, level="village", closed_on=None).order_by("path")
    return chooser.sample(list(villages), min(9, len(villages)))


def _register(unit: Unit, kind: str, host: str, now: dt.datetime, chooser: random.Random) -> Home:
    work, saturday, sunday = WEEK[kind]
    hours: Hours = hours_of(
        {**{day: read_day(work) for day in range(1, 6)}, 6: read_day(saturday), 7: read_day(sunday)}
    )
    at = now - 200 * DAY
    home = register_home(
        unit=unit, actor=ACTOR, now=at, subkind=kind, hours=hours if chooser.random() < 0.95 else [],
        address=f"{unit.parent.name if unit.parent else ''}{chooser.choice(('文化路', '团结街', '创业路', '广场东'))}{chooser.randrange(1, 90)} 号",
        contents=chooser.sample(ContentKind.values, chooser.randrange(2, 6)), standard=chooser.choice(("", "示范之家", "标准之家")),
        hours_posted=chooser.random() < 0.8, rules_posted=chooser.random() < 0.7,
    )  # fmt: skip
    since = clock.today(at)
    add_host(home=home, kind=host, starts_on=since, unit=unit.parent, actor=ACTOR, now=at)
    others = [HostKind.VOLUNTEERS, HostKind.SCHOOL, HostKind.ORGANISATION]
    for kind_of_other in chooser.sample(others, chooser.randrange(0, 3)):
        add_host(home=home, kind=kind_of_other, starts_on=since + 60 * DAY, actor=ACTOR, now=now)
    for name, places in ROOMS[: chooser.randrange(1, 4)]:
        open_room(home=home, name=name, places=places, actor=ACTOR, now=at)
    return home


def _keeper(home: Home) -> Office | None:
    """Whoever runs it: the keeper, else the office of the street or village above."""
    seats = Office.objects.filter(closed_on=None).select_related("unit").order_by("number", "pk")
    return seats.filter(unit=home.unit).first() or seats.filter(unit=home.unit.parent).first()


def _play(cycle: Cycle, home: Home, now: dt.datetime, chooser: random.Random) -> None:
    """What was held, what comes, what was called off; some homes stay quiet."""
    keeper, today = _keeper(home), min(clock.today(now), cycle.ends_on)
    if keeper is None or (chooser.random() < 0.12 and not _has_account(home.unit)):
        return
    liked = chooser.sample(ContentKind.values, chooser.randrange(1, 5))
    first = max(cycle.starts_on, today - 88 * DAY)
    for _each in range(chooser.randrange(1, 7)):
        day = first + DAY * chooser.randrange(0, max(1, (today - first).days))
        record_activity(**_activity(cycle, home, liked, chooser), day=day, signed_in=chooser.choice((None, 8, 15, 23, 36)), planned_by=keeper, actor=ACTOR, now=now, today=today, results=chooser.sample(ResultKind.values, chooser.randrange(0, 3)))  # fmt: skip
    rooms = list(home.rooms.order_by("pk"))
    _past_plans(cycle, home, rooms, keeper, (today, now), liked, chooser)
    _coming(cycle, home, rooms, keeper, (today, now), liked, chooser)


def _activity(cycle: Cycle, home: Home, liked: list[str], chooser: random.Random) -> dict[str, Any]:
    content = chooser.choice(liked)
    return {"cycle": cycle, "home": home, "content": content, "title": chooser.choice(TITLES[content])}


def _past_plans(
    cycle: Cycle, home: Home, rooms: list[Room], keeper: Office, moment: tuple[dt.date, dt.datetime],
    liked: list[str], chooser: random.Random,
) -> None:  # fmt: skip
    """Planned with a room some weeks ago: held with a number, or still waiting to be recorded."""
    today, now = moment
    for weeks in range(2, 10, 2):
        day = _opening_day(home, today - weeks * 7 * DAY)
        if day is None or day < cycle.starts_on + DAY or not rooms:
            continue
        before = timezone.make_aware(dt.datetime.combine(day - DAY, dt.time(9)))
        made = _planned(cycle, home, chooser.choice(rooms), keeper, day, before, liked, chooser)
        if made is None or (weeks == 2 and chooser.random() < 0.3):
            continue
        came = chooser.randrange(4, 1 + int(1.1 * (made.capacity or 20)))
        Activity.objects.filter(pk=made.pk).update(
            signed_up=max(0, came - chooser.randrange(-3, 4)), pleased=came // 2, displeased=came // 11
        )
        hold_activity(
            activity=made, signed_in=came, actor=ACTOR, now=min(now, before + 2 * DAY),
            results=chooser.sample(ResultKind.values, chooser.randrange(0, 3)),
        )  # fmt: skip


def _coming(
    cycle: Cycle, home: Home, rooms: list[Room], keeper: Office, moment: tuple[dt.date, dt.datetime],
    liked: list[str], chooser: random.Random,
) -> None:  # fmt: skip
    today, now = moment
    for ahead in (0, 2, 6, 11):
        day = _opening_day(home, today + ahead * DAY)
        if day is None or not rooms or day > cycle.ends_on or chooser.random() < 0.35:
            continue
        made = _planned(cycle, home, rooms[0], keeper, day, now, liked, chooser)
        if made is not None and ahead == 11 and chooser.random() < 0.4:
            cancel_activity(activity=made, reason="当天停水停电，改期另行通知。", actor=ACTOR, now=now)
        elif made is not None:
            Activity.objects.filter(pk=made.pk).update(signed_up=chooser.randrange(0, 12))
        _neighbour(home, rooms[-1], day, now)


def _opening_day(home: Home, day: dt.date) -> dt.date | None:
    """The day, or the next on which it is open."""
    days = {each["day"] for each in home.hours}
    return next((day + n * DAY for n in range(7) if (day + n * DAY).isoweekday() in days), None)


def _span(home: Home, day: dt.date) -> tuple[dt.time, dt.time]:
    first = next(each for each in home.hours if each["day"] == day.isoweekday())
    return dt.time.fromisoformat(first["from"]), dt.time.fromisoformat(first["to"])


def _planned(
    cycle: Cycle, home: Home, room: Room, keeper: Office, day: dt.date, now: dt.datetime, liked: list[str],
    chooser: random.Random,
) -> Activity | None:  # fmt: skip
    starts_at, ends_at = _span(home, day)
    try:
        return plan_activity(
            **_activity(cycle, home, liked, chooser), day=day, starts_at=starts_at, ends_at=ends_at, room=room,
            planned_by=keeper, actor=ACTOR, now=now,
        )  # fmt: skip
    except Refusal:  # somebody has the room already
        return None


def _neighbour(home: Home, room: Room, day: dt.date, now: dt.datetime) -> None:
    """An office of a village nearby takes a room that is idle."""
    near = Office.objects.filter(seat="liaison", unit__parent=home.unit.parent, closed_on=None).select_related("unit").order_by("pk").first()  # fmt: skip
    starts_at, ends_at = _span(home, day)
    if near is None:
        return
    try:
        book_room(
            room=room, day=day, starts_at=starts_at, ends_at=ends_at, purpose="联户长碰头会", booked_by=near, actor=ACTOR, now=now
        )  # fmt: skip
    except Refusal:
        return

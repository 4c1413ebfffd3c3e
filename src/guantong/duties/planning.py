"""From a package's duty templates to a year's duties of real offices, and to their dates. Writes nothing."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from guantong.accounts.choices import role_of_seat
from guantong.accounts.models import Office
from guantong.duties.models import DutyItem
from guantong.kernel.periods import Period, due_date, periods, share
from guantong.kernel.workdays import WorkdayCalendar
from guantong.mechanisms.models import Cycle
from guantong.mechanisms.package import DutyTemplate, Package, Seat
from guantong.obligations.choices import Source
from guantong.obligations.models import Obligation
from guantong.organisation.models import Unit

ORDINALS = "一二三四五六七八九十"


def seats_wanted(package: Package, units: Sequence[Unit]) -> Iterator[tuple[Unit, Seat, int]]:
    """Each (unit, seat, number) that the package's minimum of seats asks for. Seats at assets are left out."""
    for seat in package.offices:
        for place in seat.places:
            if place.kind is None:
                continue
            for unit in units:
                if unit.kind == place.kind and (not place.levels or unit.level in place.levels):
                    for number in range(1, max(seat.seats_min or 0, 1) + 1):
                        yield unit, seat, number


def office_for(unit: Unit, seat: Seat, number: int, *, scope: Unit, opened_on: dt.date) -> Office:
    """The office row of a seat; leaders of a group see the territory the group sits in."""
    several = (seat.seats_min or 1) > 1
    title = f"{unit.name}{seat.name.zh}"
    title_en = f"{seat.name.en}, {unit.name_en or unit.name}"
    if several:
        title += f"（{ORDINALS[number - 1] if number <= 10 else number}）"
        title_en += f" ({number})"
    return Office(
        unit=unit,
        seat=seat.id,
        number=number,
        title=title,
        title_en=title_en,
        role=role_of_seat(seat.id),
        scope=scope,
        full_time=seat.full_time,
        opened_on=opened_on,
    )


def times_in_year(duty: DutyTemplate, cycle: Cycle) -> int:
    """How many obligations the duty opens in the year; 0 where an event opens them."""
    if duty.cadence.upon or not duty.cadence.per:
        return 0
    return len(_periods(duty, cycle)) * max(int(duty.cadence.count or 1), 1)


def _periods(duty: DutyTemplate, cycle: Cycle) -> list[Period]:
    per = duty.cadence.per
    assert per is not None
    return periods(per, start=cycle.starts_on, end=cycle.ends_on, months=duty.cadence.months or None)


def items_for(
    cycle: Cycle, offices: Sequence[Office], *, villages: Mapping[int, Sequence[Unit]]
) -> dict[int, list[DutyItem]]:
    """Unsaved duty items by unit id. ``villages`` gives the villages below a unit, by its id.

    A duty "each village" makes one item per village; "each pairing" and "each section" make none until
    such pairings or sections exist.
    """
    by_seat: dict[str, list[Office]] = defaultdict(list)
    for office in offices:
        by_seat[office.seat].append(office)
    items: dict[int, list[DutyItem]] = defaultdict(list)
    for duty in cycle.package.duties:
        times = times_in_year(duty, cycle)
        for office in by_seat.get(duty.who, ()):
            if duty.scope_level and office.unit.level != duty.scope_level:
                continue
            for about in _subjects(duty, office, villages):
                items[office.unit_id].append(_item(duty, office, about, times))
    return items


def _subjects(
    duty: DutyTemplate, office: Office, villages: Mapping[int, Sequence[Unit]]
) -> Sequence[Unit | None]:
    if duty.cadence.each is None:
        return [None]
    if duty.cadence.each == "village":
        return villages.get(office.unit_id, ())
    return ()


def _item(duty: DutyTemplate, office: Office, about: Unit | None, times: int) -> DutyItem:
    return DutyItem(
        office=office,
        about=about,
        duty=duty.id,
        pillar=duty.pillar,
        text_zh=f"{duty.what.zh}（{about.name}）" if about else duty.what.zh,
        text_en=f"{duty.what.en} ({about.name})" if about else duty.what.en,
        evidence=list(duty.evidence),
        times=times,
        minutes=duty.minutes or 0,
    )


def obligations_of(
    item: DutyItem, duty: DutyTemplate, cycle: Cycle, *, calendar: WorkdayCalendar
) -> list[Obligation]:
    """Unsaved obligations: one for each time in each period, due on the day the template says."""
    if not item.times:
        return []
    count = max(int(duty.cadence.count or 1), 1)
    owed = []
    for period in _periods(duty, cycle):
        for part in range(count):
            slice_ = share(period, part + 1, count) if count > 1 else period
            due = due_date(slice_, due=duty.cadence.due, due_day=duty.cadence.due_day, shift=None)
            owed.append(_obligation(item, cycle, slice_, due))
    return owed


def _obligation(item: DutyItem, cycle: Cycle, period: Period, due: dt.date) -> Obligation:
    unit = item.office.unit
    return Obligation(
        cycle=cycle,
        unit=unit,
        unit_path=unit.path,
        office=item.office,
        pillar=item.pillar,
        source=Source.DUTY,
        source_ref=item.pk,
        rule=item.duty,
        title=item.text_zh,
        title_en=item.text_en,
        period_zh=period.label.zh,
        period_en=period.label.en,
        evidence=item.evidence,
        minutes=item.minutes,
        starts_on=min(period.starts, due),
        due_on=due,
    )

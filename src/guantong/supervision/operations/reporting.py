"""Report by exception: two green reports in a row double the time to the next one, a red light halves it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db import transaction
from django.db.models import Q, QuerySet

from guantong.accounts.acting import Actor
from guantong.audit import operations as audit
from guantong.calendars.queries import calendar_for
from guantong.kernel.workdays import WorkdayCalendar
from guantong.mechanisms.models import Cycle
from guantong.obligations.choices import Light, Reviewer, Source, State
from guantong.obligations.models import Obligation
from guantong.obligations.operations import open_obligations
from guantong.supervision.choices import MatterStage, PartStage
from guantong.supervision.models import MatterPart
from guantong.tasks.operations import REPORT_MINUTES

MOST, LEAST = 4, 4  # the interval stays between a quarter of the package's and four times it
TO_ANSWER = 3  # working days
GREENS = 2
INTERVAL = ["report_days", "next_report_on", "greens"]


@transaction.atomic
def ask_for_progress(*, cycle: Cycle, on: dt.date, now: dt.datetime, actor: Actor) -> int:
    """Ask each part for a progress report whose day has come; returns how many were asked.

    Only parts in hand are asked, one report at a time. Asking twice on a day asks once.
    """
    parts = list(_in_hand(cycle, on).order_by("pk"))
    calendar = calendar_for(cycle.year, cycle.unit_id)
    last = _last_reports(parts)
    due = [each for each in parts if _next_day(each) <= on]
    asked = []
    for part in due:
        before = last.get(part.pk)
        set_interval(part, before)
        part.next_report_on = on + dt.timedelta(days=part.report_days or 1)
        if before is None or before.state not in (State.OPEN, State.RETURNED):
            asked.append(_report(part, cycle, on, calendar))
    if not due:
        return 0
    MatterPart.objects.bulk_update(due, INTERVAL, batch_size=500)
    opened = open_obligations(asked, today=on, cycle=cycle)
    audit.record(
        "supervision.progress_asked",
        target=cycle,
        actor=actor,
        at=now,
        payload={"on": on, "parts": [each.source_ref for each in opened]},
        states=opened,
    )
    return len(opened)


def _in_hand(cycle: Cycle, on: dt.date) -> QuerySet[MatterPart]:
    """Parts under way whose day has come, or may have come because they turned red; held."""
    return (
        MatterPart.objects.select_for_update(of=("self",))
        .filter(
            Q(next_report_on__lte=on) | Q(obligation__light=Light.RED, next_report_on__isnull=False),
            matter__cycle=cycle,
            matter__stage=MatterStage.UNDER_WAY,
            stage__in=[PartStage.UNDER_WAY, PartStage.RETURNED],
            obligation__state__in=[State.OPEN, State.RETURNED],
        )
        .select_related("matter", "unit", "office", "obligation")
    )


def _next_day(part: MatterPart) -> dt.date:
    """When to ask next: as planned, but once the part is red, half an interval after its due day at the latest."""
    assert part.next_report_on is not None
    assert part.obligation is not None
    if part.obligation.light != Light.RED or part.obligation.due_on is None:
        return part.next_report_on
    asked_on = part.next_report_on - dt.timedelta(days=part.report_days or 1)
    if asked_on > part.obligation.due_on:  # asked since it turned red: the interval is halved already
        return part.next_report_on
    half = dt.timedelta(days=max(1, (part.report_days or 1) // 2))
    return min(part.next_report_on, part.obligation.due_on + half)


def set_interval(part: MatterPart, last: Obligation | None) -> None:
    """Double, halve or keep the interval in memory, by the part's light and its last report."""
    assert part.obligation is not None
    base = part.base_report_days or part.report_days or 1
    days = part.report_days or base
    late = last is not None and last.light == Light.RED
    if part.obligation.light == Light.RED or late:
        part.report_days, part.greens = max(1, base // LEAST, days // 2), 0
        return
    if last is None:
        return
    in_time = last.state in (State.CLAIMED, State.FULFILLED) and last.light == Light.GREEN
    part.greens = part.greens + 1 if in_time else 0
    if part.greens >= GREENS:
        part.report_days, part.greens = min(base * MOST, days * 2), 0


def _last_reports(parts: Iterable[MatterPart]) -> dict[int, Obligation]:
    """The latest report asked of each part."""
    rows = Obligation.objects.filter(source=Source.REPORT, source_ref__in=[each.pk for each in parts])
    return {each.source_ref: each for each in rows.order_by("starts_on", "pk")}


def _report(part: MatterPart, cycle: Cycle, on: dt.date, calendar: WorkdayCalendar) -> Obligation:
    owed = part.obligation
    assert owed is not None
    return Obligation(
        cycle=cycle, unit=part.unit, unit_path=part.unit.path, office=part.office, pillar=owed.pillar,
        source=Source.REPORT, source_ref=part.pk, rule=owed.rule, title=owed.title,
        period_zh=f"{on} 进展", period_en=f"progress, {on}", part=part.part,
        evidence=["progress_line"], minutes=max(1, REPORT_MINUTES[part.part] // 2),  # type: ignore[index]
        reviews=[Reviewer.ISSUER], starts_on=on, due_on=calendar.add_workdays(on, TO_ANSWER),
    )  # fmt: skip

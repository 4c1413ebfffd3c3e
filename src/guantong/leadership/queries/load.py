"""How many meetings of bodies above each township was called to, and how long they took."""

from __future__ import annotations

from dataclasses import dataclass

from guantong.accounts.acting import Actor
from guantong.accounts.queries import units_visible_to
from guantong.leadership.choices import MeetingStage
from guantong.leadership.models import Invitation
from guantong.leadership.queries.calling import minutes_of
from guantong.mechanisms.models import Cycle
from guantong.organisation.models import PAST, Unit


@dataclass(slots=True)
class Load:
    """One township: meetings it was called to from above, their minutes, how many have no hours, people sent."""

    unit: Unit
    meetings: int = 0
    minutes: int = 0
    untimed: int = 0
    people: int = 0


def load_of_townships(actor: Actor, cycle: Cycle) -> list[Load]:
    """Every township in sight, the most burdened first. Two queries, whatever the number of townships."""
    path = cycle.unit.path
    townships = units_visible_to(actor).filter(
        path__gte=path, path__lt=path + PAST, level="township", kind="territory", closed_on=None
    )
    loads = {each.path: Load(each) for each in townships.order_by("path")}
    seen: set[tuple[str, int]] = set()
    asked = (
        Invitation.objects.filter(meeting__cycle=cycle, dropped_at=None)
        .filter(meeting__stage__in=[MeetingStage.CALLED, MeetingStage.HELD])
        .select_related("meeting__unit", "office__unit")
        .order_by("meeting", "pk")
    )
    for each in asked:
        home = _township_of(each.office.unit, loads)
        if home is None or each.meeting.unit.path.startswith(home):
            continue
        load = loads[home]
        load.people += 1
        if (home, each.meeting_id) not in seen:
            seen.add((home, each.meeting_id))
            _add(load, minutes_of(each.meeting))
    return sorted(loads.values(), key=lambda load: (-load.meetings, -load.minutes, load.unit.path))


def _township_of(unit: Unit, loads: dict[str, Load]) -> str | None:
    return next((path for path in [unit.path, *reversed(unit.ancestor_paths())] if path in loads), None)


def _add(load: Load, minutes: int | None) -> None:
    load.meetings += 1
    if minutes is None:
        load.untimed += 1
    else:
        load.minutes += minutes

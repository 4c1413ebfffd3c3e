"""The two-page brief of a hearing, drawn from the obligations of the unit's subtree as they are lit now.

What is red or yellow is counted by where it comes from and by unit. Every figure keeps the rows it was counted from,
so that it opens to them later, whatever has become of them since.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from typing import Any

from guantong.leadership.models import Meeting, MinuteLine
from guantong.leadership.queries.hearings import last_hearing_before
from guantong.leadership.queries.lines import lines_of, standing_of
from guantong.notices.said import cut
from guantong.obligations.choices import SETTLED, Light
from guantong.obligations.models import Obligation
from guantong.obligations.queries import in_subtree
from guantong.organisation.models import Unit

COLOURS = (Light.RED, Light.YELLOW)
MOST_ITEMS = {Light.RED: 8, Light.YELLOW: 5}  # two pages of A4 hold so many, with the tables beside them
MOST_UNITS, MOST_LINES, LONGEST_TITLE, LONGEST_LINE = 6, 4, 60, 90


def drawn(meeting: Meeting, *, today: dt.date) -> dict[str, Any]:
    """What the brief says, as plain data."""
    rows = list(
        in_subtree(Obligation.objects.filter(cycle=meeting.cycle, light__in=COLOURS), meeting.unit.path)
        .exclude(state__in=SETTLED)
        .select_related("unit")
        .order_by("due_on", "pk")
    )
    last = last_hearing_before(meeting)
    return {
        "as_of": today.isoformat(),
        "unit": meeting.unit_id,
        "figures": _figures(rows),
        "units": _units(rows, meeting.unit),
        "items": {colour.value: _items(rows, colour, today=today) for colour in COLOURS},
        "last": _last(last) if last else None,
    }


def _figures(rows: Iterable[Obligation]) -> list[dict[str, Any]]:
    """Red and yellow in all, and by where they come from; each with the keys of its rows."""
    rows = list(rows)
    found: list[dict[str, Any]] = [_figure(rows, colour, "") for colour in COLOURS]
    for source, _n in Counter(each.source for each in rows).most_common():
        found += [_figure(rows, colour, source) for colour in COLOURS]
    return [each for each in found if each["refs"] or not each["source"]]


def _figure(rows: Iterable[Obligation], colour: Light, source: str) -> dict[str, Any]:
    refs = [each.pk for each in rows if each.light == colour and source in ("", each.source)]
    key = f"{colour.value}-{source}" if source else colour.value
    return {"key": key, "light": colour.value, "source": source, "n": len(refs), "refs": refs}


def _units(rows: Iterable[Obligation], top: Unit) -> list[dict[str, Any]]:
    """How many are red and yellow at each unit right below, and at the unit itself; the reddest first."""
    children = {each.path: each for each in Unit.objects.children_of(top)}
    counts: dict[int, dict[str, Any]] = {}
    for each in rows:
        unit = next((child for path, child in children.items() if each.unit_path.startswith(path)), top)
        row = counts.setdefault(unit.pk, {"unit": unit.pk, "name": unit.name, "red": 0, "yellow": 0})
        row[each.light] += 1
    ordered = sorted(counts.values(), key=lambda row: (-row["red"], -row["yellow"], row["unit"]))
    return ordered[:MOST_UNITS]


def _items(rows: Iterable[Obligation], colour: Light, *, today: dt.date) -> list[dict[str, Any]]:
    """The oldest of the colour, by name."""
    found = [each for each in rows if each.light == colour][: MOST_ITEMS[colour]]
    return [
        {
            "obligation": each.pk,
            "title": cut(str(each), LONGEST_TITLE),
            "unit": each.unit.name,
            "due_on": each.due_on.isoformat() if each.due_on else "",
            "days": max((today - each.due_on).days, 0) if each.due_on else 0,
        }
        for each in found
    ]


def _last(meeting: Meeting) -> dict[str, Any]:
    """What was decided last time, and where it stands."""
    lines: list[MinuteLine] = list(lines_of([meeting])[:MOST_LINES])
    standing = standing_of(lines)
    return {
        "meeting": meeting.pk,
        "day": meeting.day.isoformat(),
        "lines": [
            {
                "line": each.pk,
                "wording": cut(each.wording, LONGEST_LINE),
                "task": each.task_id,
                "standing": standing[each.pk].words,
                "tone": standing[each.pk].tone,
            }
            for each in lines
        ],
    }

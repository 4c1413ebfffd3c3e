"""``matters``."""

from __future__ import annotations

import argparse
from typing import Any

from guantong.kernel import clock
from guantong.kernel.commands import Arguments, Command, Report
from guantong.mechanisms.queries import cycle_by_id
from guantong.supervision.choices import MatterStage
from guantong.supervision.models import Matter
from guantong.supervision.queries import matters as queries


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--cycle", required=True, metavar="ID", help="as open-cycle answered")
    parser.add_argument("--stage", choices=MatterStage.values)


def matters(given: Arguments, report: Report) -> dict[str, Any]:
    """Every matter of a cycle with its stage, its day and its light."""
    cycle = cycle_by_id(given.cycle)
    found = Matter.objects.filter(cycle=cycle).select_related("cycle", "issued_by__unit")
    if given.stage:
        found = found.filter(stage=given.stage)
    today = clock.today()
    rows = [
        {
            "id": each.pk,
            "number": each.number,
            "title": each.title,
            "kind": each.kind,
            "origin": each.origin,
            "stage": each.stage,
            "issued_by": each.issued_by.unit.code,
            "lead": each.lead,  # type: ignore[attr-defined]
            "units": each.n_parts,  # type: ignore[attr-defined]
            "unsigned": each.n_unsigned,  # type: ignore[attr-defined]
            "due_on": each.due_on,
            "first_due_on": each.first_due_on,
            "light": queries.worst_light(each.worst),  # type: ignore[attr-defined]
        }
        for each in queries.with_standing(found, on=today).order_by("number", "pk")
    ]
    for row in rows:
        report.say(
            f"{row['number'] or '-'}\t{row['due_on']}\t{row['stage']}\t{row['light']}\t{row['lead'] or '-'}\t{row['title']}"
        )
    return {"cycle": cycle.pk, "matters": rows}


COMMANDS = [Command("matters", "list the matters of a cycle", matters, _arguments)]

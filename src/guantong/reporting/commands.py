"""``relight`` and ``board``."""

from __future__ import annotations

import argparse
from typing import Any

from django.utils.translation import gettext as _

from guantong.accounts.acting import Console
from guantong.kernel import clock
from guantong.kernel.commands import Arguments, Command, Report
from guantong.mechanisms.models import Cycle
from guantong.mechanisms.queries import cycle_by_id, unit_by_code
from guantong.obligations.commands import day
from guantong.reporting.board import board as board_of
from guantong.reporting.tallies import recount
from guantong.supervision.operations import sweep_lights


def _relight_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--cycle", metavar="ID", help="one cycle; without it, all")
    parser.add_argument("--on", type=day, metavar="YYYY-MM-DD", help="the day to light for; today by default")


def relight(given: Arguments, report: Report) -> dict[str, Any]:
    """The daily sweep, now: lights that change by time, then the boards' tallies."""
    now = clock.now()
    on = given.on or clock.today(now)
    cycles = (
        [cycle_by_id(given.cycle)] if given.cycle else list(Cycle.objects.select_related("unit", "stored"))
    )
    changed = {}
    for cycle in report.progress(cycles, total=len(cycles), label="relight"):
        changed[cycle.pk] = sweep_lights(actor=Console(), on=on, now=now, cycle=cycle)
        recount(cycle, on=on, now=now)
        report.say(_("%(cycle)s：%(n)s 项亮灯有变化。") % {"cycle": cycle, "n": changed[cycle.pk]})
    return {"on": on, "changed": changed}


def _board_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--cycle", required=True, metavar="ID")
    parser.add_argument(
        "--unit", metavar="CODE", help="the unit whose subtree is shown; the cycle's by default"
    )


def board(given: Arguments, report: Report) -> dict[str, Any]:
    """Tiers by elements with figures and lights."""
    cycle = cycle_by_id(given.cycle)
    unit = unit_by_code(given.unit) if given.unit else cycle.unit
    shown = board_of(cycle, unit, on=clock.today())
    tiers = []
    for tier in shown.tiers:
        report.say(str(tier.name))
        cells = []
        for cell in tier.cells:
            tally = cell.tally
            report.say(
                f"  {cell.name}\t{tally.percent or '—'}\t{tally.done}/{tally.counted}\t{tally.light_counts}"
            )
            cells.append(
                {
                    "pillar": cell.pillar,
                    "name": cell.name.as_json(),
                    "percent": tally.percent,
                    "done": tally.done,
                    "counted": tally.counted,
                    "lights": tally.light_counts,
                    "coverage": [
                        {"rule": each.rule, "done": each.done, "due": each.due} for each in cell.coverage
                    ],
                }
            )
        tiers.append({"name": tier.name.as_json(), "cells": cells})
    return {"cycle": cycle.pk, "unit": unit.code, "tiers": tiers}


COMMANDS = [
    Command("relight", "recompute the lights that change by time", relight, _relight_arguments),
    Command("board", "show the board of a unit", board, _board_arguments),
]

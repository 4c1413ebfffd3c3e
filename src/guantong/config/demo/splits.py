"""Tasks that a district passed on in the demonstration year: one on the same terms, one on tighter ones."""

from __future__ import annotations

import datetime as dt
import random
from decimal import Decimal

from guantong.accounts.acting import Console
from guantong.accounts.queries import first_office
from guantong.kernel import clock
from guantong.mechanisms.models import Cycle
from guantong.organisation.models import Unit
from guantong.tasks.models import Assignment
from guantong.tasks.owing import ANSWERING_SEATS
from guantong.tasks.splitting import SplitTerms, split_assignment
from guantong.tasks.tightening import last_day

ACTOR = Console("load-demo")
LEAST_AHEAD = dt.timedelta(days=10)


def play_splits(cycle: Cycle, now: dt.datetime, chooser: random.Random) -> dict[str, int]:
    """Up to three parts of territories that have units below them; the second with an earlier day and a target."""
    today, done = clock.today(now), 0
    for part in _parts(cycle):
        due = last_day(part)
        taken = part.task.assignments.values("unit")
        free = Unit.objects.children_of(part.unit).exclude(pk__in=taken).order_by("path")
        below = [each for each in free if _answers(each)]
        if due is None or due - today < LEAST_AHEAD or not below:
            continue
        terms = SplitTerms(wording="按任务要求抓好落实")
        if done == 1:
            terms = SplitTerms(
                wording="提前完成，每周报告进展", due_on=today + (due - today) // 2, target=Decimal(3),
                target_unit="处", report_days=7,
            )  # fmt: skip
        split_assignment(assignment=part, units=below[:4], terms=terms, actor=ACTOR, now=now)
        done += 1
        if done == 3:
            break
    return {"task_splits": done}


def _parts(cycle: Cycle) -> list[Assignment]:
    found = Assignment.objects.filter(task__task_list__cycle=cycle, parent=None, unit__kind="territory")
    return list(found.select_related("unit", "task").order_by("unit__path", "pk")[:200])


def _answers(unit: Unit) -> bool:
    return unit.closed_on is None and first_office(unit, *ANSWERING_SEATS) is not None

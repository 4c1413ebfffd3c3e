"""The year as a band: each phase, and what it still waits for before the next may begin."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from guantong.assessment.models import Run
from guantong.duties.models import DutyList, ListState
from guantong.mechanisms.models import Cycle, Phase
from guantong.obligations.choices import Light
from guantong.obligations.models import Obligation
from guantong.obligations.queries import in_subtree


@dataclass(frozen=True)
class Gate:
    """Whether a phase may end: open when nothing is missing, with the sentence that says what is."""

    is_open: bool
    sentence: str
    link: str = ""


def all_signed(phase: Phase, on: dt.date, path: str) -> Gate:
    lists = DutyList.objects.filter(
        cycle=phase.cycle, items__times__gt=0, unit__path__gte=path, unit__path__lt=path + "~"
    ).distinct()
    total = lists.count()
    unsigned = lists.exclude(state=ListState.SIGNED).count()
    if total and not unsigned:
        return Gate(True, _("%(n)s 份责任清单已全部签收") % {"n": total}, "lists")
    return Gate(
        False,
        _("还有 %(n)s 份责任清单没有签收（共 %(total)s 份）") % {"n": unsigned, "total": total},
        "lists",
    )


def nothing_overdue(phase: Phase, on: dt.date, path: str) -> Gate:
    red = in_subtree(
        Obligation.objects.filter(
            cycle=phase.cycle, light=Light.RED, due_on__gte=phase.starts_on, due_on__lte=phase.ends_on
        ),
        path,
    ).count()
    if red:
        return Gate(False, _("本阶段到期的事项还有 %(n)s 项逾期未完成") % {"n": red}, "red")
    if on < phase.ends_on:
        return Gate(False, _("本阶段目前没有逾期事项，%(day)s 结束") % {"day": phase.ends_on}, "red")
    return Gate(True, _("本阶段没有逾期未完成的事项"), "red")


def results_published(phase: Phase, on: dt.date, path: str) -> Gate:
    done = Run.objects.filter(cycle=phase.cycle, as_of__gte=phase.ends_on, publication__isnull=False).exists()
    if done:
        return Gate(True, _("年终结果已公布"), "scores")
    return Gate(False, _("还没有公布截至 %(day)s 的年终结果") % {"day": phase.ends_on}, "scores")


GATES: dict[str, Callable[[Phase, dt.date, str], Gate]] = {
    "all_signed_or_escalated": all_signed,
    "mid_year_findings_closed": nothing_overdue,
    "results_final": results_published,
}


def gate_of(phase: Phase, *, on: dt.date, path: str) -> Gate:
    """The phase's gate by its name in the package, judged on the subtree of ``path`` alone.

    A gate nobody knows waits for its last day.
    """
    known = GATES.get(phase.gate)
    if known:
        return known(phase, on, path)
    return Gate(on > phase.ends_on, _("%(day)s 到期") % {"day": phase.ends_on})


def phases_with_gates(cycle: Cycle, *, on: dt.date, path: str) -> list[tuple[Phase, Gate]]:
    return [(phase, gate_of(phase, on=on, path=path)) for phase in cycle.phases.all()]

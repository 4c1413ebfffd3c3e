"""The flow of a case as a band: how long it stood on each stage, and until when the present one may last."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.utils.translation import ngettext

from guantong.cases.chain import ENDED_STAGES
from guantong.cases.choices import CaseStage
from guantong.cases.models import Case, CaseStep
from guantong.kernel import clock
from guantong.ui.bands import CURRENT, DONE, Band, Phase, band


def flow_of(case: Case, steps: Iterable[CaseStep], *, today: dt.date) -> Band:
    """From the steps as they were taken, the first first. Of several stages on one day the last stands for the day."""
    entered = _stages(steps)
    ended = case.stage in ENDED_STAGES
    last = entered[-1][0] if ended else max(today, _due_on(case) or today)
    phases = []
    for n, (day, stage) in enumerate(entered):
        is_last = n == len(entered) - 1
        ends_on = last if is_last else entered[n + 1][0]
        until = ends_on if not is_last or ended else today
        phases.append(
            Phase(
                name=str(CaseStage(stage).label),
                begins_on=day,
                ends_on=ends_on - dt.timedelta(days=0 if is_last else 1),
                waits_for=_days((until - day).days, goes_on=is_last and not ended)
                if not (is_last and ended)
                else "",
                state=CURRENT if is_last and not ended else DONE,
            )
        )
    return band(begins_on=entered[0][0], ends_on=max(last, entered[0][0]), today=today, phases=phases)


def _due_on(case: Case) -> dt.date | None:
    """When the last of the periods that run now is over."""
    running = case.clocks.filter(met_on__isnull=True, dropped_on__isnull=True)
    return running.order_by("-due_on").values_list("due_on", flat=True).first()


def _stages(steps: Iterable[CaseStep]) -> list[tuple[dt.date, str]]:
    """The day each stage was entered."""
    moved = [(clock.today(each.taken_at), each.after) for each in steps if each.after != each.before]
    return list(dict(moved).items())


def _days(n: int, *, goes_on: bool) -> str:
    if goes_on:
        return ngettext("已有 %(n)d 天", "已有 %(n)d 天", n) % {"n": n}
    return ngettext("用时 %(n)d 天", "用时 %(n)d 天", n) % {"n": n}

"""Where the lines of minutes stand: the task or case each became, and how far that is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from guantong.accounts.acting import Acting
from guantong.accounts.models import Office
from guantong.leadership.choices import LineKind, MeetingStage
from guantong.leadership.models import Meeting, MinuteLine
from guantong.leadership.queries.meetings import meetings_visible_to
from guantong.mechanisms.models import Cycle
from guantong.obligations.choices import SETTLED, WORST_OF_A_TASK, Light, Source, State
from guantong.obligations.models import Obligation
from guantong.tasks.models import Assignment, Task
from guantong.tasks.origins import Origin


@dataclass(frozen=True, slots=True)
class Standing:
    """How far a line is: in words, with the worst light of what it made owed."""

    words: str
    tone: str
    light: str = ""


def lines_of(meetings: Iterable[Meeting]) -> QuerySet[MinuteLine]:
    """The lines of these meetings, with what they became."""
    return (
        MinuteLine.objects.filter(meeting__in=[each.pk for each in meetings], dropped_at=None)
        .select_related("lead", "task", "case", "meeting")
        .prefetch_related("cooperating")
        .order_by("meeting__day", "meeting", "order")
    )


def standing_of(lines: Iterable[MinuteLine]) -> dict[int, Standing]:
    """Where each line stands now, by its key. Two queries, whatever the number of lines."""
    lines = list(lines)
    tasks = {each.task_id: each.pk for each in lines if each.task_id}
    parts = dict(Assignment.objects.filter(task__in=tasks).values_list("pk", "task"))
    owed: dict[int, list[tuple[str, str]]] = {}
    rows = Obligation.objects.filter(source=Source.TASK, source_ref__in=parts).exclude(state=State.CANCELLED)
    for ref, state, light in rows.values_list("source_ref", "state", "light"):
        owed.setdefault(tasks[parts[ref]], []).append((state, light))
    return {each.pk: _standing(each, owed.get(each.pk, [])) for each in lines}


def _standing(line: MinuteLine, owed: list[tuple[str, str]]) -> Standing:
    if line.case is not None:
        return Standing(str(line.case.get_stage_display()), "info")
    if line.task_id is None:
        wanted = _("待转为诉求") if line.kind == LineKind.DEMAND else _("待下达任务")
        return Standing(wanted, "warn")
    if owed and all(state in SETTLED for state, _light in owed):
        return Standing(_("已完成"), "good")
    worst = min((light for _state, light in owed), key=WORST_OF_A_TASK.index, default=Light.NONE)
    if worst == Light.RED:
        return Standing(_("逾期"), "bad", worst)
    return Standing(_("办理中"), "info", worst)


def meeting_behind(task: Task, acting: Acting) -> Origin | None:
    """The meeting whose minutes gave the task out, for whoever sees that meeting."""
    found = meetings_visible_to(acting).filter(line_rows__task=task, line_rows__dropped_at=None).first()
    if found is None:
        return None
    label = _("%(day)s “%(title)s”") % {"day": found.day.isoformat(), "title": found}
    return Origin(label, reverse("meeting", args=[found.pk]))


def decisions_of(office: Office, cycle: Cycle, *, as_of: dt.date) -> QuerySet[MinuteLine]:
    """What was decided, by a day, in the meetings of the cycle that the office chaired."""
    return (
        MinuteLine.objects.filter(
            kind=LineKind.DECISION, dropped_at=None, meeting__cycle=cycle, meeting__chair=office,
            meeting__stage=MeetingStage.HELD, meeting__day__lte=as_of,
        )
        .select_related("meeting", "task")
        .order_by("-meeting__day", "meeting", "order")
    )  # fmt: skip

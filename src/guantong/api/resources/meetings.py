"""Meetings with what was decided. The task or the case that a line became is named to whoever may open it."""

from __future__ import annotations

from typing import Any, cast

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from guantong.api.contract.acts import Call, Many, One
from guantong.api.resources.common import BUSINESS, office_or_none, office_ref, unit_ref
from guantong.api.resources.widening import widened
from guantong.api.shapes import queries as asked
from guantong.api.shapes.common import Page
from guantong.api.shapes.meetings import AgendaItem, FullMeeting, Meeting, MinuteLine
from guantong.cases.queries import cases_visible_to
from guantong.leadership import models
from guantong.leadership.queries.lines import lines_of
from guantong.leadership.queries.meetings import meetings_visible_to, with_attendance
from guantong.tasks.queries import tasks_visible_to


def _visible(call: Call) -> QuerySet[models.Meeting]:
    return with_attendance(meetings_visible_to(call.acting))


def _listed(call: Call) -> QuerySet[models.Meeting]:
    found, wanted = _visible(call), call.query
    for name in ("cycle", "kind", "stage"):
        if getattr(wanted, name) is not None:
            found = found.filter(**{name: getattr(wanted, name)})
    if wanted.day_from is not None:
        found = found.filter(day__gte=wanted.day_from)
    return found if wanted.day_to is None else found.filter(day__lte=wanted.day_to)


def meeting(row: Any) -> Meeting:
    return Meeting(
        id=row.pk, cycle=row.cycle_id, kind=row.kind, unit=unit_ref(row.unit), title=row.title, pillar=row.pillar,
        chair=office_or_none(row.chair), called_by=office_ref(row.called_by), day=row.day,
        starts_at=row.starts_at, ends_at=row.ends_at, place=row.place, stage=row.stage, reason=row.reason,
        asked=row.n_asked, present=row.n_present, outside=row.outside, record=row.record_id,
    )  # fmt: skip


def _full(row: models.Meeting, call: Call) -> FullMeeting:
    lines = list(lines_of([row]))
    tasks = tasks_visible_to(call.acting).filter(pk__in=[each.task_id for each in lines if each.task_id])
    cases = cases_visible_to(call.acting).filter(pk__in=[each.case_id for each in lines if each.case_id])
    seen = (set(tasks.values_list("pk", flat=True)), set(cases.values_list("pk", flat=True)))
    return widened(
        FullMeeting,
        meeting(row),
        minutes=row.minutes,
        agenda=[
            AgendaItem(
                title=each.title,
                reporter=office_or_none(each.reporter),
                minutes=each.minutes,
                reference=each.reference,
            )
            for each in row.agenda.select_related("reporter")
        ],
        lines=[_line(each, *seen) for each in lines],
    )


def _line(row: models.MinuteLine, tasks: set[int], cases: set[int]) -> MinuteLine:
    return MinuteLine(
        id=row.pk, kind=cast(Any, row.kind), wording=row.wording, lead=unit_ref(row.lead) if row.lead else None,
        cooperating=[unit_ref(each) for each in row.cooperating.all()], due_on=row.due_on,
        task=row.task_id if row.task_id in tasks else None, case=row.case_id if row.case_id in cases else None,
    )  # fmt: skip


MEETINGS = Many(
    name="listMeetings", summary=_("会议，只有应到和实到人数"), function=BUSINESS, answers=Page[Meeting],
    query=asked.Meetings, found=_listed, show=meeting,
)  # fmt: skip
MEETING = One(
    name="getMeeting", summary=_("一次会议、它的议程和议定事项"), function=BUSINESS, answers=FullMeeting,
    found=_visible, show=_full,
)  # fmt: skip

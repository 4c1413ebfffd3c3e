"""What was decided or found becomes a task, in the one list of the year that meetings write into."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from guantong.accounts.acting import Actor
from guantong.accounts.queries import first_office
from guantong.audit import operations as audit
from guantong.kernel import clock
from guantong.kernel.refusals import Refusal
from guantong.leadership.choices import LineKind
from guantong.leadership.models import Meeting, MinuteLine
from guantong.leadership.operations.minutes import held
from guantong.mechanisms.models import Cycle
from guantong.obligations.choices import Part
from guantong.organisation.models import Unit
from guantong.tasks.models import Assignment, Milestone, Task, TaskList
from guantong.tasks.operations import ANSWERING_SEATS, open_for_tasks
from guantong.tasks.scheduling import task_pillar

LIST_NAME, LIST_MARK = "会议议定事项", "leadership:minute-lines"


@transaction.atomic
def make_task(
    *,
    line: MinuteLine,
    lead: Unit,
    due_on: dt.date,
    actor: Actor,
    now: dt.datetime,
    cooperating: Sequence[Unit] = (),
) -> Task:
    """Give the line out as a task, in its own words: lead and cooperating units owe it by the day. Once."""
    meeting = held(line.meeting, actor)
    line = MinuteLine.objects.select_for_update(of=("self",)).select_related("task").get(pk=line.pk)
    if line.task is not None:
        return line.task
    if line.kind == LineKind.DEMAND:
        raise Refusal(_("听取的诉求请转为诉求办理，并答复提出的人。"))
    others = [each for each in cooperating if each.pk != lead.pk]
    _refuse_unfit(meeting, [lead, *others], due_on, actor=actor)
    task = _task_of(line, meeting, lead, others, due_on, now=now)
    line.task, line.lead, line.due_on = task, lead, due_on
    line.save(update_fields=["task", "lead", "due_on"])
    line.cooperating.set(others)
    opened = open_for_tasks([task], cycle=meeting.cycle, today=clock.today(now))
    audit.record(
        "leadership.task_made",
        target=line,
        actor=actor,
        at=now,
        payload={"task": task.pk, "lead": lead.code, "due_on": due_on, "obligations": len(opened)},
        states=opened,
    )
    return task


def _refuse_unfit(meeting: Meeting, units: Sequence[Unit], due_on: dt.date, *, actor: Actor) -> None:
    cycle = meeting.cycle
    if not meeting.day <= due_on <= cycle.ends_on:
        raise Refusal(_("期限须在会议之后、%(year)s 年度之内。") % {"year": cycle.year})
    for unit in units:
        if not unit.path.startswith(cycle.unit.path) or not actor.sees(unit.path):
            raise Refusal(_("“%(unit)s”不在您可以下达任务的范围内。") % {"unit": unit.name})
        if first_office(unit, *ANSWERING_SEATS) is None:
            raise Refusal(_("“%(unit)s”没有设负责岗位，不能承担任务。") % {"unit": unit.name})


def list_of(cycle: Cycle, *, now: dt.datetime) -> TaskList:
    """The year's one list of what meetings decided; found, or made."""
    found, _made = TaskList.objects.get_or_create(
        cycle=cycle, digest=LIST_MARK, defaults={"name": LIST_NAME, "file_name": "", "imported_at": now}
    )
    return found


def _task_of(
    line: MinuteLine,
    meeting: Meeting,
    lead: Unit,
    cooperating: Sequence[Unit],
    due_on: dt.date,
    *,
    now: dt.datetime,
) -> Task:
    task = Task.objects.create(
        task_list=list_of(meeting.cycle, now=now),
        sheet=f"{meeting.day} {meeting.title} #{meeting.pk}"[-200:],
        row=line.order,
        title=line.wording,
        detail=_("%(day)s“%(title)s”%(kind)s。")
        % {"day": meeting.day, "title": meeting.title, "kind": line.get_kind_display()},
        category=LIST_NAME,
        pillar=task_pillar(meeting.cycle.package),
        due_kind="due",
        due_value=due_on.isoformat(),
        due_text=due_on.isoformat(),
        lead_text=lead.name,
        cooperating_text="、".join(each.name for each in cooperating)[:1000],
    )
    Milestone.objects.create(task=task, starts_on=meeting.day, due_on=due_on)
    parts = [(lead, Part.LEAD), *((each, Part.COOPERATING) for each in cooperating)]
    Assignment.objects.bulk_create(
        Assignment(task=task, unit=unit, part=part, wording=line.wording) for unit, part in parts
    )
    return task

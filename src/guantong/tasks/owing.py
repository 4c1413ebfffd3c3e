"""What each part of a task owes: for each step of the task, and on the terms that were asked of it when it was split."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

from guantong.accounts.models import Office
from guantong.accounts.queries import first_office
from guantong.mechanisms.models import Cycle
from guantong.obligations.choices import Part, Source
from guantong.obligations.models import Obligation
from guantong.obligations.operations import open_obligations
from guantong.tasks.models import Assignment, Milestone, Task
from guantong.tasks.scheduling import Step

# The offices that answer for a unit's part of a task, first found first taken.
ANSWERING_SEATS = ("unit_head", "first_responsible", "group_head", "office_head", "liaison", "home_keeper")
REPORT_MINUTES = {Part.LEAD: 15, Part.COOPERATING: 5, Part.IMPLEMENTING: 10, Part.SOLE: 10}


def open_for_tasks(tasks: Sequence[Task], *, cycle: Cycle, today: dt.date) -> list[Obligation]:
    """Open what each part of each task owes for each step; what is there already stays."""
    ids = [task.pk for task in tasks]
    steps: dict[int, list[Step]] = {}
    for each in Milestone.objects.filter(task__in=ids):
        steps.setdefault(each.task_id, []).append(Step(each.starts_on, each.due_on, each.goal))
    owed: list[Obligation] = []
    offices: dict[int, Office | None] = {}
    assignments = Assignment.objects.filter(task__in=ids).select_related("unit", "task")
    split = set(Assignment.objects.filter(parent__in=assignments).values_list("parent", flat=True))
    for assignment in assignments:
        if assignment.pk in split and assignment.part == Part.IMPLEMENTING:
            continue
        if assignment.unit_id not in offices:
            offices[assignment.unit_id] = first_office(assignment.unit, *ANSWERING_SEATS)
        office = offices[assignment.unit_id]
        if office:
            owed += _owed(cycle, assignment, office, steps.get(assignment.task_id, []))
    return open_obligations(owed, today=today, cycle=cycle)


def _owed(
    cycle: Cycle, assignment: Assignment, office: Office, steps: Sequence[Step]
) -> Iterator[Obligation]:
    own = own_steps(assignment, steps)
    for step in own:
        yield _obligation(cycle, assignment, office, step)
    for step in progress_steps(assignment, own):
        report = _obligation(cycle, assignment, office, step)
        report.period_zh, report.period_en = f"{step.due_on} 进展", f"progress, {step.due_on}"
        report.evidence, report.minutes = ["progress_line"], max(1, report.minutes // 2)
        yield report


def own_steps(assignment: Assignment, steps: Sequence[Step]) -> list[Step]:
    """The task's steps with the last one on the part's own day; steps after that day are not asked of it."""
    if assignment.due_on is None or not steps:
        return list(steps)
    kept = [each for each in steps[:-1] if each.due_on < assignment.due_on]
    start = assignment.split_on or steps[0].starts_on  # stays what it is when a step is added later
    return [*kept, Step(min(start, assignment.due_on), assignment.due_on, steps[-1].goal)]


def progress_steps(assignment: Assignment, own: Sequence[Step]) -> Iterator[Step]:
    """A report every so many days from the day of the split until the last step; none on the day of a step."""
    if not (assignment.report_days and assignment.split_on and own):
        return
    days = {each.due_on for each in own}
    start, every = assignment.split_on, dt.timedelta(days=assignment.report_days)
    day = start + every
    while day < own[-1].due_on:
        if day not in days:
            yield Step(start, day)
        start, day = day, day + every


def _obligation(cycle: Cycle, assignment: Assignment, office: Office, step: Step) -> Obligation:
    task = assignment.task
    return Obligation(
        cycle=cycle,
        unit=assignment.unit,
        unit_path=assignment.unit.path,
        office=office,
        pillar=task.pillar,
        source=Source.TASK,
        source_ref=assignment.pk,
        rule=f"task:{task.pk}",
        title=task.title,
        period_zh=step.goal[:60],
        part=assignment.part,
        evidence=["statement"],
        minutes=REPORT_MINUTES[Part(assignment.part)],
        starts_on=min(step.starts_on, step.due_on),
        due_on=step.due_on,
    )

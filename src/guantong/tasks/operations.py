"""Issuing a task list, deciding its open questions, adding steps. Splitting a task down the tree: `splitting`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from guantong.accounts.acting import Acting, Actor
from guantong.accounts.queries import first_office
from guantong.audit import operations as audit
from guantong.kernel import clock
from guantong.kernel.refusals import Refusal
from guantong.mechanisms.models import Cycle
from guantong.obligations.choices import Part
from guantong.organisation.models import Unit
from guantong.tasks import rules
from guantong.tasks.drafts import TaskDraft
from guantong.tasks.models import Assignment, Milestone, OpenQuestion, Task, TaskForm, TaskList
from guantong.tasks.owing import ANSWERING_SEATS, REPORT_MINUTES, open_for_tasks
from guantong.tasks.scheduling import Due, schedule, task_pillar

__all__ = [
    "ANSWERING_SEATS",
    "REPORT_MINUTES",
    "add_milestone",
    "due_of",
    "issue_task_list",
    "name_unit",
    "open_for_tasks",
    "set_aside",
    "set_due_date",
]


@transaction.atomic
def issue_task_list(
    *,
    cycle: Cycle,
    name: str,
    file_name: str,
    digest: str,
    drafts: Sequence[TaskDraft],
    actor: Actor,
    now: dt.datetime,
) -> TaskList:
    """Store a read workbook whole: tasks, steps, parts, open questions, and the obligations they make."""
    if not rules.may_issue(actor, cycle):
        raise Refusal(_("任务清单由统筹协调单位下达。"))
    if not drafts:
        raise Refusal(_("没有读到任务，未导入。"))
    earlier = TaskList.objects.filter(cycle=cycle, digest=digest).first()
    if earlier:
        raise Refusal(
            _("这份文件已于 %(at)s 导入（“%(name)s”），没有重复导入。")
            % {"at": f"{earlier.imported_at:%Y-%m-%d}", "name": earlier.name}
        )
    task_list = TaskList.objects.create(
        cycle=cycle, name=name[:300], file_name=file_name[-200:], digest=digest, imported_at=now
    )
    pillar = task_pillar(cycle.package)
    for draft in drafts:
        _store(task_list, draft, pillar=pillar)
    opened = open_for_tasks(list(task_list.tasks.all()), cycle=cycle, today=clock.today(now))
    audit.record(
        "tasks.issued",
        target=task_list,
        actor=actor,
        at=now,
        payload={"file": digest, "tasks": len(drafts), "obligations": len(opened)},
        states=opened,
    )
    return task_list


def _store(task_list: TaskList, draft: TaskDraft, *, pillar: str) -> Task:
    plan = schedule(draft.due, task_list.cycle)
    task = Task.objects.create(
        task_list=task_list,
        sheet=draft.sheet[:200],
        row=draft.row,
        number=draft.number[:40],
        title=draft.title[:500],
        detail=draft.detail,
        category=draft.category[:300],
        section=draft.section,
        pillar=pillar,
        form=TaskForm.PROJECT if len(plan.steps) > 1 else TaskForm.LIST,
        due_kind=draft.due.kind,
        due_value=draft.due.value[:100],
        due_text=draft.due.text[:500],
        lead_text=draft.lead_text[:500],
        cooperating_text=draft.cooperating_text[:1000],
        note=draft.note[:1000],
    )
    Milestone.objects.bulk_create(
        Milestone(task=task, starts_on=step.starts_on, due_on=step.due_on, goal=step.goal[:300])
        for step in plan.steps
    )
    parts = {
        each.unit.pk: each for each in reversed(draft.parts)
    }  # first mention wins: lead over cooperating
    Assignment.objects.bulk_create(
        Assignment(task=task, unit=each.unit, part=each.part, wording=each.wording[:500])
        for each in parts.values()
    )
    questions = [
        OpenQuestion(
            task=task, column=each.column, code=each.code, text=each.text[:1000], reason=each.reason[:500]
        )
        for each in draft.questions
    ]
    if plan.undecided and not any(each.column == "due" for each in draft.questions):
        questions.append(
            OpenQuestion(
                task=task,
                column="due",
                code="date_needed",
                text=draft.due.text[:1000],
                reason=_("期限不是具体日期，请确定办结日期。"),
            )
        )
    if not any(each.part == Part.LEAD for each in draft.parts) and not any(
        each.column == "lead" for each in draft.questions
    ):
        questions.append(
            OpenQuestion(
                task=task,
                column="lead",
                code="lead_needed",
                text=draft.lead_text[:1000],
                reason=_("没有找到牵头单位，请指定。"),
            )
        )
    for question in questions:
        question.blocking = question.column in {"due", "lead"}
    OpenQuestion.objects.bulk_create(questions)
    return task


@transaction.atomic
def set_due_date(*, question: OpenQuestion, due_on: dt.date, actor: Actor, now: dt.datetime) -> Task:
    """Answer "by when" for a task whose deadline was not a date; its obligations open."""
    question, task = _locked(question, actor)
    cycle = task.task_list.cycle
    if question.column != "due":
        raise Refusal(_("这个问题问的不是期限。"))
    if due_on.year < cycle.year:
        raise Refusal(_("期限 %(day)s 早于 %(year)s 年度。") % {"day": due_on, "year": cycle.year})
    start = min(cycle.starts_on, due_on)
    Milestone.objects.get_or_create(task=task, due_on=due_on, defaults={"starts_on": start})
    _answer(question, f"{due_on}", actor=actor, now=now)
    opened = open_for_tasks([task], cycle=cycle, today=clock.today(now))
    audit.record(
        "tasks.due_date_set", target=task, actor=actor, at=now, payload={"due_on": due_on}, states=opened
    )
    return task


@transaction.atomic
def name_unit(*, question: OpenQuestion, unit: Unit, part: str, actor: Actor, now: dt.datetime) -> Assignment:
    """Answer "who" for a mention that matched no unit; the named unit's obligations open."""
    question, task = _locked(question, actor)
    cycle = task.task_list.cycle
    if part not in Part.values:
        raise Refusal(_("请选择牵头、配合或落实。"))
    if not unit.path.startswith(cycle.unit.path):
        raise Refusal(_("“%(unit)s”不在本周期范围内。") % {"unit": unit.name})
    if first_office(unit, *ANSWERING_SEATS) is None:
        raise Refusal(_("“%(unit)s”没有设负责岗位，不能承担任务。") % {"unit": unit.name})
    assignment, made = Assignment.objects.get_or_create(
        task=task, unit=unit, defaults={"part": part, "wording": question.text[:500]}
    )
    if not made:
        raise Refusal(_("“%(unit)s”已经承担这项任务。") % {"unit": unit.name})
    _answer(question, unit.name, actor=actor, now=now)
    opened = open_for_tasks([task], cycle=cycle, today=clock.today(now))
    audit.record(
        "tasks.unit_named",
        target=task,
        actor=actor,
        at=now,
        payload={"unit": unit.code, "part": part},
        states=opened,
    )
    return assignment


@transaction.atomic
def set_aside(*, question: OpenQuestion, reason: str, actor: Actor, now: dt.datetime) -> OpenQuestion:
    """Decide that a question needs nothing more, and say why."""
    question, task = _locked(question, actor)
    if not reason.strip():
        raise Refusal(_("请写明为什么不需要处理。"))
    _answer(question, reason.strip(), actor=actor, now=now)
    audit.record(
        "tasks.question_set_aside",
        target=task,
        actor=actor,
        at=now,
        payload={"question": question.pk, "reason": reason.strip()},
    )
    return question


def _locked(question: OpenQuestion, actor: Actor) -> tuple[OpenQuestion, Task]:
    question = OpenQuestion.objects.select_for_update().get(pk=question.pk)
    task = Task.objects.select_related("task_list__cycle__stored", "task_list__cycle__unit").get(
        pk=question.task_id
    )
    if question.answered_at:
        raise Refusal(_("这个问题已经有人处理过了。"))
    if not rules.may_issue(actor, task.task_list.cycle):
        raise Refusal(_("任务清单由统筹协调单位处理。"))
    return question, task


def _answer(question: OpenQuestion, answer: str, *, actor: Actor, now: dt.datetime) -> None:
    question.answer, question.answered_at = answer[:500], now
    question.answered_by = actor.office if isinstance(actor, Acting) else None
    question.save(update_fields=["answer", "answered_at", "answered_by"])


@transaction.atomic
def add_milestone(*, task: Task, due_on: dt.date, goal: str, actor: Actor, now: dt.datetime) -> Milestone:
    """Add a dated step to a task run as a project; every part owes it."""
    task = Task.objects.select_for_update().get(pk=task.pk)
    cycle = task.task_list.cycle
    if not (rules.may_issue(actor, cycle) or rules.leads(actor, task)):
        raise Refusal(_("节点由牵头单位或统筹协调单位设定。"))
    if not goal.strip():
        raise Refusal(_("请写明这个节点要达到什么。"))
    if not cycle.starts_on <= due_on <= cycle.ends_on:
        raise Refusal(_("节点日期须在 %(year)s 年度内。") % {"year": cycle.year})
    if task.milestones.filter(due_on=due_on).exists():
        raise Refusal(_("%(day)s 已经有一个节点。") % {"day": due_on})
    before = task.milestones.filter(due_on__lt=due_on).order_by("-due_on").first()
    starts = before.due_on + dt.timedelta(days=1) if before else cycle.starts_on
    milestone = Milestone.objects.create(task=task, due_on=due_on, starts_on=starts, goal=goal.strip())
    if task.form == TaskForm.LIST:
        task.form = TaskForm.PROJECT
        task.save(update_fields=["form"])
    opened = open_for_tasks([task], cycle=cycle, today=clock.today(now))
    audit.record(
        "tasks.milestone_added",
        target=task,
        actor=actor,
        at=now,
        payload={"due_on": due_on, "goal": goal},
        states=opened,
    )
    return milestone


def due_of(kind: str, dates: Sequence[dt.date], value: str, text: str, goals: Sequence[str] = ()) -> Due:
    return Due(kind=kind, dates=tuple(dates), value=value, text=text, goals=tuple(goals))

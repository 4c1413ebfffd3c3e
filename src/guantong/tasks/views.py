"""Tasks: the list, one task with its parts and steps, open questions, splitting."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from guantong.accounts.middleware import Request
from guantong.accounts.policies import may
from guantong.accounts.queries import units_visible_to
from guantong.kernel.refusals import Refusal
from guantong.mechanisms.models import Cycle
from guantong.mechanisms.queries import current_cycle
from guantong.obligations.choices import Part
from guantong.organisation.models import Unit
from guantong.tasks import operations, queries, rules, splitting
from guantong.tasks.forms import MilestoneForm, QuestionForm, SplitForm, TaskFilter
from guantong.tasks.models import Assignment, OpenQuestion, Task
from guantong.tasks.pages import page_of
from guantong.tasks.splitting import SplitTerms
from guantong.tasks.timeline import bars_of, months_of, place
from guantong.ui.forms import valid
from guantong.ui.tables import Column, Listing

COLUMNS = [
    Column("number", gettext_lazy("序号"), ("task_list", "row")),
    Column("title", gettext_lazy("任务"), ("title",)),
    Column("lead", gettext_lazy("牵头单位")),
    Column("due", gettext_lazy("期限"), ("due_value",)),
    Column("form", gettext_lazy("形式"), ("form",)),
    Column("questions", gettext_lazy("待确定"), ("n_questions",), is_number=True),
]
BARS = [
    Column("task", gettext_lazy("任务"), ("task_list", "row")),
    Column("steps", gettext_lazy("节点")),
    Column("year", gettext_lazy("全年")),
]


@may("business.read")
@require_GET
def tasks(request: Request) -> HttpResponse:
    form, cycle, found = _asked_for(request)
    found = queries.with_open_questions(found)
    listing = Listing.of(found, request.GET, COLUMNS, id="tasks", sort="number")
    questions = (
        queries.open_questions_visible_to(request.acting).count() if request.acting.may("tasks.issue") else 0
    )
    context = {
        "form": form,
        "listing": listing,
        "cycle": cycle,
        "n_questions": questions,
        "may_import": bool(cycle) and rules.may_issue(request.acting, cycle) if cycle else False,
    }
    return render(request, "tasks/list.html", context)


def _asked_for(request: Request) -> tuple[TaskFilter, Cycle | None, QuerySet[Task]]:
    """The filter, the running cycle, and its visible tasks that the filter lets through."""
    form = TaskFilter(request.GET)
    form.is_valid()
    cycle = current_cycle(request.acting, on=request.today)
    found = queries.tasks_visible_to(request.acting).filter(task_list__cycle=cycle)
    if form.cleaned_data.get("q"):
        found = found.filter(title__icontains=form.cleaned_data["q"])
    if form.cleaned_data.get("form"):
        found = found.filter(form=form.cleaned_data["form"])
    return form, cycle, found


@may("business.read")
@require_GET
def timeline(request: Request) -> HttpResponse:
    """Tasks as bars over the year, a page at a time, each with its due days in words too."""
    form, cycle, found = _asked_for(request)
    listing = Listing.of(found, request.GET, BARS, id="timeline", sort="task")
    runs = cycle is not None and cycle.starts_on <= request.today <= cycle.ends_on
    context = {
        "form": form,
        "cycle": cycle,
        "listing": listing,
        "bars": bars_of(list(listing), cycle, request.acting) if cycle else [],
        "months": months_of(cycle) if cycle else [],
        "today_at": place(request.today, cycle) if cycle and runs else None,
    }
    return render(request, "tasks/timeline.html", context)


def _visible(request: Request, pk: int) -> Task:
    return get_object_or_404(queries.tasks_visible_to(request.acting), pk=pk)


@may("business.read")
@require_GET
def task(request: Request, pk: int) -> HttpResponse:
    """One task as written and as understood: steps, parts with their lights, questions."""
    found = _visible(request, pk)
    return render(request, "tasks/detail.html", page_of(request, found))


@may("business.read")
@require_POST
def milestones(request: Request, pk: int) -> HttpResponseBase:
    found = _visible(request, pk)
    data = valid(MilestoneForm(request.POST))
    operations.add_milestone(task=found, actor=request.acting, now=request.now, **data)
    messages.success(request, _("已增加节点，承担单位的待办已更新。"))
    return redirect("task", pk=pk)


@may("tasks.split")
@require_POST
def splits(request: Request, pk: int) -> HttpResponseBase:
    visible = queries.tasks_visible_to(request.acting).values("pk")
    assignment = get_object_or_404(Assignment.objects.select_related("unit").filter(task__in=visible), pk=pk)
    units = units_visible_to(request.acting)
    data = valid(SplitForm(request.POST, units=units))
    below = list(data.pop("units"))
    splitting.split_assignment(
        assignment=assignment, units=below, terms=SplitTerms(**data), actor=request.acting, now=request.now
    )
    messages.success(request, _("任务已分解到下级单位。"))
    return redirect("task", pk=assignment.task_id)


@may("tasks.issue")
@require_GET
def questions(request: Request) -> HttpResponse:
    """Everything in the task lists that a person must decide."""
    columns = [
        Column("task", gettext_lazy("任务"), ("task",)),
        Column("column", gettext_lazy("栏目"), ("column",)),
        Column("text", gettext_lazy("原文")),
        Column("reason", gettext_lazy("需要确定什么")),
    ]
    found = queries.open_questions_visible_to(request.acting)
    listing = Listing.of(found, request.GET, columns, id="questions", sort="task")
    return render(request, "tasks/questions.html", {"listing": listing})


@may("tasks.issue")
@require_POST
def question_answer(request: Request, pk: int) -> HttpResponseBase:
    visible = queries.tasks_visible_to(request.acting).values("pk")
    question = get_object_or_404(OpenQuestion.objects.filter(task__in=visible), pk=pk)
    answer_question(request, question, valid(QuestionForm(request.POST)))
    messages.success(request, _("已确定。"))
    return redirect("task", pk=question.task_id)


def answer_question(request: Request, question: OpenQuestion, data: dict[str, Any]) -> None:
    """A date, a unit, or a reason to leave it: the operation that the form asks for."""
    act: dict[str, Any] = {"actor": request.acting, "now": request.now, "question": question}
    if data["act"] == "date":
        if not data["due_on"]:
            raise Refusal(_("请选择办结日期。"))
        operations.set_due_date(due_on=data["due_on"], **act)
    elif data["act"] == "unit":
        unit = _unit_named(request, data["unit"])
        operations.name_unit(unit=unit, part=data["part"] or Part.COOPERATING, **act)
    else:
        operations.set_aside(reason=data["reason"], **act)


def _unit_named(request: Request, text: str) -> Unit:
    """The visible unit of that code or exact name; several of the name are a refusal, not a guess."""
    text = text.strip()
    units = units_visible_to(request.acting)
    found = list(units.filter(code=text)[:2]) or list(units.filter(name=text)[:2])
    if not found:
        raise Refusal(_("没有名称或代码为“%(text)s”的单位。") % {"text": text})
    if len(found) > 1:
        raise Refusal(_("名为“%(text)s”的单位不止一个，请填写单位代码。") % {"text": text})
    return found[0]

"""Steps of a task, splitting a part, and deciding what was left open."""

from __future__ import annotations

from typing import cast

from django.utils.translation import gettext_lazy as _

from guantong.accounts.queries import units_visible_to
from guantong.api.contract.acts import Call
from guantong.api.contract.page_acts import acts_on, done_to, plain, typed
from guantong.api.resources.common import BUSINESS, of_the_row
from guantong.api.resources.tasks import TASK
from guantong.api.shapes.tasks import NewMilestone, NewQuestionAnswer, NewSplit
from guantong.tasks import forms, operations, splitting
from guantong.tasks.models import Task
from guantong.tasks.views import answer_question
from guantong.ui.forms import valid

_act = acts_on(TASK, "api-task", BUSINESS)


def _split(call: Call) -> Task:
    row: Task = TASK.row(call)
    sent = cast(NewSplit, call.body)
    assignment = of_the_row(row.assignments.select_related("unit"), sent.assignment, _("任务分工"))
    given = valid(forms.SplitForm(typed(sent), units=units_visible_to(call.acting)))
    units = list(given.pop("units"))
    splitting.split_assignment(
        assignment=assignment,
        units=units,
        terms=splitting.SplitTerms(**given),
        actor=call.acting,
        now=call.now,
    )
    return row


def _answered(call: Call) -> Task:
    row: Task = TASK.row(call)
    sent = cast(NewQuestionAnswer, call.body)
    question = of_the_row(row.questions.all(), sent.question, _("待确定事项"))
    answer_question(call.request, question, valid(forms.QuestionForm(typed(sent))))
    return row


MILESTONE = _act(
    "addMilestone", _("增加任务节点"), NewMilestone,
    done_to(TASK, "task", operations.add_milestone, plain(forms.MilestoneForm)),
)  # fmt: skip
SPLIT = _act("splitAssignment", _("把任务分解到下级单位"), NewSplit, _split, function="tasks.split")
QUESTION_ANSWER = _act(
    "answerQuestion", _("确定任务里待确定的内容"), NewQuestionAnswer, _answered, function="tasks.issue"
)

"""Duty lists to sign, objections to answer, questions of the task lists to decide."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from django.urls import reverse

from guantong.duties.models import DutyList, ListState, Objection
from guantong.mechanisms.models import Cycle
from guantong.notices.choices import NoticeKind
from guantong.notices.operations import Asked
from guantong.notices.said import say, say_counted
from guantong.supervision.addressing import Directory, name_of
from guantong.tasks.models import OpenQuestion

DUTY_LIST, CYCLE = "duties.dutylist", "mechanisms.cycle"
TO_SIGN = say("请核对本单位的责任清单并签收，签收后开始计期。")
TO_ANSWER = say("请逐项答复：保留或撤下，并写明理由。")
TO_DECIDE = say("请逐项确定日期或单位；不需要处理的，写明理由。")
SIGN_MINUTES, MINUTES_EACH, MOST_MINUTES = 10, 2, 60


def asked_to_sign(cycle: Cycle, directory: Directory) -> Iterator[Asked]:
    """The office that signs for a unit whose list was issued."""
    issued = (
        DutyList.objects.filter(cycle=cycle, state=ListState.ISSUED).select_related("unit").order_by("pk")
    )
    for each in issued:
        office = directory.signer(each.unit_id)
        if office is not None:
            title = say("%(unit)s %(year)s 年责任清单", unit=name_of(each.unit), year=cycle.year)
            url = reverse("duty-list", args=[each.pk])
            yield Asked(
                office, NoticeKind.SIGN_LIST, DUTY_LIST, each.pk, title, TO_SIGN, SIGN_MINUTES, url, each.sign_by
            )  # fmt: skip


def asked_to_answer_objections(cycle: Cycle, directory: Directory) -> Iterator[Asked]:
    """Each coordinating office once, for all objections that are its to answer."""
    open_ones = Objection.objects.filter(item__duty_list__cycle=cycle, upheld__isnull=True)
    paths = open_ones.values_list("item__duty_list__unit__path", flat=True)
    for office, n in Counter(directory.runner(path) for path in paths).items():
        if office is not None:
            title = say_counted("%(n)s 项异议等待答复", "%(n)s 项异议等待答复", n)
            url = reverse("duty-lists")
            yield Asked(
                office, NoticeKind.OBJECTION, CYCLE, cycle.pk, title, TO_ANSWER, _minutes(n), url
            )  # fmt: skip


def asked_to_decide_questions(cycle: Cycle, directory: Directory) -> Iterator[Asked]:
    """The coordinating office of the cycle once, for everything that its task lists leave open."""
    n = OpenQuestion.objects.filter(task__task_list__cycle=cycle, answered_at__isnull=True).count()
    office = directory.runner(cycle.unit.path)
    if n and office is not None:
        title = say_counted("%(n)s 个任务问题等待确定", "%(n)s 个任务问题等待确定", n)
        url = reverse("task-questions")
        yield Asked(office, NoticeKind.QUESTION, CYCLE, cycle.pk, title, TO_DECIDE, _minutes(n), url)


def _minutes(n: int) -> int:
    return min(MOST_MINUTES, n * MINUTES_EACH)

"""A task workbook: the whole book is read by the room's own reader, and issued as one list."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guantong.importing.effects import Effects
from guantong.importing.kinds.base import Column, Given, Kind, Plan, Scope
from guantong.importing.tasks.operations import Reading, reading_of
from guantong.importing.workbook.grid import Grid
from guantong.importing.workbook.headers import find_header
from guantong.importing.workbook.task_sheets import tasks_in
from guantong.obligations.choices import Source
from guantong.obligations.models import Obligation
from guantong.tasks.models import Assignment, Milestone, OpenQuestion, Task, TaskList
from guantong.tasks.operations import issue_task_list

EXAMPLE = ("（示例）建成社区服务点 3 个", "1")
SAME_BY = ("number", "title", "detail", "lead_text", "cooperating_text")


class Tasks(Kind):
    id = "tasks"
    label = gettext_lazy("任务清单")
    about = gettext_lazy("年度任务表：任务、牵头和配合单位、期限。没有读懂的地方列出来由人确定。")
    function = "tasks.issue"
    needs_cycle = True
    whole_book = True
    columns = (
        Column("number", gettext_lazy("序号"), example="1"),
        Column("category", gettext_lazy("类别"), example="民生"),
        Column("title", gettext_lazy("重点任务"), ("任务内容",), True, example="（示例）建成社区服务点 3 个"),
        Column("detail", gettext_lazy("具体措施")),
        Column(
            "lead",
            gettext_lazy("牵头单位"),
            ("责任单位",),
            example="市教育体育局",
            note=gettext_lazy("几个单位用顿号隔开。"),
        ),
        Column("cooperating", gettext_lazy("配合单位")),
        Column(
            "due",
            gettext_lazy("完成时限"),
            example="2026年6月底前",
            note=gettext_lazy("写到哪一天、哪个月、哪个季度都可以，也可以写“长期坚持”。"),
        ),
        Column("note", gettext_lazy("备注")),
    )

    def fits(self, grids: Sequence[Grid]) -> bool:
        """Whether one of the sheets has the head of a task table."""
        return any(grid.rows and find_header(grid, 0) is not None for grid in grids)

    def read(self, grids: Sequence[Grid], scope: Scope, *, name: str, digest: str) -> Reading:
        assert scope.cycle is not None
        return reading_of(
            tasks_in(grids, base_year=scope.cycle.year), name=name, digest=digest, cycle=scope.cycle
        )

    def check_book(self, reading: Reading, scope: Scope) -> Iterator[tuple[str, Plan]]:
        """(sheet, plan) of each task. A task that stands in the year just so is not issued again."""
        stored = set(Task.objects.filter(task_list__cycle=scope.cycle).values_list(*SAME_BY))
        with_tasks = {draft.sheet for draft in reading.drafts}
        for sheet in reading.workbook.sheets:
            skipped = sheet.skipped
            if skipped and sheet.name not in with_tasks:
                whole = _("这张工作表里没有任务表，%(n)s 行都不会导入。") % {"n": len(skipped)}
                skipped = [(*skipped[0][:2], whole)]
            for row, text, why in skipped:
                given = Given(row, {"title": text})
                given.leave(why)
                yield sheet.name, Plan(given)
        for draft in reading.drafts:
            given = Given(draft.row, {"title": draft.title})
            if (draft.title, draft.number) == EXAMPLE:
                given.leave(_("这是空表里的示例，不会导入。"))
                yield draft.sheet, Plan(given)
                continue
            for each in draft.questions:
                given.warn(each.column, each.reason)
            given.same = (
                draft.number[:40], draft.title[:500], draft.detail, draft.lead_text[:500],
                draft.cooperating_text[:1000],
            ) in stored  # fmt: skip
            yield draft.sheet, Plan(given, None if given.same else draft)

    def issue(
        self, reading: Reading, plans: Sequence[Plan], scope: Scope, effects: Effects, *, name: str
    ) -> int:
        assert scope.cycle is not None
        drafts = [each.step for each in plans if each.step is not None]
        if not drafts:
            return 0
        titles = [sheet.title for sheet in reading.workbook.sheets if sheet.title]
        stored = issue_task_list(
            cycle=scope.cycle, name=titles[0] if titles else name, file_name=name, digest=reading.digest,
            drafts=drafts, actor=scope.actor, now=scope.now,
        )  # fmt: skip
        self._note(stored, effects)
        return len(drafts)

    def _note(self, stored: TaskList, effects: Effects) -> None:
        tasks = list(stored.tasks.order_by("pk"))
        parts = list(Assignment.objects.filter(task__in=tasks).order_by("pk"))
        effects.created(stored, *tasks, *parts)
        effects.created(*Milestone.objects.filter(task__in=tasks).order_by("pk"))
        effects.created(*OpenQuestion.objects.filter(task__in=tasks).order_by("pk"))
        owed = Obligation.objects.filter(source=Source.TASK, source_ref__in=[each.pk for each in parts])
        effects.created(*owed.order_by("pk"))

    def export(self, scope: Scope) -> Iterator[Mapping[str, object]]:
        tasks = Task.objects.filter(task_list__cycle=scope.cycle).order_by("task_list", "pk")
        for each in tasks.iterator(1000):
            yield {
                "number": each.number, "category": each.category, "title": each.title, "detail": each.detail,
                "lead": each.lead_text, "cooperating": each.cooperating_text, "due": each.due_text,
                "note": each.note,
            }  # fmt: skip

"""Applying a read workbook to a cycle, or showing what applying would do."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from guantong.accounts.acting import Actor
from guantong.importing.tasks.finding import UnitFinder
from guantong.importing.workbook.task_sheets import ParsedTask, TaskWorkbook, read_tasks
from guantong.kernel.refusals import Refusal
from guantong.mechanisms.models import Cycle
from guantong.obligations.choices import Part
from guantong.tasks.drafts import PartDraft, QuestionDraft, TaskDraft
from guantong.tasks.models import TaskList
from guantong.tasks.operations import issue_task_list
from guantong.tasks.scheduling import Due, schedule

# Problems of the reader that the unit finder or the scheduler asks about in its own words.
ASKED_ELSEWHERE = {"unknown_unit", "group"}


@dataclass
class Reading:
    """A workbook read against a cycle: drafts to store, and the answer of ``--json``."""

    workbook: TaskWorkbook
    drafts: list[TaskDraft]
    digest: str

    def as_json(self) -> dict[str, Any]:
        tasks = []
        for parsed, draft in zip(self.workbook.tasks, self.drafts, strict=True):
            row = parsed.as_json()
            row["units"] = [
                {"code": part.unit.code, "name": part.unit.name, "part": part.part} for part in draft.parts
            ]
            known = {(each["column"], each["code"]) for each in row["problems"]}
            row["problems"] += [
                {"column": each.column, "code": each.code, "reason": each.reason, "text": each.text}
                for each in draft.questions
                if each.code in ASKED_ELSEWHERE or (each.column, each.code) not in known
            ]
            tasks.append(row)
        sheets = [
            {
                "name": sheet.name,
                "header_row": sheet.header_row,
                "columns": sheet.columns,
                "title": sheet.title,
                "skipped": [{"row": row, "text": text, "why": why} for row, text, why in sheet.skipped],
            }
            for sheet in self.workbook.sheets
        ]
        return {"tasks": tasks, "sheets": sheets, "problems": [str(each) for each in self.workbook.problems]}


def read_task_workbook(content: bytes, *, name: str, cycle: Cycle) -> Reading:
    """Read the file and find its units in the cycle's tree. Writes nothing."""
    workbook = read_tasks(content, name=name, base_year=cycle.year)
    return reading_of(workbook, name=name, digest=hashlib.sha256(content).hexdigest(), cycle=cycle)


def reading_of(workbook: TaskWorkbook, *, name: str, digest: str, cycle: Cycle) -> Reading:
    """The read tables against the cycle's tree."""
    if not workbook.tasks:
        raise Refusal(
            _("在“%(name)s”里没有找到任务表：需要有“任务”一类的列名和至少一行任务。") % {"name": name}
        )
    finder = UnitFinder(cycle)
    return Reading(workbook, [_draft(parsed, finder, cycle) for parsed in workbook.tasks], digest)


def _draft(parsed: ParsedTask, finder: UnitFinder, cycle: Cycle) -> TaskDraft:
    lead = finder.find(parsed.lead, column="lead")
    cooperating = finder.find(parsed.cooperating, column="cooperating")
    due = Due(
        kind=parsed.due.kind,
        dates=tuple(parsed.due.dates),
        value=parsed.due.value,
        text=parsed.due.text,
        goals=tuple(parsed.due.goals),
    )
    questions = [
        QuestionDraft(each.column, each.code, _text_of(parsed, each.column), each.reason)
        for each in parsed.problems
        if each.code not in ASKED_ELSEWHERE and _matters(each.column, due, cycle)
    ]
    return TaskDraft(
        sheet=parsed.sheet,
        row=parsed.row,
        title=parsed.title,
        due=due,
        number=parsed.number,
        detail=parsed.detail,
        category=parsed.category,
        section=list(parsed.section),
        lead_text=parsed.lead_text,
        cooperating_text=parsed.cooperating_text,
        note=parsed.note,
        parts=[
            *(PartDraft(unit, Part.LEAD, wording) for unit, wording in lead.units),
            *(PartDraft(unit, Part.COOPERATING, wording) for unit, wording in cooperating.units),
        ],
        questions=[*questions, *lead.questions, *cooperating.questions],
    )


def _matters(column: str, due: Due, cycle: Cycle) -> bool:
    """A remark on a deadline that gave dates all the same needs nobody's decision; all others do."""
    return column != "due" or schedule(due, cycle).undecided


def _text_of(parsed: ParsedTask, column: str) -> str:
    texts = {
        "lead": parsed.lead_text,
        "cooperating": parsed.cooperating_text,
        "due": parsed.due.text,
        "title": parsed.title,
        "number": parsed.number,
    }
    return texts.get(column, "")


def apply_task_workbook(
    reading: Reading, *, cycle: Cycle, name: str, actor: Actor, now: dt.datetime
) -> TaskList:
    """Store the whole workbook, or nothing."""
    titles = [sheet.title for sheet in reading.workbook.sheets if sheet.title]
    return issue_task_list(
        cycle=cycle,
        name=titles[0] if titles else name,
        file_name=name,
        digest=reading.digest,
        drafts=reading.drafts,
        actor=actor,
        now=now,
    )

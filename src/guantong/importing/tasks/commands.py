"""``guantong import-tasks``."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from guantong.accounts.acting import Console
from guantong.importing.tasks.operations import apply_task_workbook, read_task_workbook
from guantong.kernel import clock
from guantong.kernel.commands import Arguments, Command, Report
from guantong.kernel.refusals import Refusal
from guantong.mechanisms.queries import cycle_by_id


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE.xlsx")
    parser.add_argument("--cycle", required=True, metavar="ID", help="as open-cycle answered")
    parser.add_argument("--dry-run", action="store_true", help="read and show, store nothing")


def import_tasks(given: Arguments, report: Report) -> dict[str, Any]:
    """Read a task workbook; without ``--dry-run`` store it and open what it makes owed."""
    path = Path(given.file)
    if not path.is_file():
        raise Refusal(_("没有文件“%(file)s”。") % {"file": given.file})
    cycle = cycle_by_id(given.cycle)
    reading = read_task_workbook(path.read_bytes(), name=path.name, cycle=cycle)
    answer = {"cycle": cycle.pk, "file": path.name, "dry_run": bool(given.dry_run), **reading.as_json()}
    if not given.dry_run:
        stored = apply_task_workbook(reading, cycle=cycle, name=path.name, actor=Console(), now=clock.now())
        answer["task_list"] = stored.pk
    _say(answer, report)
    return answer


def _say(answer: dict[str, Any], report: Report) -> None:
    problems = 0
    for task in answer["tasks"]:
        due = task["due"]
        report.say(
            f"{task['sheet']}!{task['row']} {task['number']} {task['title']} | "
            f"{'、'.join(task['lead']) or '—'} | {due['kind']} {due['value']}"
        )
        for problem in task["problems"]:
            problems += 1
            report.say(f"    ? {problem['column']}: {problem['reason']}")
    report.say(_("共 %(n)s 项任务，%(p)s 处需要人来确定。") % {"n": len(answer["tasks"]), "p": problems})
    if answer["dry_run"]:
        report.say(_("这是预览，没有写入。"))


COMMAND = Command("import-tasks", "read a task workbook into a cycle", import_tasks, arguments)

"""``import-units`` and ``import-tasks``."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from guantong.accounts.acting import Console
from guantong.importing.tasks import commands as tasks
from guantong.importing.units.operations import import_units_file
from guantong.kernel import clock
from guantong.kernel.commands import Arguments, Command, Report
from guantong.kernel.refusals import Refusal


def _units_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE.csv")
    parser.add_argument("--dry-run", action="store_true", help="check and count, store nothing")


def import_units(given: Arguments, report: Report) -> dict[str, Any]:
    """Import units by code; any rejected row keeps all from being written (exit 1)."""
    path = Path(given.file)
    if not path.is_file():
        raise Refusal(_("没有文件“%(file)s”。") % {"file": given.file})
    outcome = import_units_file(path, actor=Console(), now=clock.now(), dry_run=given.dry_run)
    for each in outcome.rejected:
        where = _("第 %(row)s 行") % {"row": each.row}
        report.say(f"{path.name} {where} {each.column}: {each.reason}")
    report.refused = bool(outcome.rejected)
    if outcome.rejected:
        report.say(_("有 %(n)s 处错误，没有写入任何内容。") % {"n": len(outcome.rejected)})
    else:
        report.say(
            _("新增 %(created)s，更新 %(updated)s，未变 %(unchanged)s。")
            % {"created": outcome.created, "updated": outcome.updated, "unchanged": outcome.unchanged}
        )
    return outcome.as_json()


COMMANDS = [
    Command("import-units", "import units from a CSV file, by code", import_units, _units_arguments),
    tasks.COMMAND,
]

"""``guantong import-partners``: a register of organisations from a CSV file."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from guantong.accounts.acting import Console
from guantong.kernel import clock
from guantong.kernel.commands import Command, Report
from guantong.kernel.refusals import Refusal
from guantong.partners.operations import import_organisations
from guantong.partners.reading import organisations_in


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "file", help="kind,name,area_code[,name_en] – organisations only, no column about a person"
    )


def _import(arguments: argparse.Namespace, report: Report) -> dict[str, Any]:
    path = Path(arguments.file)
    if not path.is_file():
        raise Refusal(_("没有这个文件：%(path)s") % {"path": path})
    rows = organisations_in(path.read_text(encoding="utf-8-sig"))
    made = import_organisations(rows=rows, actor=Console(), now=clock.now())
    report.say(_("登记 %(n)s 个，已有 %(old)s 个。") % {"n": len(made), "old": len(rows) - len(made)})
    return {"registered": len(made), "already_there": len(rows) - len(made)}


COMMANDS = [Command("import-partners", "register organisations from a CSV file", _import, _arguments)]

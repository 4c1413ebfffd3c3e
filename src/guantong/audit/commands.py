"""``verify-log`` and ``export-log``."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from guantong.audit import signing
from guantong.audit.exporting import export_log
from guantong.audit.models import CheckpointKind
from guantong.audit.sequencing import checkpoint, sequence
from guantong.audit.verification import keep_verdict, verify_log
from guantong.kernel import clock
from guantong.kernel.commands import Arguments, Command, Report


def verify(given: Arguments, report: Report) -> dict[str, Any]:
    """Check the log, its checkpoints and the business rows it speaks of; names every row that was touched."""
    verdict = verify_log(business=not given.log_only)
    keep_verdict(verdict, now=clock.now())
    for fault in verdict.faults:
        report.say(fault.sentence)
    report.refused = not verdict.clean
    counted = {"entries": verdict.entries, "checkpoints": verdict.checkpoints, "objects": verdict.objects}
    report.say(
        _("已核对日志 %(entries)s 条、检查点 %(checkpoints)s 个、业务数据 %(objects)s 行。") % counted
        + (_("没有发现改动。") if verdict.clean else _("发现 %(n)s 处问题。") % {"n": len(verdict.faults)})
    )
    return verdict.as_json()


def _verify_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--log-only", action="store_true", help="leave the business rows out")


def export(given: Arguments, report: Report) -> dict[str, Any]:
    """Take the rows up, sign a checkpoint, and write everything a witness needs to a folder."""
    sequence()
    checkpoint(CheckpointKind.HOURLY, now=clock.now())
    written = export_log(Path(given.folder))
    report.say(_("已导出日志 %(entries)s 条、检查点 %(checkpoints)s 个。") % written)
    report.say(_("验证公钥：%(key)s") % {"key": signing.verifier_key()})
    return {**written, "key": signing.verifier_key()}


def _export_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folder", help="a folder to write to")


COMMANDS = [
    Command("verify-log", "check that nobody rewrote the log", verify, _verify_arguments),
    Command(
        "export-log", "write the log and its stand-alone verifier to a folder", export, _export_arguments
    ),
]

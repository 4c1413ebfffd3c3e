"""``guantong check-package``."""

from __future__ import annotations

import argparse
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db import DatabaseError
from django.utils.translation import gettext as _

from guantong.kernel.commands import Arguments, Command, Report
from guantong.kernel.decimals import plain, round_half_up
from guantong.mechanisms.package import (
    Finding,
    FormCount,
    FormPart,
    Package,
    TreeFacts,
    form_counts,
    read_package_file,
)
from guantong.mechanisms.package.vocabulary import EACH
from guantong.mechanisms.queries import package_file
from guantong.mechanisms.tree_facts import villages_per_township

ONE_PLACE = Decimal("0.1")


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE.yaml", help="a file, or the name of a built-in package")
    parser.add_argument(
        "--villages-per-township",
        type=_positive,
        metavar="N",
        help="for duties owed for each village; without it, the average of the imported units, else 1",
    )


def _positive(text: str) -> Decimal:
    try:
        number = Decimal(text)
    except InvalidOperation:
        number = Decimal(-1)
    if not (number.is_finite() and number > 0):
        raise argparse.ArgumentTypeError(_("应为大于 0 的数，如 11.5"))
    return number


def check_package(given: Arguments, report: Report) -> dict[str, Any]:
    """Lint a package; every finding has its file, line and a suggestion."""
    reading = read_package_file(package_file(given.file))
    for finding in reading.findings:
        report.say(_line(finding))
    report.refused = not reading.valid
    package = reading.package
    facts = _facts(given.villages_per_township)
    forms = form_counts(package, tree=facts) if package else []
    if package:
        _say_package(package, forms, facts, report)
    report.say(_("通过检查。") if reading.valid else _("没有通过检查，请按上面的提示修改。"))
    return {
        "valid": reading.valid,
        "id": package.identifier if package else None,
        "version": package.version if package else None,
        "name": package.name.as_json() if package else None,
        "digest": package.digest if package else None,
        "findings": [finding.as_json() for finding in reading.findings],
        "not_yet_used": list(package.not_yet_used) if package else [],
        "forms": [each.as_json() for each in forms],
    }


def _facts(said: Decimal | None) -> TreeFacts:
    """What was said, else what the imported units show, else one village for each township."""
    if said is None:
        try:
            said = villages_per_township()
        except DatabaseError:  # a package can be checked where no database has been set up
            said = None
    return TreeFacts() if said is None else TreeFacts(villages_per_township=said)


def _line(finding: Finding) -> str:
    rule = _("规则 %(n)s") % {"n": finding.rule}
    mark = "" if finding.severity == "error" else _("（提示）")
    where = f"{finding.file}:{finding.line}: [{rule}]{mark}"
    return f"{where} {finding.message} — {finding.suggestion}"


def _say_package(package: Package, forms: list[FormCount], facts: TreeFacts, report: Report) -> None:
    report.say(
        _("%(name)s（%(id)s 第 %(version)s 版），摘要 %(digest)s")
        % {
            "name": package.name,
            "id": package.identifier,
            "version": package.version,
            "digest": package.digest[:12],
        }
    )
    if package.not_yet_used:
        report.say(_("已读入、暂未启用：%(blocks)s") % {"blocks": "、".join(package.waiting_blocks)})
    report.say(
        _("每个岗位全年填报（按每个乡镇 %(villages)s 个村、每个岗位结对 1 个、河段 1 个计）：")
        % {"villages": plain(round_half_up(facts.villages_per_township, ONE_PLACE))}
    )
    for count in forms:
        report.say(
            _("  %(office)s：%(forms)s 份，%(minutes)s 分钟")
            % {
                "office": count.name,
                "forms": plain(round_half_up(count.forms_per_year, ONE_PLACE)),
                "minutes": plain(round_half_up(count.minutes_per_year, Decimal(1))),
            }
        )
        for part in count.parts:
            report.say(f"    {part.duty} {part.what} {_times(part)}")


def _times(part: FormPart) -> str:
    if part.upon:
        return _("（有事才填）")
    if part.conditional:
        return _("（满足条件才填，全年最多 %(n)s 次）") % {"n": plain(part.times)}
    if part.each:
        return _("每个%(each)s %(n)s 次") % {"n": plain(part.times), "each": EACH[part.each]}
    return _("%(n)s 次") % {"n": plain(part.times)}


COMMANDS = [
    Command("check-package", "lint a mechanism package and count what it asks", check_package, _arguments)
]

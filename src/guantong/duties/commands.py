"""``open-cycle``, ``issue-duty-lists``, ``sign-duty-lists``, ``duty-lists``."""

from __future__ import annotations

import argparse
from typing import Any

from django.utils.translation import gettext as _

from guantong.accounts.acting import Console
from guantong.duties import operations
from guantong.duties.models import DutyList, ListState
from guantong.duties.queries import with_price
from guantong.kernel import clock
from guantong.kernel.commands import Arguments, Command, Report
from guantong.kernel.refusals import Refusal
from guantong.mechanisms.operations import read_valid_package
from guantong.mechanisms.queries import cycle_by_id, unit_by_code


def _open_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("package", metavar="PACKAGE", help="a built-in package (three-threes) or a file")
    parser.add_argument("--unit", required=True, metavar="CODE")
    parser.add_argument("--year", required=True, type=int)


def open_cycle(given: Arguments, report: Report) -> dict[str, Any]:
    """Freeze the package and lay out every unit's duty list."""
    opening = operations.open_cycle(
        package=read_valid_package(given.package),
        unit=unit_by_code(given.unit),
        year=given.year,
        actor=Console(),
        now=clock.now(),
    )
    cycle = opening.cycle
    report.say(
        _("已启动 %(cycle)s（编号 %(id)s）：%(offices)s 个岗位，%(lists)s 份责任清单，%(items)s 项职责。")
        % {
            "cycle": cycle,
            "id": cycle.pk,
            "offices": opening.offices,
            "lists": opening.lists,
            "items": opening.items,
        }
    )
    for kind in opening.missing:
        report.say(_("提示：还没有“%(kind)s”这一类单位，相应职责暂时无人承担。") % {"kind": kind})
    return {
        "cycle": cycle.pk,
        "package": cycle.stored.identifier,
        "version": cycle.stored.version,
        "digest": cycle.stored.digest,
        "unit": cycle.unit.code,
        "year": cycle.year,
        "phases": [
            {"id": each.identifier, "starts_on": each.starts_on, "ends_on": each.ends_on}
            for each in cycle.phases.all()
        ],
        "offices": opening.offices,
        "duty_lists": opening.lists,
        "duties": opening.items,
        "missing": opening.missing,
    }


def _cycle_argument(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--cycle", required=True, metavar="ID", help="as open-cycle answered")


def _unit_argument(parser: argparse.ArgumentParser) -> None:
    _cycle_argument(parser)
    parser.add_argument("--unit", metavar="CODE", help="this unit and all below it; without it, all")


def issue(given: Arguments, report: Report) -> dict[str, Any]:
    """Issue the lists that were out for comment."""
    cycle = cycle_by_id(given.cycle)
    unit = unit_by_code(given.unit) if given.unit else None
    issued = operations.issue_duty_lists(cycle=cycle, unit=unit, actor=Console(), now=clock.now())
    report.say(_("已下达 %(n)s 份责任清单。") % {"n": issued})
    return {"cycle": cycle.pk, "issued": issued}


def sign(given: Arguments, report: Report) -> dict[str, Any]:
    """Sign lists for units that cannot sign on screen; the log names the console."""
    cycle = cycle_by_id(given.cycle)
    lists = DutyList.objects.filter(cycle=cycle, state=ListState.ISSUED).select_related("unit").order_by("pk")
    if given.unit:
        unit = unit_by_code(given.unit)
        lists = lists.filter(unit__path__gte=unit.path, unit__path__lt=unit.path + "~")
    found = list(lists)
    if not found:
        raise Refusal(_("没有已下达、待签收的责任清单。"))
    for each in report.progress(found, total=len(found), label="sign"):
        operations.sign_duty_list(duty_list=each, actor=Console(), now=clock.now())
    report.say(_("已签收 %(n)s 份责任清单。") % {"n": len(found)})
    return {"cycle": cycle.pk, "signed": len(found)}


def lists(given: Arguments, report: Report) -> dict[str, Any]:
    """Every list with its state and its price in minutes."""
    cycle = cycle_by_id(given.cycle)
    found = with_price(DutyList.objects.filter(cycle=cycle).select_related("unit")).order_by("unit__path")
    rows = [
        {
            "unit": each.unit.code,
            "name": each.unit.name,
            "state": each.state,
            "duties": each.n_items,  # type: ignore[attr-defined]
            "times": each.forms,  # type: ignore[attr-defined]
            "minutes": each.price,  # type: ignore[attr-defined]
        }
        for each in found
    ]
    for row in rows:
        report.say(f"{row['unit']}\t{row['name']}\t{row['state']}\t{row['duties']}\t{row['minutes']}")
    return {"cycle": cycle.pk, "duty_lists": rows}


COMMANDS = [
    Command("open-cycle", "freeze a package and open a year on it", open_cycle, _open_arguments),
    Command("issue-duty-lists", "issue the duty lists of a cycle", issue, _unit_argument),
    Command("sign-duty-lists", "sign issued duty lists for units without screens", sign, _unit_argument),
    Command("duty-lists", "list duty lists with state and price", lists, _cycle_argument),
]

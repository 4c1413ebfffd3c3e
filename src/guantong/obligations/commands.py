"""``obligations``, ``record``, ``review-claims``."""

from __future__ import annotations

import argparse
import datetime as dt
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from guantong.accounts.acting import Console
from guantong.accounts.models import Office
from guantong.kernel import clock
from guantong.kernel.commands import Arguments, Command, Report
from guantong.kernel.refusals import Refusal
from guantong.mechanisms.queries import cycle_by_id, unit_by_code
from guantong.obligations import operations
from guantong.obligations.choices import Light, State, Verdict
from guantong.obligations.models import Claim, Obligation
from guantong.obligations.queries import in_subtree
from guantong.records.choices import RecordKind
from guantong.records.operations import enter_record


def day(text: str) -> dt.date:
    """A ``YYYY-MM-DD`` argument; anything else is wrong usage (exit 2)."""
    try:
        return dt.date.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"not a day YYYY-MM-DD: {text}") from error


def _list_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--cycle", required=True, metavar="ID")
    parser.add_argument("--unit", metavar="CODE")
    parser.add_argument("--light", choices=Light.values)
    parser.add_argument("--state", choices=State.values)
    parser.add_argument("--limit", type=int, default=200)


def obligations(given: Arguments, report: Report) -> dict[str, Any]:
    """Who owes what by when, most urgent first."""
    cycle = cycle_by_id(given.cycle)
    found = Obligation.objects.filter(cycle=cycle).select_related("unit", "office")
    if given.unit:
        found = in_subtree(found, unit_by_code(given.unit).path)
    if given.light:
        found = found.filter(light=given.light)
    if given.state:
        found = found.filter(state=given.state)
    rows = [
        {
            "id": each.pk,
            "title": str(each),
            "unit": each.unit.code,
            "unit_name": each.unit.name,
            "office": each.office.title,
            "due_on": each.due_on,
            "state": each.state,
            "light": each.light,
            "rule": each.rule,
            "part": each.part,
        }
        for each in found.order_by("due_on", "pk")[: given.limit]
    ]
    for row in rows:
        report.say(f"{row['id']}\t{row['due_on']}\t{row['light']}\t{row['unit_name']}\t{row['title']}")
    return {"cycle": cycle.pk, "total": found.count(), "obligations": rows}


def _record_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--unit", required=True, metavar="CODE")
    parser.add_argument("--seat", required=True, help="the office that enters it, such as unit_head")
    parser.add_argument("--kind", required=True, choices=RecordKind.values)
    parser.add_argument("--on", required=True, type=day, metavar="YYYY-MM-DD")
    parser.add_argument("--what", required=True)
    parser.add_argument("--place", default="")
    parser.add_argument("--reference", action="append", default=[])
    parser.add_argument("--claim", action="append", type=int, default=[], metavar="OBLIGATION")


def record(given: Arguments, report: Report) -> dict[str, Any]:
    """Enter a record for an office, and claim with it the obligations named: all of it, or nothing."""
    unit = unit_by_code(given.unit)
    office = Office.objects.filter(unit=unit, seat=given.seat, closed_on=None).order_by("number").first()
    if office is None:
        raise Refusal(_("“%(unit)s”没有岗位“%(seat)s”。") % {"unit": unit.name, "seat": given.seat})
    now = clock.now()
    with transaction.atomic():
        entered = enter_record(
            kind=given.kind,
            happened_on=given.on,
            summary=given.what,
            place=given.place,
            references=given.reference,
            entered_by=office,
            actor=Console(),
            now=now,
            today=clock.today(now),
        )
        claimed = []
        for number in given.claim:
            obligation = Obligation.objects.filter(pk=number, unit=unit).first()
            if obligation is None:
                raise Refusal(_("“%(unit)s”没有编号为 %(id)s 的事项。") % {"unit": unit.name, "id": number})
            claim = operations.claim_fulfilment(
                obligation=obligation, record=entered, claimed_by=office, actor=Console(), now=now
            )
            claimed.append(claim.pk)
    report.say(_("已保存记录 %(id)s，申报 %(n)s 项。") % {"id": entered.pk, "n": len(claimed)})
    return {"record": entered.pk, "claims": claimed}


def _review_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--claim", type=int, required=True, metavar="ID")
    parser.add_argument("--verdict", required=True, choices=Verdict.values)
    parser.add_argument("--reason", default="")


def review(given: Arguments, report: Report) -> dict[str, Any]:
    """Accept a claim, or return it with a reason."""
    claim = Claim.objects.select_related("obligation").filter(pk=given.claim).first()
    if claim is None:
        raise Refusal(_("没有编号为 %(id)s 的申报。") % {"id": given.claim})
    answered = operations.review_claim(
        claim=claim, verdict=given.verdict, reason=given.reason, actor=Console(), now=clock.now()
    )
    report.say(answered.get_verdict_display())
    return {"claim": claim.pk, "verdict": answered.verdict, "obligation": claim.obligation_id}


COMMANDS = [
    Command("obligations", "list who owes what by when", obligations, _list_arguments),
    Command("record", "enter a record and claim obligations with it", record, _record_arguments),
    Command("review-claim", "accept or return a claim", review, _review_arguments),
]

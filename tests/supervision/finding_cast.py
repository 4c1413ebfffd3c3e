"""A finding at the development commission, and short words for the steps after it. The year is 2026."""

from __future__ import annotations

import datetime as dt
from typing import Any

from conftest import City, at
from guantong.accounts.acting import Acting
from guantong.supervision.models import Finding, Recheck, Ruling
from guantong.supervision.operations import findings, rulings

UNIT = "1506-MU-01"
# Ten working days after Monday 2 March.
REPLY_BY = dt.date(2026, 3, 16)


def leader(city: City, number: int = 1) -> Acting:
    return city.acting("1506-LG", "leader", number)


def drafted(city: City, **changes: Any) -> Finding:
    given: dict[str, Any] = {
        "cycle": city.cycle,
        "unit": city.units[UNIT],
        "text": "一季度进展报告与现场不符",
        "basis": "3月1日实地抽查",
        "rule_cited": "《政府督查工作条例》第十六条",
        "kind": "false_report",
        "actor": city.coordinator,
        "now": at(3, 2),
    }
    return findings.draft_finding(**(given | changes))


def notified(city: City, **changes: Any) -> Finding:
    finding = drafted(city, **changes)
    findings.send_notice(finding=finding, actor=city.coordinator, now=at(3, 2))
    return now_of(finding)


def replied(city: City) -> Finding:
    finding = notified(city)
    findings.reply_to_finding(finding=finding, text="数据为初步统计。", actor=city.head, now=at(3, 5))
    return now_of(finding)


def rule(finding: Finding, actor: Acting, *, day: dt.datetime, **changes: Any) -> Ruling:
    given: dict[str, Any] = {"upheld": True, "reason": "与现场记录不符", "measure": "remind"}
    return rulings.rule_on_finding(finding=finding, actor=actor, now=day, **(given | changes))


def ruled(city: City, **changes: Any) -> Finding:
    finding = replied(city)
    rule(finding, leader(city), day=at(3, 10), **changes)
    return now_of(finding)


def disputed(city: City) -> Finding:
    """A recheck asked on 20 March, to be decided by 19 April."""
    finding = ruled(city)
    rulings.ask_recheck(finding=finding, reason="统计口径不同", actor=city.head, now=at(3, 20))
    return now_of(finding)


def decide(finding: Finding, actor: Acting, *, kept: bool, day: dt.datetime) -> Recheck:
    return rulings.decide_recheck(finding=finding, kept=kept, decision="经核对", actor=actor, now=day)


def now_of(finding: Finding) -> Finding:
    return Finding.objects.select_related("unit", "cycle__stored", "found_by").get(pk=finding.pk)

"""Findings to tell the unit of, to reply to, to rule on; rulings that may be disputed; rechecks to decide."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from django.urls import reverse

from guantong.mechanisms.models import Cycle
from guantong.notices.choices import NoticeKind
from guantong.notices.operations import Asked
from guantong.notices.said import Said, cut, say
from guantong.supervision.addressing import Directory, name_of
from guantong.supervision.choices import FindingStage
from guantong.supervision.models import Finding
from guantong.supervision.rules.findings import recheck_until

FINDING = "supervision.finding"
TO_NOTIFY = say("问题已写好，还没有告知单位。请核对后告知。")
TO_REPLY = say("请在期限前答复：情况是否属实、有什么说明。")
TO_RULE = say("单位已答复或答复期已满，请作出认定。提出问题的人回避。")
MAY_DISPUTE = say("对认定有不同意见的，可在期限前申请复核；没有意见的，不需要办理。")
TO_RECHECK = say("请复核并写明理由。提出问题和作出认定的人回避。")
NOTIFY_MINUTES, REPLY_MINUTES, RULE_MINUTES, DISPUTE_MINUTES, RECHECK_MINUTES = 3, 15, 15, 5, 20


def asked_about_findings(cycle: Cycle, directory: Directory, *, on: dt.date) -> Iterator[Asked]:
    """Whoever moves next in each finding on its way."""
    found = Finding.objects.filter(cycle=cycle).exclude(stage=FindingStage.FINAL)
    for finding in found.select_related("unit", "notice", "ruling__recheck").order_by("pk"):
        asked = _asked(finding, directory, cycle=cycle, on=on)
        if asked is not None:
            yield asked


def _asked(finding: Finding, directory: Directory, *, cycle: Cycle, on: dt.date) -> Asked | None:
    unit, path, stage = finding.unit_id, finding.unit.path, finding.stage
    to_unit = directory.answerer(unit)
    if stage == FindingStage.DRAFTED:
        finder = finding.found_by_id or directory.runner(path)
        return _ask(finder, finding, NoticeKind.NOTIFY, TO_NOTIFY, NOTIFY_MINUTES, None)
    if stage == FindingStage.NOTIFIED and on <= finding.notice.reply_by:
        return _ask(to_unit, finding, NoticeKind.FINDING, TO_REPLY, REPLY_MINUTES, finding.notice.reply_by)
    if stage in (FindingStage.NOTIFIED, FindingStage.REPLIED):
        decider = directory.decider(unit=unit, path=path, without=[finding.found_by_id])
        return _ask(decider, finding, NoticeKind.RULE, TO_RULE, RULE_MINUTES, None)
    ruling = finding.ruling
    if stage == FindingStage.RULED:
        until = recheck_until(ruling, cycle.package)
        return _ask(to_unit, finding, NoticeKind.RULING, MAY_DISPUTE, DISPUTE_MINUTES, until)
    third = directory.decider(unit=unit, path=path, without=[finding.found_by_id, ruling.ruled_by_id])
    return _ask(third, finding, NoticeKind.RECHECK, TO_RECHECK, RECHECK_MINUTES, ruling.recheck.decide_by)


def _ask(
    office: int | None, finding: Finding, kind: str, missing: Said, minutes: int, due_on: dt.date | None
) -> Asked | None:
    if office is None:
        return None
    title = say("%(unit)s：%(title)s", unit=name_of(finding.unit), title=cut(finding.text, 220))
    url = reverse("finding", args=[finding.pk])
    return Asked(office, kind, FINDING, finding.pk, title, missing, minutes, url, due_on)

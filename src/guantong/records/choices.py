"""Kinds of record: what can have happened."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class RecordKind(models.TextChoices):
    STUDY = "study", _("学习宣讲")
    MEETING = "meeting", _("会议活动")
    HEARING = "hearing", _("听取汇报")
    VISIT = "visit", _("联系走访")
    RECEPTION = "reception", _("接待")
    PROGRESS = "progress", _("任务进展")
    SERVICE = "service", _("联络服务")
    ACTIVITY = "activity", _("之家活动")
    DOCUMENT = "document", _("文件印发")
    DUTY_REPORT = "duty_report", _("述职报告")
    PATROL = "patrol", _("巡查")
    CASE = "case", _("诉求办理")
    PUBLICITY = "publicity", _("宣传")


# Which kinds of record can be evidence of which kind (package-format.md 4.2).
KINDS_OF_EVIDENCE: dict[str, frozenset[str]] = {
    "none": frozenset(RecordKind.values),
    "statement": frozenset(RecordKind.values),
    "document_ref": frozenset({RecordKind.DOCUMENT, RecordKind.STUDY, RecordKind.MEETING}),
    "meeting_ref": frozenset({RecordKind.MEETING, RecordKind.HEARING, RecordKind.ACTIVITY}),
    "contact_note": frozenset({RecordKind.VISIT}),
    "reception_session": frozenset({RecordKind.RECEPTION}),
    "case_closure": frozenset({RecordKind.CASE, RecordKind.RECEPTION, RecordKind.SERVICE}),
    "progress_line": frozenset({RecordKind.PROGRESS, RecordKind.DOCUMENT}),
    "duty_report": frozenset({RecordKind.DUTY_REPORT}),
    "patrol_record": frozenset({RecordKind.PATROL}),
    # fulfilled by an act in the system, never by a record
    "sign_off": frozenset(),
    "scorecard": frozenset(),
    "answers": frozenset(),
}


def kinds_fitting(evidence: list[str]) -> frozenset[str]:
    """The kinds of record that any of these kinds of evidence accepts."""
    return frozenset().union(*(KINDS_OF_EVIDENCE.get(each, frozenset()) for each in evidence or ["none"]))

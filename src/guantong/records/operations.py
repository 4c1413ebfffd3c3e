"""Recording what happened, once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import BinaryIO

from django.db import transaction
from django.utils.translation import gettext as _

from guantong.accounts.acting import Actor
from guantong.accounts.models import Office
from guantong.audit import operations as audit
from guantong.kernel.refusals import Refusal
from guantong.records.choices import RecordKind
from guantong.records.files import keep_file
from guantong.records.media import tidy_name
from guantong.records.models import Evidence, Participation, Record


@transaction.atomic
def enter_record(
    *,
    kind: str,
    happened_on: dt.date,
    summary: str,
    entered_by: Office,
    actor: Actor,
    now: dt.datetime,
    today: dt.date,
    place: str = "",
    participants: Sequence[Office] = (),
    references: Sequence[str] = (),
    files: Sequence[tuple[str, BinaryIO]] = (),
    submission_key: str | None = None,
) -> Record:
    """Keep one fact of work. The same ``submission_key`` twice gives the first record back."""
    if submission_key:
        earlier = Record.objects.filter(submission_key=submission_key, entered_by=entered_by).first()
        if earlier:
            return earlier
    _refuse_bad_record(kind=kind, happened_on=happened_on, summary=summary, today=today)
    record = Record.objects.create(
        kind=kind,
        happened_on=happened_on,
        place=place.strip(),
        summary=summary.strip(),
        unit=entered_by.unit,
        entered_by=entered_by,
        entered_at=now,
        submission_key=submission_key or None,
    )
    offices = {office.pk: office for office in (entered_by, *participants)}
    Participation.objects.bulk_create(Participation(record=record, office=each) for each in offices.values())
    evidence = Evidence.objects.bulk_create(
        Evidence(record=record, reference=text.strip()) for text in references if text.strip()
    )
    for name, source in files:
        stored = keep_file(source, name=name)
        file_name = tidy_name(name, stored.media_type)
        evidence.append(Evidence.objects.create(record=record, file=stored, file_name=file_name))
    digests = sorted(each.file.digest for each in evidence if each.file is not None)
    audit.record(
        "records.entered",
        target=record,
        actor=actor,
        at=now,
        payload={"kind": kind, "happened_on": happened_on, "offices": sorted(offices), "files": digests},
        states=evidence,
    )
    return record


def _refuse_bad_record(*, kind: str, happened_on: dt.date, summary: str, today: dt.date) -> None:
    if kind not in RecordKind.values:
        raise Refusal(_("没有“%(kind)s”这种工作记录。") % {"kind": kind})
    if not summary.strip():
        raise Refusal(_("请写明做了什么。"))
    if len(summary) > 2000:
        raise Refusal(_("“做了什么”最多 2000 字，现有 %(n)s 字。") % {"n": len(summary)})
    if happened_on > today:
        raise Refusal(_("工作日期 %(day)s 还没有到，只能记录已经发生的工作。") % {"day": happened_on})

"""Records of work: the list, one, and entering one with the claims it makes."""

from __future__ import annotations

from typing import Any, cast

from django.db.models import QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from guantong.accounts.models import Office
from guantong.api.contract.acts import Call, Many, One, Write, visible
from guantong.api.resources.common import BUSINESS, office_ref, unit_ref
from guantong.api.resources.widening import widened
from guantong.api.shapes import queries as asked
from guantong.api.shapes.common import Page
from guantong.api.shapes.work import Evidence, FullRecord, NewRecord, Record
from guantong.kernel.refusals import Refusal
from guantong.obligations.models import Obligation
from guantong.obligations.operations import claim_fulfilment
from guantong.obligations.queries import obligations_fed_by
from guantong.records import models
from guantong.records.operations import enter_record
from guantong.records.queries import records_visible_to


def _listed(call: Call) -> QuerySet[models.Record]:
    found, wanted = records_visible_to(call.acting), call.query
    if wanted.kind is not None:
        found = found.filter(kind=wanted.kind)
    if wanted.unit is not None:
        found = found.filter(unit=wanted.unit)
    if wanted.happened_from is not None:
        found = found.filter(happened_on__gte=wanted.happened_from)
    if wanted.happened_to is not None:
        found = found.filter(happened_on__lte=wanted.happened_to)
    return found


def record(row: models.Record) -> Record:
    return Record(
        id=row.pk, kind=cast(Any, row.kind), happened_on=row.happened_on, place=row.place, summary=row.summary,
        unit=unit_ref(row.unit), entered_by=office_ref(row.entered_by), entered_at=row.entered_at,
    )  # fmt: skip


def evidence(row: models.Evidence) -> Evidence:
    return Evidence(
        id=row.pk,
        record=row.record_id,
        reference=row.reference,
        file_name=row.file_name,
        size=row.file.size if row.file else None,
        media_type=row.file.media_type if row.file else None,
        sha256=row.file.digest if row.file else None,
    )


def _full(row: models.Record, call: Call) -> FullRecord:
    took_part = row.participations.select_related("office").order_by("pk")
    return widened(
        FullRecord,
        record(row),
        participants=[office_ref(each.office) for each in took_part],
        evidence=[evidence(each) for each in row.evidence.select_related("file").order_by("pk")],
        obligations=[each.pk for each in obligations_fed_by(row) if call.acting.sees(each.unit_path)],
    )


def _entered(call: Call) -> models.Record:
    """The record and all its claims, or nothing; as the form does."""
    sent = cast(NewRecord, call.body)
    colleagues = Office.objects.filter(unit=call.office.unit_id, closed_on=None)
    with_them, strange = visible(sent.participants, colleagues)
    if strange:
        raise Refusal(gettext("岗位 %(id)s 不在本单位，不能列为一同参加。") % {"id": strange[0]})
    made = enter_record(
        kind=sent.kind, happened_on=sent.happened_on, summary=sent.summary, place=sent.place,
        entered_by=call.office, participants=list(with_them.values()), references=sent.references, files=call.files,
        actor=call.acting, now=call.now, today=call.today,
    )  # fmt: skip
    owed, unknown = visible(sent.obligations, Obligation.objects.filter(unit=call.office.unit_id))
    if unknown:
        raise Refusal(gettext("本单位没有编号为 %(id)s 的事项。") % {"id": unknown[0]})
    if owed and not call.acting.may("obligations.claim"):
        raise Refusal(gettext("这个令牌没有“申报完成”的权限。"))
    for each in sorted(owed):
        claim_fulfilment(
            obligation=owed[each], record=made, claimed_by=call.office, actor=call.acting, now=call.now
        )
    return made


RECORDS = Many(
    name="listRecords", summary=_("工作记录"), function=BUSINESS, answers=Page[Record], query=asked.Records,
    found=_listed, show=record,
)  # fmt: skip
RECORD = One(
    name="getRecord", summary=_("一条工作记录和它的依据"), function=BUSINESS, answers=FullRecord,
    found=lambda call: records_visible_to(call.acting), show=_full,
)  # fmt: skip
NEW_RECORD = Write(
    name="enterRecord", summary=_("登记工作记录，可带附件，可同时申报完成"), function="records.write",
    answers=FullRecord, body=NewRecord, do=_entered, one=RECORD, leads_to="api-record", part_name="record",
)  # fmt: skip

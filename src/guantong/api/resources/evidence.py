"""Evidence of records: what there is, and the content of a file. It is entered with its record and stays with it."""

from __future__ import annotations

from functools import partial

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from guantong.api.contract.acts import Call, Content, Download, Many, One, plainly
from guantong.api.contract.problems import not_found
from guantong.api.resources.common import BUSINESS
from guantong.api.resources.records import RECORD, evidence
from guantong.api.shapes.common import Page
from guantong.api.shapes.terms import BIGGEST
from guantong.api.shapes.work import Evidence
from guantong.records.files import content_of
from guantong.records.media import SUFFIXES
from guantong.records.models import Evidence as Row
from guantong.records.queries import records_visible_to


def _visible(call: Call) -> QuerySet[Row]:
    """That of the records in sight."""
    seen = records_visible_to(call.acting).order_by().values("pk")
    return Row.objects.select_related("file").filter(record__in=seen)


def _of_record(call: Call) -> QuerySet[Row]:
    return Row.objects.select_related("file").filter(record=RECORD.row(call))


def _content(call: Call) -> Content:
    pk = call.refs["pk"]
    row = _visible(call).filter(file__isnull=False, pk=pk).first() if pk <= BIGGEST else None
    if row is None or row.file is None:
        raise not_found()
    return Content(
        name=row.file_name, media_type=row.file.media_type, digest=row.file.digest,
        read=partial(content_of, row.file),
    )  # fmt: skip


EVIDENCE_OF_RECORD = Many(
    name="listEvidence", summary=_("一条工作记录的依据"), function=BUSINESS, answers=Page[Evidence],
    found=_of_record, show=evidence,
)  # fmt: skip
EVIDENCE = One(
    name="getEvidence", summary=_("一份依据"), function=BUSINESS, answers=Evidence, found=_visible,
    show=plainly(evidence),
)  # fmt: skip
EVIDENCE_FILE = Download(
    name="getEvidenceFile", summary=_("下载附件"), function=BUSINESS, content=_content,
    media_types=tuple(SUFFIXES),
)  # fmt: skip

"""Records of work, with the numbers of the documents that show them."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from guantong.organisation.models import Unit
from guantong.records.models import Evidence, Record
from guantong.records.queries import records_visible_to
from guantong.search.sources.kind import Kind, Rows, Said, Seen, day, joined


def _with_words(rows: Rows) -> Rows:
    return rows.select_related("unit").prefetch_related("evidence")


def _said(record: Record) -> Said:
    numbers = [each.reference for each in record.evidence.all()]
    return Said(record.summary, joined(record.place, *numbers, record.unit.name))


def _seen_by(record: Record) -> Seen:
    return Seen(
        frozenset([record.unit.path]), frozenset(each.office_id for each in record.participations.all())
    )


RECORDS = Kind(
    number=4,
    name="records",
    label=_("工作记录"),
    icon="pencil-square",
    policy="business.read",
    visible=records_visible_to,
    rows=lambda: _with_words(Record.objects.prefetch_related("participations")),
    with_words=_with_words,
    said=_said,
    seen_by=_seen_by,
    address=lambda record: reverse("record", args=[record.pk]),
    remarks=lambda record: [record.get_kind_display(), str(record.unit), day(record.happened_on)],
    reads={Record: "summary place", Evidence: "reference", Unit: "name"},
    follows={"records.record": "pk", "records.evidence": "evidence"},
)

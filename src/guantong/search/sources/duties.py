"""Duties, each as it stands in the list of a unit."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import pgettext_lazy

from guantong.accounts.acting import Acting
from guantong.accounts.models import Office
from guantong.duties.models import DutyItem
from guantong.duties.queries import duty_lists_visible_to
from guantong.organisation.models import Unit
from guantong.search.sources.kind import Kind, Rows, Said, Seen, joined


def _visible(acting: Acting) -> Rows:
    return DutyItem.objects.filter(withdrawn=False, duty_list__in=duty_lists_visible_to(acting).values("pk"))


def _rows() -> Rows:
    return _with_words(DutyItem.objects.filter(withdrawn=False))


def _with_words(rows: Rows) -> Rows:
    return rows.select_related("duty_list__unit", "duty_list__cycle", "office__unit", "about")


def _said(item: DutyItem) -> Said:
    unit = item.duty_list.unit
    return Said(
        joined(item.text_zh, item.text_en),
        joined(unit.name, item.office.title, item.about and item.about.name),
    )


def _remarks(item: DutyItem) -> list[str]:
    return [str(item.duty_list.unit), str(item.office), str(item.duty_list.cycle.year)]


DUTIES = Kind(
    number=2,
    name="duties",
    label=pgettext_lazy("search", "职责"),
    icon="document-text",
    policy="business.read",
    visible=_visible,
    rows=_rows,
    with_words=_with_words,
    said=_said,
    seen_by=lambda item: Seen(frozenset([item.duty_list.unit.path])),
    address=lambda item: reverse("duty-list", args=[item.duty_list_id]),
    remarks=_remarks,
    reads={DutyItem: "text_zh text_en", Unit: "name", Office: "title"},
    follows={"duties.dutylist": "duty_list", "duties.dutyitem": "pk", "duties.objection": "objections"},
)

"""Units, from the top of the tree down."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import pgettext_lazy

from guantong.accounts.queries import units_visible_to
from guantong.organisation.models import Unit
from guantong.search.sources.kind import Kind, Said, Seen, joined


def _said(unit: Unit) -> Said:
    return Said(joined(unit.name, unit.name_en), unit.code)


UNITS = Kind(
    number=1,
    name="units",
    label=pgettext_lazy("search", "单位"),
    icon="building-office-2",
    policy="business.read",
    visible=units_visible_to,
    rows=lambda: Unit.objects.select_related("parent"),
    with_words=lambda rows: rows.select_related("parent"),
    said=_said,
    seen_by=lambda unit: Seen(frozenset([unit.path])),
    address=lambda unit: reverse("found-unit", args=[unit.pk]),
    remarks=lambda unit: [str(unit.parent or ""), unit.code],
    reads={Unit: "name name_en code"},
    follows={"organisation.unit": "pk"},
    newest_first=False,
)

"""Reading records, always within the scope of the office acted for."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from guantong.accounts.acting import Acting, Actor
from guantong.records.models import Record


def records_visible_to(acting: Actor) -> QuerySet[Record]:
    """Records entered in the visible subtree, and those in which the acting office took part."""
    records = Record.objects.select_related("unit", "entered_by")
    if not isinstance(acting, Acting):
        return records
    if not acting.scope_path or acting.office is None:
        return records.none()
    inside = Q(unit__path__gte=acting.scope_path, unit__path__lt=acting.scope_path + "~")
    took_part = Q(pk__in=acting.office.participations.values("record"))
    return records.filter(inside | took_part)

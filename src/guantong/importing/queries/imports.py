"""Which imports an office sees: its own unit's, of the kinds it may bring in."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from guantong.accounts.acting import Acting, Actor
from guantong.importing.kinds import kinds_for
from guantong.importing.models import Import


def imports_visible_to(acting: Actor) -> QuerySet[Import]:
    """The unit's own, of kinds the office may bring in; those without a kind yet for whoever sent them."""
    found = Import.objects.select_related("unit", "office", "cycle__unit", "subject")
    if not isinstance(acting, Acting):
        return found
    if acting.office is None:
        return found.none()
    kinds = [each.id for each in kinds_for(acting)]
    return found.filter(Q(kind__in=kinds) | Q(kind="", office=acting.office), unit=acting.office.unit_id)


def n_sheets(imported: Import) -> int:
    return imported.pages.filter(number=0).count()

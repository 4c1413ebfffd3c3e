"""Which unit asks for what a matter makes a unit owe, for the burden meter."""

from __future__ import annotations

from django.db.models import OuterRef, Subquery
from django.db.models.functions import Coalesce

from guantong.supervision.models import MatterPart


def unit_that_asks() -> Subquery:
    """Over obligations of matters and their progress reports: whoever split the part, else whoever issued the matter."""
    return Subquery(
        MatterPart.objects.filter(pk=OuterRef("source_ref"))
        .annotate(asks=Coalesce("parent__unit", "matter__issued_by__unit"))
        .values("asks")[:1]
    )

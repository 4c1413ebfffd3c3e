"""What the imported units say about how much a package asks."""

from __future__ import annotations

from decimal import Decimal

from guantong.organisation.models import Unit


def villages_per_township() -> Decimal | None:
    """The average of the imported divisions that have not closed, or None where there are none."""
    divisions = Unit.objects.of_kind("territory").filter(closed_on=None)
    townships, villages = (divisions.at_level(level).count() for level in ("township", "village"))
    return Decimal(villages) / Decimal(townships) if townships and villages else None

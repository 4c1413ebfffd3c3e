"""Offices as rows to tick, and those that were ticked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import QuerySet

from guantong.accounts.models import Office
from guantong.leadership.queries.offices import business_offices


def items_of(offices: Iterable[Office], *, checked: bool) -> list[dict[str, Any]]:
    """For ``check_list``."""
    return [
        {"value": each.pk, "label": str(each), "detail": str(each.unit), "checked": checked}
        for each in offices
    ]


def chosen_offices(values: Sequence[str], among: QuerySet[Office]) -> list[Office]:
    """The ticked offices that there are among these; whatever else was sent is ignored."""
    keys = [int(each) for each in values if each.isdigit()]
    return list(business_offices(among).filter(pk__in=keys).order_by("unit__path", "pk"))

"""Saved views that somebody may open."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from guantong.accounts.acting import Acting
from guantong.search.models import SavedView, Shared


def own_views(acting: Acting) -> QuerySet[SavedView]:
    """The views that the person saved."""
    views = SavedView.objects.filter(dropped_at=None).select_related("unit").order_by("name", "pk")
    return views.filter(person=acting.person) if acting.person else views.none()


def views_of_unit(acting: Acting) -> QuerySet[SavedView]:
    """The views that others of the unit acted for share with it."""
    views = SavedView.objects.filter(dropped_at=None).select_related("unit").order_by("name", "pk")
    if acting.person is None or acting.office is None:
        return views.none()
    return views.filter(shared=Shared.UNIT, unit=acting.office.unit_id).exclude(person=acting.person)


def views_visible_to(acting: Acting) -> QuerySet[SavedView]:
    """One's own, and those of the unit."""
    if acting.person is None or acting.office is None:
        return SavedView.objects.none()
    of_unit = Q(shared=Shared.UNIT, unit=acting.office.unit_id)
    return SavedView.objects.filter(Q(person=acting.person) | of_unit, dropped_at=None)


def view_by_link(code: str) -> SavedView | None:
    """The view that was shared by this link."""
    return SavedView.objects.filter(code=code, shared=Shared.LINK, dropped_at=None).first()

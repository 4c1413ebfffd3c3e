"""Matters under supervision, with their numbers and the numbers of the documents they rest on."""

from __future__ import annotations

from django.db.models import Prefetch
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from guantong.search.sources.kind import Kind, Rows, Said, Seen, day, joined
from guantong.supervision.models import Matter, MatterPart, Subscription
from guantong.supervision.queries.matters import matters_visible_to, number_text


def _with_words(rows: Rows) -> Rows:
    return rows.select_related("cycle__stored", "cycle__unit", "issued_by__unit")


def _rows() -> Rows:
    following = Subscription.objects.filter(ended_at=None)
    parts = MatterPart.objects.select_related("unit")
    return _with_words(
        Matter.objects.prefetch_related(
            Prefetch("parts", queryset=parts), Prefetch("subscriptions", queryset=following)
        )
    )


def _said(matter: Matter) -> Said:
    return Said(joined(matter.title, number_text(matter)), joined(matter.detail, matter.basis))


def _seen_by(matter: Matter) -> Seen:
    units = [each.unit.path for each in matter.parts.all()]
    return Seen(
        frozenset([*units, matter.cycle.unit.path]),
        frozenset(each.office_id for each in matter.subscriptions.all()),
    )


MATTERS = Kind(
    number=5,
    name="matters",
    label=_("督办事项"),
    icon="megaphone",
    policy="business.read",
    visible=matters_visible_to,
    rows=_rows,
    with_words=_with_words,
    said=_said,
    seen_by=_seen_by,
    address=lambda matter: reverse("matter", args=[matter.pk]),
    remarks=lambda matter: [number_text(matter), matter.get_stage_display(), day(matter.due_on)],
    reads={Matter: "title number detail basis"},
    follows={
        "supervision.matter": "pk",
        "supervision.matterpart": "parts",
        "supervision.subscription": "subscriptions",
    },
)

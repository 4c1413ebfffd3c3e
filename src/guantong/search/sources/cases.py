"""Cases, by their public number and the neutral name that the office gave them; never by what somebody said."""

from __future__ import annotations

from django.db.models import Prefetch
from django.urls import reverse
from django.utils.translation import pgettext_lazy

from guantong.cases.models import Case, Handling
from guantong.cases.queries import cases_visible_to
from guantong.search.sources.kind import Kind, Rows, Said, Seen, day


def _with_words(rows: Rows) -> Rows:
    return rows.select_related("unit", "cycle__unit")


def _seen_by(case: Case) -> Seen:
    units = [each.unit.path for each in case.handlings.all() if each.released_on is None]
    hosts = [case.host_id] if case.host_id else []
    return Seen(frozenset([case.unit.path, case.cycle.unit.path, *units]), frozenset(hosts))


CASES = Kind(
    number=6,
    name="cases",
    label=pgettext_lazy("navigation", "诉求"),
    icon="chat-bubble-left-right",
    policy="cases.handle",
    visible=cases_visible_to,
    rows=lambda: _with_words(
        Case.objects.prefetch_related(
            Prefetch("handlings", queryset=Handling.objects.select_related("unit"))
        ).defer("name", "contact", "wording")
    ),
    with_words=_with_words,
    said=lambda case: Said(f"{case.title}\n{case.reference}", str(case.get_kind_display())),
    seen_by=_seen_by,
    address=lambda case: reverse("case", args=[case.pk]),
    remarks=lambda case: [case.reference, case.get_stage_display(), day(case.received_on)],
    reads={Case: "title number kind received_on"},
    follows={"cases.case": "pk", "cases.handling": "handlings"},
)

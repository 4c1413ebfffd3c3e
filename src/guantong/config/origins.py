"""Tells obligations, which know no room above, which page each of them belongs to."""

from __future__ import annotations

from django.urls import reverse

from guantong.obligations.choices import Source
from guantong.obligations.models import Obligation
from guantong.obligations.origins import Page, register
from guantong.supervision.models import MatterPart
from guantong.tasks.models import Assignment


def _matter(obligation: Obligation) -> str:
    return reverse(
        "matter", args=[MatterPart.objects.values_list("matter", flat=True).get(pk=obligation.source_ref)]
    )


def _task(obligation: Obligation) -> str:
    return reverse(
        "task", args=[Assignment.objects.values_list("task", flat=True).get(pk=obligation.source_ref)]
    )


def _page(name: str) -> Page:
    return lambda obligation: reverse(name, args=[obligation.source_ref])


def tell() -> None:
    for source, page in ((Source.MATTER, _matter), (Source.REPORT, _matter), (Source.TASK, _task)):
        register(source, page)
    register(Source.CASE, _page("case"))
    register(Source.PAIRING, _page("pairing"))
    register(Source.PUBLICITY, _page("publicity-item"))
    register(Source.REQUEST, lambda obligation: reverse("request-answer", args=[obligation.pk]))
    register(Source.GAP, lambda obligation: reverse("gaps"))

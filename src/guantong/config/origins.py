"""Tells obligations, which know no room above, which page each of them belongs to."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from guantong.duties.cadences import in_words
from guantong.obligations.choices import Source
from guantong.obligations.models import Obligation
from guantong.obligations.origins import Page, register
from guantong.supervision.models import MatterPart
from guantong.tasks.models import Assignment, Task


def _matter(obligation: Obligation) -> str:
    return reverse(
        "matter", args=[MatterPart.objects.values_list("matter", flat=True).get(pk=obligation.source_ref)]
    )


def _task(obligation: Obligation) -> str:
    return reverse(
        "task", args=[Assignment.objects.values_list("task", flat=True).get(pk=obligation.source_ref)]
    )


def _as_often_as_the_duty_asks(obligation: Obligation) -> str:
    duty = next((each for each in obligation.cycle.package.duties if each.id == obligation.rule), None)
    return in_words(duty.cadence) if duty else ""


def _as_the_list_says(obligation: Obligation) -> str:
    written = (
        Task.objects.filter(assignments=obligation.source_ref).values_list("due_text", flat=True).first()
    )
    return _("任务清单写明：%(text)s") % {"text": written} if written else ""


def _page(name: str) -> Page:
    return lambda obligation: reverse(name, args=[obligation.source_ref])


def tell() -> None:
    for source, page in ((Source.MATTER, _matter), (Source.REPORT, _matter), (Source.TASK, _task)):
        register(source, page)
    register(Source.DUTY, due_by=_as_often_as_the_duty_asks)
    register(Source.TASK, due_by=_as_the_list_says)
    register(Source.CASE, _page("case"))
    register(Source.PAIRING, _page("pairing"))
    register(Source.PUBLICITY, _page("publicity-item"))
    register(Source.REQUEST, lambda obligation: reverse("request-answer", args=[obligation.pk]))
    register(Source.GAP, lambda obligation: reverse("gaps"))

"""Circulars that were drafted and not issued."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse

from guantong.mechanisms.models import Cycle
from guantong.notices.choices import NoticeKind
from guantong.notices.operations import Asked
from guantong.notices.said import say
from guantong.supervision.addressing import Directory
from guantong.supervision.models import Circular

CIRCULAR = "supervision.circular"
TO_ISSUE = say("草稿已拟好，请核对后印发；数据旧了的，先重新统计。")
ISSUE_MINUTES = 10


def asked_to_issue(cycle: Cycle, directory: Directory) -> Iterator[Asked]:
    """The office that drafted it."""
    drafts = Circular.objects.filter(cycle=cycle, number__isnull=True).select_related("unit")
    for circular in drafts.defer("paragraphs").order_by("pk"):
        office = circular.drafted_by_id or directory.runner(circular.unit.path)
        if office is not None:
            url = reverse("circular", args=[circular.pk])
            yield Asked(
                office, NoticeKind.ISSUE, CIRCULAR, circular.pk, circular.title, TO_ISSUE, ISSUE_MINUTES, url
            )

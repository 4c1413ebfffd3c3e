"""Seeds to register once they exist, and drawn items to look at."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from django.db.models import Count, Q
from django.urls import reverse

from guantong.mechanisms.models import Cycle
from guantong.notices.choices import NoticeKind
from guantong.notices.operations import Asked
from guantong.notices.said import say, say_counted
from guantong.supervision.addressing import Directory
from guantong.supervision.models import Sample
from guantong.supervision.rules.samples import seed_day

SAMPLE = "supervision.sample"
TO_SEED = say("约定的种子已经产生，请照公布的原样登记，随即抽取。")
SEED_MINUTES, CHECK_MINUTES, MOST_MINUTES = 5, 10, 240


def asked_about_samples(cycle: Cycle, directory: Directory, *, on: dt.date) -> Iterator[Asked]:
    """The office that froze the list: to register the seed from its day on, then to have the drawn items checked."""
    samples = Sample.objects.filter(cycle=cycle, finished_at__isnull=True).defer("list_csv")
    left = Count("items", filter=Q(items__check_made__isnull=True))
    for sample in samples.annotate(left=left).order_by("pk"):
        office = sample.frozen_by_id or directory.runner(cycle.unit.path)
        url = reverse("sample", args=[sample.pk])
        if office is None:
            continue
        if not sample.seed:
            if on >= seed_day(sample):
                yield Asked(
                    office, NoticeKind.SEED, SAMPLE, sample.pk, sample.name, TO_SEED, SEED_MINUTES, url, seed_day(sample)
                )  # fmt: skip
        elif sample.left:
            missing = say_counted(
                "还有 %(n)s 项待核查。申报、审核过的人和本单位的人回避。",
                "还有 %(n)s 项待核查。申报、审核过的人和本单位的人回避。",
                sample.left,
            )
            minutes = min(MOST_MINUTES, sample.left * CHECK_MINUTES)
            yield Asked(office, NoticeKind.CHECK, SAMPLE, sample.pk, sample.name, missing, minutes, url)

"""Counts kept beside the live rows, so that a board need not read a year to draw a line; and duty reports."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from guantong.accounts.models import Office
from guantong.kernel.privacy import Privacy
from guantong.mechanisms.models import Cycle
from guantong.organisation.models import Unit
from guantong.records.models import Record


class TallyKind(models.TextChoices):
    MONTH = "month", "month"
    COVERAGE = "coverage", "coverage"
    LIGHT = "light", "light"


class Tally(models.Model):
    """Within a unit's subtree and a pillar: how many were due and how many of them are done.

    ``label`` is the month (1-12) the obligations fell due in, the id of a coverage rule, or
    ``light:state`` (then ``due`` is how many there are).
    Recounted in the background after changes; a test compares them with a full count.
    """

    cycle = models.ForeignKey(Cycle, on_delete=models.CASCADE, related_name="tallies")
    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="+")
    pillar = models.CharField(max_length=60)
    kind = models.CharField(max_length=10, choices=TallyKind.choices)
    label = models.CharField(max_length=20)
    due = models.PositiveIntegerField()
    done = models.PositiveIntegerField()

    privacy = Privacy(business="cycle unit pillar kind label due done", technical="id")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["cycle", "unit", "pillar", "kind", "label"], name="tally_once_per_label"
            )
        ]


class Recount(models.Model):
    """Up to which log row a cycle's tallies have been counted, and when."""

    cycle = models.OneToOneField(Cycle, on_delete=models.CASCADE, related_name="recount")
    through = models.BigIntegerField()
    counted_at = models.DateTimeField()
    counted_on = models.DateField()
    privacy = Privacy(business="cycle through counted_at counted_on", technical="id")


class DutyReport(models.Model):
    """An office's year-end duty report (述职): drafted from the records, mended by its holder, then submitted.

    ``record`` is the record of its submission; while there is one, the text stands as it is.
    """

    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="duty_reports")
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="duty_reports")
    as_of = models.DateField()
    drafted_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True)
    record = models.OneToOneField(Record, on_delete=models.PROTECT, null=True, related_name="duty_report")

    privacy = Privacy(business="cycle office as_of drafted_at submitted_at record", technical="id")
    unlogged = frozenset[str]()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["cycle", "office"], name="one_duty_report_a_year"),
            models.CheckConstraint(
                condition=Q(submitted_at__isnull=True) | Q(record__isnull=False),
                name="submitted_report_has_its_record",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.office.title} {self.cycle.year}"


class Sentence(models.Model):
    """One sentence of a duty report, with what it was written from.

    ``key`` names the rule that drafted it; ``drafted`` is what that rule wrote last, ``text`` what stands. A sentence
    of the holder's own has no ``drafted`` and no source. ``sources`` lists row numbers by kind of row.
    """

    report = models.ForeignKey(DutyReport, on_delete=models.CASCADE, related_name="sentences")
    section = models.CharField(max_length=20)
    order = models.PositiveSmallIntegerField()
    key = models.CharField(max_length=60)
    text = models.TextField(max_length=1000)
    drafted = models.TextField(max_length=1000, blank=True)
    edited = models.BooleanField(default=False)
    sources = models.JSONField(default=dict)

    privacy = Privacy(business="report section order key text drafted edited sources", technical="id")
    unlogged = frozenset[str]()

    class Meta:
        ordering = ["order", "id"]
        constraints = [models.UniqueConstraint(fields=["report", "key"], name="sentence_once_per_report")]

    def __str__(self) -> str:
        return self.text

    @property
    def is_overtaken(self) -> bool:
        """Written by hand, while the records now say something else."""
        return self.edited and bool(self.drafted) and self.drafted != self.text

    @property
    def n_sources(self) -> int:
        return sum(len(refs) for refs in self.sources.values())

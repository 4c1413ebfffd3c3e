"""Scoring runs, what they gave, and from which rows; the human marks and confirmed facts they read."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from guantong.accounts.models import Approval, Office, Person
from guantong.kernel.bilingual import Text
from guantong.kernel.privacy import Privacy
from guantong.mechanisms.models import Cycle
from guantong.organisation.models import Unit


class Run(models.Model):
    """One computation of every scorecard of a cycle, as of a day. Never changed afterwards.

    ``rules_digest`` is the package's, ``data_digest`` that of the rows read (:class:`RunData`), ``result_digest``
    the SHA-256 of the canonical result. The same rules, data and program give the same result.
    """

    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="runs")
    as_of = models.DateField()
    computed_at = models.DateTimeField()
    program = models.CharField(max_length=40)
    rules_digest = models.CharField(max_length=64)
    data_digest = models.CharField(max_length=64, blank=True, default="")
    result_digest = models.CharField(max_length=64)

    privacy = Privacy(
        business="cycle as_of computed_at", technical="id program rules_digest data_digest result_digest"
    )
    unlogged = frozenset[str]()

    class Meta:
        indexes = [models.Index(fields=["cycle", "-computed_at"])]

    def __str__(self) -> str:
        return f"{self.cycle} {self.as_of}"


class RunData(models.Model):
    """Everything a run read, as it stood: canonical JSON, compressed with zlib. `export-run` hands it out."""

    run = models.OneToOneField(Run, on_delete=models.CASCADE, related_name="data")
    content = models.BinaryField()

    privacy = Privacy(business="run content", technical="id")


class Publication(models.Model):
    """A run made public after two persons agreed. What a district reads of ranks and others comes from here only.

    ``corrects`` is the publication it takes the place of, and ``reason`` why: a published result is never changed.
    """

    run = models.OneToOneField(Run, on_delete=models.PROTECT, related_name="publication")
    approval = models.OneToOneField(Approval, on_delete=models.PROTECT, related_name="+")
    published_at = models.DateTimeField()
    digest = models.CharField(max_length=64)
    corrects = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="corrected_by")
    reason = models.CharField(max_length=500, blank=True)

    privacy = Privacy(business="run approval published_at corrects reason", technical="id digest")
    unlogged = frozenset[str]()

    def __str__(self) -> str:
        return f"{self.run} {self.published_at:%Y-%m-%d}"


class Score(models.Model):
    """One scorecard of one unit or office. ``total`` is empty where nothing could be measured: not 0.

    ``group`` holds those that may be compared; ``low`` and ``high`` bound the total where its ratios are taken as
    samples, and ``band`` (1 is best) joins neighbours whose intervals overlap. ``rank`` and ``band`` are empty in a
    group of fewer than the card's ``min_n``.
    """

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="scores")
    scorecard = models.CharField(max_length=60)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="scores")
    office = models.ForeignKey(Office, on_delete=models.PROTECT, null=True, related_name="scores")
    total = models.DecimalField(max_digits=9, decimal_places=2, null=True)
    grade = models.CharField(max_length=40, blank=True)
    rank = models.PositiveIntegerField(null=True)
    group = models.CharField(max_length=60, blank=True, default="")
    low = models.DecimalField(max_digits=9, decimal_places=2, null=True)
    high = models.DecimalField(max_digits=9, decimal_places=2, null=True)
    band = models.PositiveIntegerField(null=True)
    steps = models.JSONField(default=list)

    privacy = Privacy(
        business="run scorecard unit office total grade rank group low high band steps", technical="id"
    )
    unlogged = frozenset[str]()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["run", "scorecard", "unit", "office"], name="score_once_per_run", nulls_distinct=False
            )
        ]

    def __str__(self) -> str:
        return f"{self.office or self.unit} {self.total}"


class LineStatus(models.TextChoices):
    MEASURED = "measured", _("已计分")
    NO_DATA = "no_data", _("暂无数据")
    NOT_APPLICABLE = "not_applicable", _("不适用")
    EXCUSED = "excused", _("已免除")


class ScoreLine(models.Model):
    """One indicator within a score, with the formula and the numbers in it. The log keeps a score's lines together."""

    score = models.ForeignKey(Score, on_delete=models.CASCADE, related_name="lines")
    position = models.PositiveSmallIntegerField()
    indicator = models.CharField(max_length=60)
    title_zh = models.CharField(max_length=200)
    title_en = models.CharField(max_length=200, blank=True)
    status = models.CharField(max_length=20, choices=LineStatus.choices)
    weight = models.DecimalField(max_digits=9, decimal_places=4, null=True)
    numerator = models.DecimalField(max_digits=14, decimal_places=4, null=True)
    denominator = models.DecimalField(max_digits=14, decimal_places=4, null=True)
    points = models.DecimalField(max_digits=14, decimal_places=6, null=True)
    formula = models.CharField(max_length=500, blank=True)

    privacy = Privacy(
        business="score position indicator title_zh title_en status weight numerator denominator points formula",
        technical="id",
    )
    logged_with = "score"

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["score", "indicator"], name="indicator_once_per_score")
        ]

    @property
    def title(self) -> Text:
        return Text(self.title_zh, self.title_en)


class Provenance(models.Model):
    """A row that a line's number was made from. ``counted`` says it is in the numerator."""

    line = models.ForeignKey(ScoreLine, on_delete=models.CASCADE, related_name="provenance")
    source = models.CharField(max_length=20)
    object_ref = models.BigIntegerField()
    counted = models.BooleanField()

    privacy = Privacy(business="line source object_ref counted", technical="id")

    class Meta:
        indexes = [models.Index(fields=["source", "object_ref"]), models.Index(fields=["line", "counted"])]


class Mark(models.Model):
    """A mark given by a person for an indicator that only a person can judge, with the reason.

    ``office`` is the scored office of the unit, empty where the unit itself is scored; ``part`` the part of the
    indicator it speaks of, if it has parts. Where a panel marks, each member gives one.
    """

    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="marks")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="marks")
    office = models.ForeignKey(Office, on_delete=models.PROTECT, null=True, related_name="+")
    indicator = models.CharField(max_length=60)
    part = models.CharField(max_length=60, blank=True, default="")
    value = models.DecimalField(max_digits=7, decimal_places=2)
    scale = models.DecimalField(max_digits=7, decimal_places=2)
    reason = models.CharField(max_length=500)
    marked_by = models.ForeignKey(Office, on_delete=models.PROTECT, null=True, related_name="+")
    marker = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    marked_at = models.DateTimeField()
    replaced = models.BooleanField(default=False)

    privacy = Privacy(
        business="cycle unit office indicator part value scale reason marked_by marked_at replaced",
        pseudonym="marker",
        technical="id",
    )
    unlogged = frozenset[str]()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["cycle", "unit", "office", "indicator", "part", "marker"],
                condition=Q(replaced=False),
                name="one_mark_in_force",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=Q(value__gte=0, value__lte=models.F("scale")), name="mark_within_scale"
            ),
        ]


class Side(models.TextChoices):
    RECOGNITION = "recognitions", _("加分事项")
    FINDING = "findings", _("扣分事项")


class ConfirmedFact(models.Model):
    """Something outside the flow of obligations that an assessor confirmed, with its basis.

    It counts for the unit, or where ``office`` is named for that scored office alone.
    """

    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="facts")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="facts")
    office = models.ForeignKey(Office, on_delete=models.PROTECT, null=True, related_name="+")
    side = models.CharField(max_length=20, choices=Side.choices)
    kind = models.CharField(max_length=60)
    basis = models.CharField(max_length=300)
    text = models.CharField(max_length=500)
    confirmed_by = models.ForeignKey(Office, on_delete=models.PROTECT, null=True, related_name="+")
    confirmed_at = models.DateTimeField()

    privacy = Privacy(
        business="cycle unit office side kind basis text confirmed_by confirmed_at", technical="id"
    )
    unlogged = frozenset[str]()

    class Meta:
        indexes = [models.Index(fields=["cycle", "side", "kind"])]

    def __str__(self) -> str:
        return self.text

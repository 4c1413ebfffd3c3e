"""An import from the file to its undoing. What the file says is sealed with a key of its own and goes after a while."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from guantong.accounts.models import Office, Person
from guantong.importing.choices import Job, Stage
from guantong.kernel.privacy import Privacy
from guantong.mechanisms.models import Cycle
from guantong.organisation.models import Unit
from guantong.privacy.fields import SealedText
from guantong.privacy.models import Subject


class Import(models.Model):
    """One file brought in by an office. ``digest`` is the SHA-256 of the file, ``subject`` whose key seals its content.

    ``mapping`` says which column (by its place) each field comes from; ``source`` is the fingerprint of the head.
    ``notes`` are codes of what was left aside; ``job`` and ``why`` are how the worker gets on.
    """

    kind = models.CharField(max_length=20, blank=True)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    office = models.ForeignKey(Office, on_delete=models.PROTECT, null=True, related_name="+")
    importer = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, null=True, related_name="+")
    subject = models.OneToOneField(Subject, on_delete=models.PROTECT, related_name="+")
    file_name = models.CharField(max_length=200)
    digest = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    received_at = models.DateTimeField()
    stage = models.CharField(max_length=12, choices=Stage.choices, default=Stage.RECEIVED)
    sheet = models.PositiveSmallIntegerField(default=0)
    head_row = models.PositiveIntegerField(default=0)
    source = models.CharField(max_length=64, blank=True)
    mapping = models.JSONField(default=dict)
    notes = models.JSONField(default=list)
    n_rows = models.PositiveIntegerField(default=0)
    n_good = models.PositiveIntegerField(default=0)
    n_same = models.PositiveIntegerField(default=0)
    n_warnings = models.PositiveIntegerField(default=0)
    n_errors = models.PositiveIntegerField(default=0)
    only_valid = models.BooleanField(default=False)
    n_applied = models.PositiveIntegerField(default=0)
    applied_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)
    job = models.CharField(max_length=10, choices=Job.choices, blank=True)
    why = models.JSONField(default=list)

    privacy = Privacy(
        business="kind unit office cycle file_name received_at stage sheet head_row mapping notes n_rows n_good n_same n_warnings n_errors only_valid n_applied applied_at undone_at",
        pseudonym="importer subject",
        technical="id digest size source job why",
    )
    unlogged = frozenset(
        {"stage", "job", "why", "notes", "mapping", "sheet", "head_row", "source", "kind", "cycle",
         "n_rows", "n_good", "n_same", "n_warnings", "n_errors"}
    )  # fmt: skip

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(stage=Stage.APPLIED) | Q(applied_at__isnull=False),
                name="applied_import_says_when",
            ),
            models.CheckConstraint(
                condition=~Q(stage=Stage.UNDONE) | Q(undone_at__isnull=False), name="undone_import_says_when"
            ),
        ]
        indexes = [models.Index(fields=["unit", "-received_at"])]

    def __str__(self) -> str:
        return self.file_name

    @property
    def is_waiting(self) -> bool:
        return bool(self.job)


class FilePiece(models.Model):
    """A megabyte of the file, in base64."""

    imported = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="pieces")
    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveSmallIntegerField()
    content = SealedText(_("导入的文件"), default="")

    privacy = Privacy(personal="content", pseudonym="subject", technical="id imported number", keep="session")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["imported", "number"], name="file_piece_once")]


class RowPage(models.Model):
    """Up to a thousand rows of one sheet as they were read, and what was said of each.

    ``rows`` is JSON [[row, cells]…], ``verdicts`` JSON {row: [verdict, [[field, sentence]…]]}; rows count from 0.
    Page 0 of a sheet also tells its name, whether it is hidden and its merged ranges in ``about``.
    """

    imported = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="pages")
    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="+")
    sheet = models.PositiveSmallIntegerField()
    number = models.PositiveSmallIntegerField()
    about = SealedText(_("工作表"), default="")
    rows = SealedText(_("导入的行"), default="")
    verdicts = SealedText(_("导入的行的意见"), default="")
    n_said = models.PositiveIntegerField(default=0)

    privacy = Privacy(
        personal="about rows verdicts",
        pseudonym="subject",
        technical="id imported sheet number n_said",
        keep="session",
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["imported", "sheet", "number"], name="row_page_once")]


class Mapping(models.Model):
    """How an office mapped a head of columns that it has brought in before. The latest holds."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20)
    source = models.CharField(max_length=64)
    columns = models.JSONField(default=dict)
    kept_at = models.DateTimeField()

    privacy = Privacy(business="unit kind columns kept_at", technical="id source")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["unit", "kind", "source"], name="mapping_once_per_source")
        ]


class Effect(models.Model):
    """What an applied import made (``created``) or altered (``changed``), a few thousand rows of one model at a time.

    ``rows`` of created: [key, digest], or [first, last] where a whole run was made (``is_range``); of changed:
    [key, digest after, {field: value before}]. Nothing of a person is in it.
    """

    imported = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="effects")
    model = models.CharField(max_length=80)
    is_new = models.BooleanField()
    is_range = models.BooleanField(default=False)
    rows = models.JSONField(default=list)

    privacy = Privacy(business="imported model is_new is_range rows", technical="id")

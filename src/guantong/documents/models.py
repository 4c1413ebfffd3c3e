"""Templates that an office uploaded, which of them is in use, and the documents that were issued with their numbers."""

from __future__ import annotations

from django.db import models

from guantong.accounts.models import Office, Person
from guantong.documents.choices import Copy, Kind
from guantong.kernel.privacy import Privacy
from guantong.mechanisms.models import Cycle
from guantong.organisation.models import Unit
from guantong.records.models import StoredFile


class Template(models.Model):
    """A .docx that an office edited for one kind of document. Never changed: a new upload is a new version."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    version = models.PositiveIntegerField()
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    file_name = models.CharField(max_length=200)
    uploaded_by = models.ForeignKey(Office, on_delete=models.PROTECT, null=True, related_name="+")
    uploader = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    uploaded_at = models.DateTimeField()

    privacy = Privacy(
        business="unit kind version file file_name uploaded_by uploaded_at",
        pseudonym="uploader",
        technical="id",
    )
    unlogged = frozenset[str]()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["unit", "kind", "version"], name="template_version_once")
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.version}"


class TemplateChoice(models.Model):
    """From a moment on a unit uses this template for a kind; without one, the built-in. The latest holds."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    template = models.ForeignKey(Template, on_delete=models.PROTECT, null=True, related_name="choices")
    chosen_by = models.ForeignKey(Office, on_delete=models.PROTECT, null=True, related_name="+")
    chooser = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    chosen_at = models.DateTimeField()

    privacy = Privacy(business="unit kind template chosen_by chosen_at", pseudonym="chooser", technical="id")
    unlogged = frozenset[str]()

    class Meta:
        indexes = [models.Index(fields=["kind", "unit", "-id"])]


class Document(models.Model):
    """A document made of an object: the circular, the matter, the score that it speaks of is ``object_ref``.

    The same words in the same template are one document: ``content_digest`` is over both. ``pdf`` follows from
    ``file`` and is made when somebody wants it.
    """

    kind = models.CharField(max_length=20, choices=Kind.choices)
    object_ref = models.BigIntegerField()
    copy = models.CharField(max_length=10, choices=Copy.choices)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="+")
    title = models.CharField(max_length=300)
    reference = models.CharField(max_length=60, blank=True)
    template = models.ForeignKey(Template, on_delete=models.PROTECT, null=True, related_name="documents")
    content_digest = models.CharField(max_length=64)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    pdf = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, related_name="+")
    pdf_asked_at = models.DateTimeField(null=True)
    pdf_failed = models.BooleanField(default=False)
    issued_by = models.ForeignKey(Office, on_delete=models.PROTECT, null=True, related_name="+")
    issuer = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    issued_at = models.DateTimeField()

    privacy = Privacy(
        business="kind object_ref copy unit cycle title reference template file pdf issued_by issued_at",
        pseudonym="issuer",
        technical="id content_digest pdf_asked_at pdf_failed",
    )
    unlogged = frozenset({"pdf", "pdf_asked_at", "pdf_failed"})

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "object_ref", "copy", "content_digest"], name="same_words_are_one_document"
            )
        ]

    def __str__(self) -> str:
        return self.title


class DocumentNumber(models.Model):
    """A number in a document, its value as it stands there, and the page on which it opens down to its rows."""

    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="numbers")
    position = models.PositiveSmallIntegerField()
    key = models.CharField(max_length=80)
    label = models.CharField(max_length=200)
    value = models.CharField(max_length=400)
    page = models.CharField(max_length=40)
    args = models.JSONField(default=list)

    privacy = Privacy(business="document position key label value page args", technical="id")
    logged_with = "document"

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["document", "position"], name="number_once_per_place")]

"""Converting to PDF in the worker: starting LibreOffice takes seconds."""

from __future__ import annotations

from django_tasks import task

from guantong.documents.models import Document
from guantong.documents.operations.pdfs import make_pdf


@task()
def convert(document: int) -> bool:
    """Make the PDF of a document; harmless to repeat."""
    return make_pdf(document=Document.objects.select_related("file").get(pk=document))

"""The PDF of a document: asked for on the page, made by the worker, kept beside the document."""

from __future__ import annotations

import datetime as dt
import io

from django.db import transaction
from django.utils.translation import gettext as _

from guantong.accounts.acting import Actor
from guantong.audit import operations as audit
from guantong.documents import pdf
from guantong.documents.models import Document
from guantong.kernel.refusals import Refusal
from guantong.records.files import content_of, keep_file

AGAIN_AFTER = dt.timedelta(minutes=5)


@transaction.atomic
def ask_pdf(*, document: Document, actor: Actor, now: dt.datetime) -> bool:
    """Queue the making of the PDF, once. Says whether anything was queued."""
    if not pdf.program():
        raise Refusal(_("这台服务器没有安装 LibreOffice，不能转换 PDF，请用打印页面。"))
    document = Document.objects.select_for_update(of=("self",)).get(pk=document.pk)
    waiting = document.pdf_asked_at is not None and now - document.pdf_asked_at < AGAIN_AFTER
    if document.pdf_id or (waiting and not document.pdf_failed):
        return False
    document.pdf_asked_at, document.pdf_failed = now, False
    document.save(update_fields=["pdf_asked_at", "pdf_failed"])
    audit.record("documents.pdf_asked", target=document, actor=actor, at=now)
    from guantong.documents.tasks import convert

    convert.enqueue(document.pk)  # a row of the same transaction
    return True


def make_pdf(*, document: Document) -> bool:
    """Convert the kept file. A failure is noted on the document, so that its page can say so."""
    if document.pdf_id:
        return True
    try:
        made = keep_file(io.BytesIO(pdf.pdf_of(content_of(document.file))), name="document.pdf")
    except Refusal:
        # asked for twice, one may fail where the other has not: what is made stays
        return not Document.objects.filter(pk=document.pk, pdf=None).update(pdf_failed=True)
    document.pdf, document.pdf_failed = made, False
    document.save(update_fields=["pdf", "pdf_failed"])
    return True

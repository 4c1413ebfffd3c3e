"""One document: its file, its PDF, the page to print, and where each number comes from."""

from __future__ import annotations

import io

from django.contrib import messages
from django.http import FileResponse, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from guantong.accounts.middleware import Request
from guantong.accounts.policies import may
from guantong.documents import operations, pdf, queries
from guantong.documents.changes import changed_numbers
from guantong.documents.kinds import PAPERS
from guantong.documents.models import Document
from guantong.documents.reading import blocks_of
from guantong.documents.views.papers import link_to
from guantong.records.files import content_of
from guantong.records.media import tidy_name
from guantong.records.models import StoredFile


def _visible(request: Request, pk: int) -> Document:
    kind = queries.kind_of_document(pk) or "none"
    return get_object_or_404(queries.documents_visible_to(request.acting, kind=kind), pk=pk)


def attached(stored: StoredFile, name: str) -> HttpResponseBase:
    """The file to be saved, never shown inline."""
    answer = FileResponse(
        io.BytesIO(content_of(stored)),
        as_attachment=True,
        filename=tidy_name(name, stored.media_type),
        content_type=stored.media_type,
    )
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


@may("business.read")
@require_GET
def document(request: Request, pk: int) -> HttpResponse:
    """The downloads, and beside them every number with its source, and with its value now where it has changed."""
    item = _visible(request, pk)
    paper = PAPERS[item.kind]
    of = paper.by_pk(request.acting, item.object_ref)
    changed = changed_numbers(item, paper, of) if of else {}
    context = {
        "item": item,
        "back": reverse("paper", args=[item.kind, item.object_ref]),
        "object_url": reverse(paper.page, args=[item.object_ref]),
        "numbers": [
            (each, link_to(each.page, each.args), changed.get(each.pk)) for each in item.numbers.all()
        ],
        "n_changed": len(changed),
        "has_pdf": item.pdf_id is not None,
        "makes_pdf": bool(pdf.program()),
        "waits": item.pdf_asked_at is not None and not item.pdf_id and not item.pdf_failed,
    }
    return render(request, "documents/document.html", context)


@may("business.read")
@require_GET
def document_file(request: Request, pk: int) -> HttpResponseBase:
    item = _visible(request, pk)
    return attached(item.file, f"{item.title}.docx")


@may("business.read")
@require_http_methods(["GET", "POST"])
def document_pdf(request: Request, pk: int) -> HttpResponseBase:
    """GET: the PDF, or the document's page while there is none. POST: have it made by the worker."""
    item = _visible(request, pk)
    if request.method == "POST":
        if operations.ask_pdf(document=item, actor=request.acting, now=request.now):
            messages.success(request, _("正在转换 PDF，一般不到一分钟，请稍后刷新本页。"))
        return redirect("document", pk=pk)
    if item.pdf is None:
        return redirect("document", pk=pk)
    return attached(item.pdf, f"{item.title}.pdf")


@may("business.read")
@require_GET
def document_print(request: Request, pk: int) -> HttpResponse:
    """The same words as a page that the browser prints."""
    item = _visible(request, pk)
    context = {"item": item, "blocks": blocks_of(content_of(item.file))}
    return render(request, "documents/print.html", context)

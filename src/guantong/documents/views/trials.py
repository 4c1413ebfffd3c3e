"""A template tried before it is put to use: the result on a page, as .docx, or as PDF. Nothing is kept of it."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from guantong.accounts.middleware import Request
from guantong.accounts.policies import may
from guantong.documents import pdf, queries, trials
from guantong.documents.choices import Copy
from guantong.documents.content import Field
from guantong.documents.forms import BUILTIN, TrialForm
from guantong.documents.kinds.paper import Paper
from guantong.documents.models import Template
from guantong.documents.operations.templates import DOCX
from guantong.documents.reading import blocks_of
from guantong.documents.templating import opening
from guantong.documents.views.papers import paper_of
from guantong.kernel.refusals import Refusal
from guantong.records.files import content_of
from guantong.records.media import tidy_name
from guantong.ui.forms import valid

PDF, WORD, PAGE = "pdf", "word", "page"
PDF_SECONDS = 30


def trial_form(request: Request, paper: Paper, *, current: Template | None) -> TrialForm:
    """As it was sent; a fresh one names the template in use."""
    return TrialForm(
        request.POST if "fill" in request.POST else None,
        versions=queries.templates_kept_by(request.acting).filter(kind=str(paper.kind)),
        objects=trials.objects_for(paper, request.acting),
        has_public=paper.against_public is not None,
        initial={"template": str(current.pk) if current else BUILTIN},
    )


@may("documents.templates")
@require_POST
def trial(request: Request, kind: str) -> HttpResponseBase:
    """Fill a template in and show what comes of it, or everything that is wrong with it, in a window of its own."""
    paper = paper_of(kind)
    if queries.scope_of_templates(request.acting) is None:
        raise Http404
    try:
        made, lacks = _tried(request, paper)
        return _answered(request, paper, made, lacks)
    except Refusal as refusal:
        return _shown(request, paper, status=422, reasons=refusal.reasons)


def _tried(request: Request, paper: Paper) -> tuple[bytes, Sequence[Field]]:
    form = trial_form(request, paper, current=None)
    given = valid(form)
    values = _values(request, paper, form, given.get("copy", Copy.INTERNAL))
    return trials.tried(paper, _template(request, str(paper.kind), given["template"]), values)


def _answered(request: Request, paper: Paper, made: bytes, lacks: Sequence[Field]) -> HttpResponseBase:
    wanted, name = request.POST.get("as", PAGE), _("%(kind)s试填") % {"kind": paper.kind.label}
    if wanted == WORD:
        return _sent(made, f"{name}.docx", DOCX)
    if wanted == PDF:
        return _sent(pdf.pdf_at_once(made, seconds=PDF_SECONDS), f"{name}.pdf", "application/pdf")
    return _shown(request, paper, blocks=blocks_of(made), lacks=lacks)


def _values(request: Request, paper: Paper, form: TrialForm, copy: str) -> Any:
    if not form.object_asked:
        return trials.sample_values(paper, form.cleaned_data["fill"], copy)
    item = paper.by_pk(request.acting, form.object_asked)
    if item is None:
        raise Http404
    return trials.object_values(paper, item, copy)


def _template(request: Request, kind: str, chosen: str) -> bytes | None:
    """The file that was picked, else the version that was chosen; None is the built-in one."""
    if upload := request.FILES.get("file"):
        return bytes(upload.read(opening.MOST_BYTES + 1))
    if chosen == BUILTIN:
        return None
    version = queries.templates_kept_by(request.acting).filter(kind=kind, pk=int(chosen)).first()
    if version is None:
        raise Refusal(_("没有这个版本，请重新选择。"))
    return content_of(version.file)


def _sent(content: bytes, name: str, media_type: str) -> HttpResponseBase:
    answer = FileResponse(
        io.BytesIO(content), as_attachment=True, filename=tidy_name(name, media_type), content_type=media_type
    )
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


def _shown(request: Request, paper: Paper, *, status: int = 200, **context: Any) -> HttpResponse:
    back = reverse("document-template", args=[str(paper.kind)])
    return render(request, "documents/trial.html", {"paper": paper, "back": back} | context, status=status)

"""Templates by kind: what is in use, the fields there are, uploading with its check, going back."""

from __future__ import annotations

import io

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from guantong.accounts.middleware import Request
from guantong.accounts.policies import may
from guantong.documents import operations, pdf, queries
from guantong.documents.choices import Kind
from guantong.documents.forms import TemplateForm
from guantong.documents.kinds import PAPERS
from guantong.documents.models import Template
from guantong.documents.operations.templates import DOCX
from guantong.documents.templating.checking import left_out
from guantong.documents.views.documents import attached
from guantong.documents.views.papers import paper_of
from guantong.documents.views.trials import trial_form
from guantong.kernel.refusals import Refusal
from guantong.organisation.models import Unit
from guantong.ui.forms import say_on

EXAMPLES = {
    "field": "{{ 标题 }}",
    "paragraphs": "{%p for row in 列表 %} … {%p endfor %}",
    "rows": "{%tr for row in 列表 %} … {%tr endfor %}",
}


def _unit(request: Request) -> Unit:
    unit = queries.scope_of_templates(request.acting)
    if unit is None:
        raise Http404
    return unit


@may("documents.templates")
@require_GET
def kinds(request: Request) -> HttpResponse:
    """Every kind with the template in use."""
    unit = _unit(request)
    rows = [(Kind(kind), queries.choice_for(kind, unit)) for kind in PAPERS]
    return render(request, "documents/templates.html", {"unit": unit, "rows": rows})


@may("documents.templates")
@require_http_methods(["GET", "POST"])
def of_kind(request: Request, kind: str) -> HttpResponseBase:
    """The versions of a kind and its fields; POST uploads another, with everything that is wrong said at once."""
    paper, unit = paper_of(kind), _unit(request)
    form = TemplateForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["file"]
        try:
            made = operations.upload_template(
                kind=kind,
                unit=unit,
                name=upload.name or "",
                source=upload,
                actor=request.acting,
                now=request.now,
            )
            return _uploaded(request, made)
        except Refusal as refusal:
            say_on(form, refusal)
    choice = queries.choice_for(kind, unit)
    current = choice.template if choice else None
    context = {
        "paper": paper,
        "trial": trial_form(request, paper, current=current),
        "makes_pdf": bool(pdf.program()),
        "unit": unit,
        "form": form,
        "examples": EXAMPLES,
        "choice": choice,
        "current": current,
        "versions": list(queries.templates_kept_by(request.acting).filter(kind=kind)),
    }
    return render(request, "documents/template.html", context, status=422 if form.errors else 200)


def _uploaded(request: Request, made: Template) -> HttpResponseBase:
    lacks = left_out(made, PAPERS[made.kind].fields)
    messages.success(request, _("模板检查通过，已启用第 %(n)s 版。") % {"n": made.version})
    if lacks:
        names = _("、").join(each.label for each in lacks)
        messages.info(request, _("模板没有用到这些字段，确认是否有意不用：%(names)s。") % {"names": names})
    return redirect("document-template", kind=made.kind)


@may("documents.templates")
@require_POST
def choice(request: Request, kind: str) -> HttpResponseBase:
    """Use a version, or the built-in template where none is named."""
    paper_of(kind)
    wanted = request.POST.get("template", "")
    template = None
    if wanted:
        versions = queries.templates_kept_by(request.acting).filter(kind=kind)
        template = get_object_or_404(versions, pk=int(wanted) if wanted.isdecimal() else 0)
    operations.choose_template(
        kind=kind, unit=_unit(request), template=template, actor=request.acting, now=request.now
    )
    messages.success(request, _("已启用，以后制作的公文按它套用；已制作的不变。"))
    return redirect("document-template", kind=kind)


@may("documents.templates")
@require_GET
def builtin_file(request: Request, kind: str) -> HttpResponseBase:
    """The built-in template, to be edited in Word."""
    paper = paper_of(kind)
    return FileResponse(
        io.BytesIO(paper.builtin),
        as_attachment=True,
        filename=_("%(kind)s模板.docx") % {"kind": paper.kind.label},
        content_type=DOCX,
    )


@may("documents.templates")
@require_GET
def version_file(request: Request, pk: int) -> HttpResponseBase:
    found = get_object_or_404(queries.templates_kept_by(request.acting), pk=pk)
    return attached(found.file, found.file_name)

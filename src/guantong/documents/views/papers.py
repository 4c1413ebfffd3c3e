"""The documents of one object: what there can be, what was issued, and the numbers that the paper would carry."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from guantong.accounts.middleware import Request
from guantong.accounts.policies import may
from guantong.documents import operations, queries
from guantong.documents.choices import Copy
from guantong.documents.kinds import PAPERS
from guantong.documents.kinds.paper import Paper
from guantong.documents.operations.issuing import why_not
from guantong.kernel.refusals import Refusal
from guantong.ui.tables import Column, Listing

COLUMNS = [
    Column("issued", gettext_lazy("制作时间")),
    Column("copy", gettext_lazy("用途")),
    Column("template", gettext_lazy("模板")),
    Column("office", gettext_lazy("制作岗位")),
]


def paper_of(kind: str) -> Paper:
    if kind not in PAPERS:
        raise Http404
    return PAPERS[kind]


def _item(request: Request, paper: Paper, pk: int) -> Any:
    found = paper.by_pk(request.acting, pk)
    if found is None:
        raise Http404
    return found


def link_to(page: str, args: Any) -> str:
    """The address of a source; empty where the page is gone."""
    try:
        return reverse(page, args=list(args))
    except NoReverseMatch:
        return ""


@may("business.read")
@require_GET
def paper(request: Request, kind: str, pk: int) -> HttpResponse:
    """Both copies with what stands against them, the documents issued so far, the numbers with their sources."""
    of = paper_of(kind)
    item = _item(request, of, pk)
    copies = [(copy, Copy(copy).label, why_not(of, item, copy)) for copy in _copies(of)]
    issued = queries.documents_visible_to(request.acting, kind=kind).filter(object_ref=pk).order_by("-pk")
    content = None if copies[0][2] else operations.content_for(of, item, Copy.INTERNAL)
    context = {
        "paper": of,
        "pk": pk,
        "back": reverse(of.page, args=[pk]),
        "title": content.title if content else str(item),
        "copies": copies,
        "listing": Listing.of(issued, request.GET, COLUMNS, id="issued"),
        "template": queries.template_for(kind, content.unit) if content else None,
        "numbers": [(each, link_to(each.page, each.args), None) for each in content.numbers]
        if content
        else [],
    }
    return render(request, "documents/paper.html", context)


def _copies(of: Paper) -> list[str]:
    return [Copy.INTERNAL, *([Copy.PUBLIC] if of.against_public else [])]


@may("business.read")
@require_POST
def issue(request: Request, kind: str, pk: int) -> HttpResponseBase:
    """Make the document; what has not changed since is not made again."""
    of = paper_of(kind)
    item = _item(request, of, pk)
    copy = request.POST.get("copy", Copy.INTERNAL)
    if copy not in Copy.values:
        raise Refusal(_("没有这样的一份。"))
    made = operations.issue_document(paper=of, item=item, copy=copy, actor=request.acting, now=request.now)
    if made.issued_at == request.now:
        messages.success(request, _("公文已按模板制作，可以下载。"))
    else:
        messages.info(request, _("内容没有变化，就是上次制作的这一份。"))
    return redirect("document", pk=made.pk)

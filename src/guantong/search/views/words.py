"""Words that mean the same: those that come with the program, those that were added."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from guantong.accounts.middleware import Request
from guantong.accounts.policies import may
from guantong.kernel.refusals import Refusal
from guantong.search import operations
from guantong.search.forms import SynonymForm
from guantong.search.models import Synonym
from guantong.search.synonyms import built_in
from guantong.ui.forms import say_on


@may("search.words")
@require_http_methods(["GET", "POST"])
def synonyms(request: Request) -> HttpResponseBase:
    """The groups in force; POST adds one."""
    form = SynonymForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            operations.add_synonyms(words=form.cleaned_data["words"], actor=request.acting, now=request.now)
        except Refusal as refusal:
            say_on(form, refusal)
        else:
            messages.success(request, _("已增加，马上生效。"))
            return redirect("synonyms")
    added = Synonym.objects.filter(ended_at=None).select_related("added_by__unit").order_by("-pk")
    context = {"form": form, "added": added, "built_in": built_in()}
    return render(request, "search/synonyms.html", context, status=422 if form.errors else 200)


@may("search.words")
@require_POST
def synonym_end(request: Request, pk: int) -> HttpResponseBase:
    synonym = get_object_or_404(Synonym, pk=pk)
    operations.end_synonyms(synonym=synonym, actor=request.acting, now=request.now)
    messages.success(request, _("已停用。"))
    return redirect("synonyms")

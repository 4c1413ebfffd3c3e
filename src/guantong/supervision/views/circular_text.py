"""Mending a circular's draft: its words, and the matters it names."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from guantong.accounts.middleware import Request
from guantong.accounts.policies import may
from guantong.kernel.refusals import Refusal
from guantong.supervision.mending import KEY
from guantong.supervision.operations import circular_texts as operations
from guantong.supervision.queries.matters import matters_visible_to
from guantong.supervision.views import tabs
from guantong.supervision.views.circulars import visible_circular
from guantong.ui.forms import valid


class NamingForm(forms.Form):
    number = forms.IntegerField(label=gettext_lazy("督办编号"), min_value=1)


@may("supervision.run")
@require_http_methods(["GET", "POST"])
def circular_text(request: Request, pk: int) -> HttpResponseBase:
    """Mend the draft, a field for each paragraph, with the figures beside it."""
    item = visible_circular(request, pk)
    if request.method == "POST":
        operations.edit_circular(
            circular=item,
            title=request.POST.get("title", ""),
            texts=request.POST.getlist("text"),
            actor=request.acting,
            now=request.now,
        )
        messages.success(request, _("已保存。"))
        return redirect("circular", pk=pk)
    figures = {each.key: each for each in item.figures.only("key", "label", "value", "circular")}
    rows = [
        {
            "paragraph": each,
            "figures": [figures[key] for key in dict.fromkeys(KEY.findall(each["text"])) if key in figures],
        }
        for each in item.paragraphs
    ]
    context = {"tabs": tabs("circulars", request.acting), "item": item, "rows": rows, "form": NamingForm()}
    return render(request, "supervision/circular_text.html", context)


@may("supervision.run")
@require_POST
def circular_matters(request: Request, pk: int) -> HttpResponseBase:
    """Name a matter in the draft, by its number."""
    item, number = visible_circular(request, pk), valid(NamingForm(request.POST))["number"]
    matter = matters_visible_to(request.acting).filter(cycle=item.cycle_id, number=number).first()
    if matter is None:
        raise Refusal(_("本年度没有编号为 %(n)s 的督办事项。") % {"n": number})
    operations.name_matter(circular=item, matter=matter, actor=request.acting, now=request.now)
    messages.success(request, _("已点名“%(matter)s”，请核对文字。") % {"matter": matter})
    return redirect("circular-text", pk=pk)

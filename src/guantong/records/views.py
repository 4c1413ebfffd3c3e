"""The list of records, and their evidence files."""

from __future__ import annotations

import io

from django import forms
from django.http import FileResponse, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from guantong.accounts.middleware import Request
from guantong.accounts.policies import may
from guantong.records.choices import RecordKind
from guantong.records.files import content_of
from guantong.records.models import Evidence
from guantong.records.queries import records_visible_to
from guantong.ui.tables import Column, Listing

COLUMNS = [
    Column("day", _("日期"), ("happened_on",)),
    Column("kind", _("类型"), ("kind",)),
    Column("summary", _("做了什么")),
    Column("unit", _("单位"), ("unit__path",)),
]


class RecordFilter(forms.Form):
    q = forms.CharField(label=_("内容"), required=False, max_length=100)
    kind = forms.ChoiceField(label=_("类型"), required=False, choices=[("", _("全部")), *RecordKind.choices])


@may("business.read")
@require_GET
def records(request: Request) -> HttpResponse:
    form = RecordFilter(request.GET)
    form.is_valid()
    found = records_visible_to(request.acting)
    if form.cleaned_data.get("kind"):
        found = found.filter(kind=form.cleaned_data["kind"])
    if form.cleaned_data.get("q"):
        found = found.filter(summary__icontains=form.cleaned_data["q"])
    listing = Listing.of(found, request.GET, COLUMNS, id="records", sort="-day")
    return render(request, "records/list.html", {"form": form, "listing": listing})


@may("business.read")
@require_GET
def evidence_file(request: Request, pk: int) -> HttpResponseBase:
    """Download one file, if its record is visible; never shown inline."""
    visible = records_visible_to(request.acting).values("pk")
    evidence = get_object_or_404(
        Evidence.objects.select_related("file").filter(file__isnull=False, record__in=visible), pk=pk
    )
    assert evidence.file is not None
    response = FileResponse(
        io.BytesIO(content_of(evidence.file)),
        as_attachment=True,
        filename=evidence.file_name,
        content_type=evidence.file.media_type,
    )
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["X-Content-Type-Options"] = "nosniff"
    return response

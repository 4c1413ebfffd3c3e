"""Recording once and fulfilling several (X1): the record form sits here because it proposes obligations."""

from __future__ import annotations

import datetime as dt
import secrets
from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from guantong.accounts.middleware import Request
from guantong.accounts.models import Office
from guantong.accounts.policies import may
from guantong.kernel.refusals import Refusal
from guantong.obligations import operations, queries
from guantong.obligations.models import Obligation
from guantong.records.choices import RecordKind, kinds_fitting
from guantong.records.operations import enter_record
from guantong.records.queries import records_visible_to
from guantong.ui.forms import DAY, say_on


class RecordForm(forms.Form):
    kind = forms.ChoiceField(label=gettext_lazy("工作类型"), choices=RecordKind.choices)
    happened_on = forms.DateField(label=gettext_lazy("日期"), widget=DAY)
    summary = forms.CharField(
        label=gettext_lazy("做了什么"),
        help_text=gettext_lazy("一两句话写清做了什么、有什么结果。不要写入个人信息。"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    place = forms.CharField(label=gettext_lazy("地点"), required=False, max_length=200)
    participants = forms.ModelMultipleChoiceField(
        label=gettext_lazy("一同参加的岗位"), queryset=Office.objects.none(), required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    reference = forms.CharField(
        label=gettext_lazy("依据"),
        help_text=gettext_lazy("文号、会议纪要或台账名称，没有可不填。"),
        required=False,
        max_length=300,
    )
    file = forms.FileField(
        label=gettext_lazy("附件"),
        help_text=gettext_lazy("可不传。PDF、图片或办公文档，20 MB 以内。"),
        required=False,
    )
    submission_key = forms.CharField(max_length=64, required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, office: Office, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        colleagues = Office.objects.filter(unit=office.unit_id, closed_on=None).exclude(pk=office.pk)
        self.fields["participants"].queryset = colleagues.order_by("pk")  # type: ignore[attr-defined]
        if not colleagues.exists():
            del self.fields["participants"]


@may("records.write")
@require_http_methods(["GET", "POST"])
def new_record(request: Request) -> HttpResponseBase:
    """Kind, day, what; then tick what it fulfils. Nothing typed is lost when something is wrong."""
    office = request.acting.office
    assert office is not None
    wanted = _wanted(request, office)
    if request.method == "POST":
        form = RecordForm(request.POST, request.FILES, office=office)
        if form.is_valid():
            try:
                return _save(request, form, office)
            except Refusal as refusal:
                say_on(form, refusal)
    else:
        form = RecordForm(office=office, initial=_initial(request, wanted))
    proposed = _proposed(request, office, wanted)
    ticked = set(request.POST.getlist("obligations")) or {str(each.pk) for each in wanted}
    context = {"form": form, "items": _items(proposed, ticked), "wanted": wanted}
    return render(request, "obligations/new_record.html", context, status=422 if form.errors else 200)


def _wanted(request: Request, office: Office) -> list[Obligation]:
    """The obligation the person came from, if the unit owes it."""
    asked = request.GET.get("for", "")
    if not asked.isdigit():
        return []
    return list(
        Obligation.objects.filter(pk=int(asked), unit=office.unit_id).select_related("office", "unit")
    )


def _initial(request: Request, wanted: list[Obligation]) -> dict[str, Any]:
    kind = request.GET.get("kind", "")
    if wanted:
        fitting = kinds_fitting(wanted[0].evidence)
        kind = next((each for each in _likely(wanted[0]) if each in fitting), next(iter(sorted(fitting)), ""))
    return {"kind": kind, "happened_on": request.today, "submission_key": secrets.token_urlsafe(16)}


def _likely(obligation: Obligation) -> list[str]:
    """The kinds to offer first for an obligation, by what its evidence and words suggest."""
    by_evidence = {
        "contact_note": RecordKind.VISIT,
        "reception_session": RecordKind.RECEPTION,
        "progress_line": RecordKind.PROGRESS,
        "duty_report": RecordKind.DUTY_REPORT,
        "patrol_record": RecordKind.PATROL,
        "document_ref": RecordKind.DOCUMENT,
    }
    likely = [by_evidence[each] for each in obligation.evidence if each in by_evidence]
    words = {"学习": RecordKind.STUDY, "宣讲": RecordKind.STUDY, "汇报": RecordKind.HEARING, "会议": RecordKind.MEETING,
             "走": RecordKind.VISIT, "活动": RecordKind.ACTIVITY}  # fmt: skip
    spoken = [kind for word, kind in words.items() if word in obligation.title]
    return [*spoken, *likely, RecordKind.PROGRESS] if obligation.source == "duty" else [RecordKind.PROGRESS]


def _proposed(request: Request, office: Office, wanted: list[Obligation]) -> list[Obligation]:
    kind = request.POST.get("kind") or request.GET.get("kind") or _initial(request, wanted)["kind"]
    day = _day(request.POST.get("happened_on") or request.GET.get("happened_on"), request.today)
    proposed = (
        queries.obligations_a_record_may_fulfil(kind=kind, happened_on=day, office=office)
        if kind in RecordKind.values
        else []
    )
    known = {each.pk for each in proposed}
    return [each for each in wanted if each.pk not in known and each.is_claimable] + proposed


def _day(text: str | None, fallback: dt.date) -> dt.date:
    try:
        return dt.date.fromisoformat(text or "")
    except ValueError:
        return fallback


def _items(proposed: list[Obligation], ticked: set[str]) -> list[dict[str, Any]]:
    return [
        {
            "value": each.pk,
            "label": str(each),
            "detail": _("%(due)s 到期 · %(office)s") % {"due": each.due_on or "—", "office": each.office},
            "checked": str(each.pk) in ticked,
            "light": each.light,
        }
        for each in proposed
    ]


@may("records.write")
@require_GET
def fitting(request: Request) -> HttpResponse:
    """The fragment of proposals, asked again when kind or day changes."""
    office = request.acting.office
    assert office is not None
    wanted = _wanted(request, office)
    ticked = set(request.GET.getlist("obligations")) or {str(each.pk) for each in wanted}
    proposed = _proposed(request, office, wanted)
    return render(request, "obligations/_fitting.html", {"items": _items(proposed, ticked)})


def _save(request: Request, form: RecordForm, office: Office) -> HttpResponseBase:
    """The record and all its claims, or nothing."""
    data = form.cleaned_data
    upload = data.get("file")
    with transaction.atomic():
        record = enter_record(
            kind=data["kind"],
            happened_on=data["happened_on"],
            summary=data["summary"],
            place=data["place"],
            entered_by=office,
            participants=list(data.get("participants") or []),
            references=[data["reference"]],
            files=[(upload.name or "", upload)] if upload else [],
            submission_key=data["submission_key"] or None,
            actor=request.acting,
            now=request.now,
            today=request.today,
        )
        chosen = _chosen(request, office)
        for obligation in chosen:
            operations.claim_fulfilment(
                obligation=obligation, record=record, claimed_by=office, actor=request.acting, now=request.now
            )
    n = len(chosen)
    said = ngettext("已保存，并申报完成 %(n)s 项，等待审核。", "已保存，并申报完成 %(n)s 项，等待审核。", n)
    messages.success(request, said % {"n": n} if n else _("已保存工作记录。"))
    return redirect("record", pk=record.pk)


def _chosen(request: Request, office: Office) -> list[Obligation]:
    ids = [int(each) for each in request.POST.getlist("obligations") if each.isdigit()]
    return list(Obligation.objects.filter(pk__in=ids, unit=office.unit_id).order_by("pk"))


@may("obligations.claim")
@require_POST
def claims(request: Request, pk: int) -> HttpResponseBase:
    """Claim further obligations with a record that is already there."""
    record = get_object_or_404(records_visible_to(request.acting), pk=pk)
    office = request.acting.office
    assert office is not None
    chosen = _chosen(request, office)
    if not chosen:
        raise Refusal(_("请至少选择一项要申报完成的事项。"))
    with transaction.atomic():
        for obligation in chosen:
            operations.claim_fulfilment(
                obligation=obligation, record=record, claimed_by=office, actor=request.acting, now=request.now
            )
    messages.success(request, _("已申报，等待审核。"))
    return redirect("record", pk=record.pk)

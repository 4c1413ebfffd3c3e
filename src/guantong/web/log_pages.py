"""The log and what proves it: the audit administrator's pages, checkpoints to print, receipts for anyone."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from guantong.accounts.choices import ADMINISTRATORS
from guantong.accounts.middleware import Request
from guantong.accounts.models import Office, Person
from guantong.accounts.policies import may, public
from guantong.audit import signing
from guantong.audit.codes import grouped, tidy
from guantong.audit.exporting import receipt_as_json
from guantong.audit.models import AuditEntry, Checkpoint, Receipt, Verification
from guantong.audit.tasks import check_log
from guantong.privacy import keys
from guantong.ui.qr import qr_code
from guantong.ui.tables import Column, Listing
from guantong.web.verbs import VERBS, name_of

COLUMNS = [
    Column("at", gettext_lazy("时间"), ("at",)),
    Column("actor", gettext_lazy("操作者")),
    Column("verb", gettext_lazy("操作"), ("verb",)),
    Column("object", gettext_lazy("对象"), ("object_type", "object_ref")),
    Column("leaf", gettext_lazy("校验值")),
]


class LogFilter(forms.Form):
    verb = forms.ChoiceField(
        label=gettext_lazy("操作"),
        required=False,
        choices=[("", gettext_lazy("全部")), *VERBS.items()],
    )


def name_actors(entries: Sequence[AuditEntry]) -> None:
    """Put on each row who acted for which office, in words: four queries for a page, whatever its length."""
    standing = {entry.pk: _number_after("standing_in_for:", entry.actor) for entry in entries}
    people = Person.objects.in_bulk(
        {number for entry in entries for number in (entry.person_ref, standing[entry.pk]) if number}
    )
    offices = Office.objects.select_related("unit").in_bulk(
        {entry.office_ref for entry in entries if entry.office_ref}
    )
    keys.load(person.subject_id for person in people.values())
    for entry in entries:
        entry.said = _said(entry, people, offices, standing[entry.pk])  # type: ignore[attr-defined]
        entry.verb_name = name_of(entry.verb)  # type: ignore[attr-defined]


def _said(
    entry: AuditEntry, people: dict[int, Person], offices: dict[int, Office], standing: int | None
) -> str:
    person = people.get(entry.person_ref or 0)
    office = offices.get(entry.office_ref or 0)
    if person is None:
        return _("未登录者") if entry.actor == "anonymous" else entry.actor
    if office is None:
        return str(person)
    words = {"person": person, "unit": office.unit, "office": office, "holder": people.get(standing or 0, "")}
    if standing:
        return _("%(person)s 代 %(holder)s 以 %(unit)s %(office)s 身份") % words
    return _("%(person)s 以 %(unit)s %(office)s 身份") % words


def _number_after(word: str, text: str) -> int | None:
    _before, _word, after = text.partition(word)
    number = after.split(" ")[0]
    return int(number) if number.isdigit() else None


def _listing(request: Request, entries: Any, id: str) -> Listing:
    listing = Listing.of(entries, request.GET, COLUMNS, id=id, sort="-at")
    name_actors(list(listing.page.object_list))
    return listing


@may("audit.read")
@require_GET
def log(request: Request) -> HttpResponse:
    """Who did what, for which office, when. Payloads stay closed."""
    entries = AuditEntry.objects.all()
    form = LogFilter(request.GET)
    if form.is_valid() and form.cleaned_data["verb"]:
        entries = entries.filter(verb=form.cleaned_data["verb"])
    context = {
        "listing": _listing(request, entries, "log"),
        "form": form,
        "verification": Verification.objects.order_by("-at").first(),
        "newest": Checkpoint.objects.order_by("-size", "-id").first(),
    }
    return render(request, "web/audit.html", context)


@may("administration.read")
@require_GET
def administration(request: Request) -> HttpResponse:
    """What the three administrators did, for each other to see."""
    offices = list(Office.objects.filter(role__in=ADMINISTRATORS).values_list("pk", flat=True))
    entries = AuditEntry.objects.filter(office_ref__in=offices)
    return render(
        request, "web/administration.html", {"listing": _listing(request, entries, "administration")}
    )


@may("audit.read")
@require_GET
def checkpoints(request: Request) -> HttpResponse:
    """Signed checkpoints, newest first."""
    columns = [
        Column("at", gettext_lazy("时间"), ("at",)),
        Column("kind", gettext_lazy("种类"), ("kind",)),
        Column("size", gettext_lazy("日志条数"), ("size",), is_number=True),
        Column("root", gettext_lazy("根值")),
    ]
    listing = Listing.of(Checkpoint.objects.all(), request.GET, columns, id="checkpoints", sort="-at")
    context = {"listing": listing, "key": signing.verifier_key()}
    return render(request, "web/checkpoints.html", context)


@may("audit.read")
@require_GET
def checkpoint(request: Request, pk: int) -> HttpResponse:
    """One checkpoint as a page to print, sign and give to a witness."""
    found = get_object_or_404(Checkpoint, pk=pk)
    context = {
        "checkpoint": found,
        "groups": [found.root[at : at + 8] for at in range(0, len(found.root), 8)],
        "key": signing.verifier_key(),
        "qr": qr_code(found.note),
    }
    return render(request, "web/checkpoint.html", context)


@may("audit.run")
@require_POST
def verifications(request: Request) -> HttpResponseBase:
    """Ask the worker to check the whole log."""
    check_log.enqueue()
    messages.success(request, _("已开始核对，稍后刷新即可看到结果。"))
    return redirect("audit")


@public
@require_GET
def receipts(request: Request) -> HttpResponseBase:
    """Type a receipt's code from paper."""
    typed = request.GET.get("code", "")
    code = tidy(typed)
    if code:
        return redirect("receipt", code=code)
    return render(request, "web/receipts.html", {"typed": typed, "wrong": bool(typed)})


def _receipt(code: str) -> Receipt:
    return get_object_or_404(Receipt.objects.select_related("entry"), code=tidy(code) or "-")


@public
@require_GET
def receipt(request: Request, code: str) -> HttpResponse:
    """That something stands in the log, without saying what it holds."""
    found = _receipt(code)
    proof = receipt_as_json(found)
    context = {
        "receipt": found,
        "code": grouped(found.code),
        "proven": proof["checkpoint"] is not None,
        "qr": qr_code(request.build_absolute_uri(reverse("receipt", args=[found.code]))),
    }
    return render(request, "web/receipt.html", context)


@public
@require_GET
def receipt_file(request: Request, code: str) -> HttpResponse:
    """The proof as a file for the stand-alone verifier."""
    answer = HttpResponse(
        json.dumps(receipt_as_json(_receipt(code)), ensure_ascii=False, indent=1),
        content_type="application/json",
    )
    answer["Content-Disposition"] = f'attachment; filename="receipt-{code}.json"'
    return answer


def faults_of(verification: Verification | None) -> Iterable[str]:
    if verification is None:
        raise Http404
    return (fault["sentence"] for fault in verification.faults)

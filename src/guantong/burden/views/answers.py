"""Answering on a phone: what is known stands there already, and nothing changed is one tap."""

from __future__ import annotations

import secrets

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from guantong.accounts.middleware import Request
from guantong.accounts.policies import may
from guantong.burden.answer_forms import AnswerForm
from guantong.burden.models import Answer, Response
from guantong.burden.operations.answers import answer_request, confirm_unchanged
from guantong.burden.queries.known import known_values
from guantong.burden.queries.requests import addressee_of, fields_of
from guantong.burden.rules.asking import answers_itself, may_enter_paper
from guantong.burden.views import tabs
from guantong.kernel.refusals import Refusal
from guantong.obligations.choices import Source, Verdict
from guantong.obligations.models import Obligation, Review
from guantong.obligations.queries import obligations_visible_to
from guantong.ui.forms import say_on


def _owed(request: Request, pk: int) -> Obligation:
    found = obligations_visible_to(request.acting).filter(source=Source.REQUEST)
    return get_object_or_404(found.select_related("unit", "office", "cycle__stored"), pk=pk)


@may("obligations.claim")
@require_http_methods(["GET", "POST"])
def request_answer(request: Request, pk: int) -> HttpResponseBase:
    """The form of one period; whoever may not fill it in sees what was answered."""
    item = _owed(request, pk)
    addressee = addressee_of(item)
    fields = fields_of(addressee.request)
    known = known_values(fields=[each.field_id for each in fields], unit=item.unit_id)
    fills = answers_itself(request.acting, item) and item.is_claimable and item.starts_on <= request.today
    posted = request.POST if request.method == "POST" else None
    initial = {"submission_key": secrets.token_urlsafe(16), **_sent_back(item)}
    form = AnswerForm(posted, asked=fields, known=known, initial=initial)
    if request.method == "POST" and (not fills or form.is_valid()):
        try:
            return _saved(request, item, form)
        except Refusal as refusal:
            if not fills:
                raise
            say_on(form, refusal)
    context = {
        "tabs": tabs("burden", request.acting),
        "item": item,
        "asked": addressee.request,
        "form": form,
        "fills": fills,
        "all_known": bool(fields) and len(known) == len(fields),
        "responses": _responses(item),
        "returned": _returned(item),
        "may_enter_paper": not fills and item.is_claimable and may_enter_paper(request.acting, addressee),
        "code": addressee.code,
    }
    return render(request, "burden/answer.html", context, status=422 if form.errors else 200)


def _saved(request: Request, item: Obligation, form: AnswerForm) -> HttpResponseBase:
    assert request.acting.office is not None
    answer_request(
        obligation=item,
        given=getattr(form, "given", {}),
        entered_by=request.acting.office,
        actor=request.acting,
        now=request.now,
        submission_key=request.POST.get("submission_key") or None,
    )
    messages.success(request, _("已填报，等待审核。这些数以后不用再填，只要确认。"))
    return redirect("request-answer", pk=item.pk)


def _responses(item: Obligation) -> list[Response]:
    return list(
        Response.objects.filter(claim__obligation=item)
        .select_related("entered_by", "claim")
        .prefetch_related("answers__field")
        .order_by("-pk")
    )


def _returned(item: Obligation) -> Review | None:
    if not item.returns or not item.is_claimable:
        return None
    return Review.objects.filter(claim__obligation=item, verdict=Verdict.RETURNED).order_by("-pk").first()


def _sent_back(item: Obligation) -> dict[str, str]:
    """What was answered and sent back stands in the form again."""
    if not item.returns:
        return {}
    last = Response.objects.filter(claim__obligation=item).order_by("-pk").first()
    given = Answer.objects.filter(response=last, no_data=False) if last else ()
    return {f"f{each.field_id}": each.value for each in given}


@may("obligations.claim")
@require_POST
def request_unchanged(request: Request, pk: int) -> HttpResponseBase:
    """The one tap: everything is as it was."""
    item = _owed(request, pk)
    assert request.acting.office is not None
    confirm_unchanged(
        obligation=item,
        entered_by=request.acting.office,
        actor=request.acting,
        now=request.now,
        submission_key=request.POST.get("submission_key") or None,
    )
    messages.success(request, _("已确认没有变化，等待审核。"))
    return redirect("request-answer", pk=item.pk)

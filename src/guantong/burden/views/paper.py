"""Paper works too: the code of a slip, then what stands on it, typed once by somebody else."""

from __future__ import annotations

import secrets

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from guantong.accounts.middleware import Request
from guantong.accounts.policies import may
from guantong.audit.codes import grouped, tidy
from guantong.burden.answer_forms import PaperForm
from guantong.burden.models import Addressee
from guantong.burden.operations.answers import answer_request
from guantong.burden.queries.known import known_values
from guantong.burden.queries.requests import addressee_by_code, fields_of
from guantong.burden.request_forms import CodeForm
from guantong.burden.views import tabs
from guantong.kernel.refusals import Refusal
from guantong.obligations.choices import CLAIMABLE, Source
from guantong.obligations.models import Obligation
from guantong.ui.forms import say_on


@may("records.write")
@require_http_methods(["GET", "POST"])
def paper_answers(request: Request) -> HttpResponseBase:
    """The code first; then the form of that unit. A code that is not known and one out of reach look the same."""
    typed = request.POST.get("code") or request.GET.get("code", "")
    code_form = CodeForm({"code": typed} if typed else None)
    addressee = addressee_by_code(request.acting, tidy(typed)) if tidy(typed) else None
    if addressee is None:
        if typed:
            code_form.add_error("code", _("没有这个编号，请对照纸上的编号再看一遍。"))
        return _page(request, code_form=code_form, status=422 if typed else 200)
    owed = _open(addressee, request)
    if not owed:
        code_form.add_error(
            "code", _("%(unit)s的这份填报现在不用填：已经报过，或者已经停止。") % {"unit": addressee.unit}
        )
        return _page(request, code_form=code_form, status=422)
    return _fill(request, addressee, owed, grouped(addressee.code))


def _open(addressee: Addressee, request: Request) -> list[Obligation]:
    rows = Obligation.objects.filter(
        source=Source.REQUEST,
        source_ref=addressee.pk,
        state__in=CLAIMABLE,
        starts_on__lte=request.today,
    )
    return list(rows.select_related("unit", "cycle__stored").order_by("due_on", "pk"))


def _fill(request: Request, addressee: Addressee, owed: list[Obligation], code: str) -> HttpResponseBase:
    fields = fields_of(addressee.request)
    known = known_values(fields=[each.field_id for each in fields], unit=addressee.unit_id)
    filling = request.method == "POST" and "answered_on" in request.POST
    initial = {"submission_key": secrets.token_urlsafe(16), "answered_on": request.today}
    form = PaperForm(request.POST if filling else None, asked=fields, known=known, initial=initial)
    chosen = next((each for each in owed if str(each.pk) == request.POST.get("period")), owed[0])
    if filling and form.is_valid():
        assert request.acting.office is not None
        try:
            answer_request(
                obligation=chosen,
                given=form.given,
                entered_by=request.acting.office,
                actor=request.acting,
                now=request.now,
                on_paper=True,
                answered_on=form.day(),
                submission_key=form.cleaned_data["submission_key"] or None,
            )
        except Refusal as refusal:
            say_on(form, refusal)
        else:
            messages.success(request, _("%(unit)s的已录入，可以录下一张。") % {"unit": addressee.unit})
            return redirect("paper-answers")
    status = 422 if form.errors else 200
    return _page(request, form=form, addressee=addressee, owed=owed, chosen=chosen, code=code, status=status)


def _page(request: Request, *, status: int = 200, **context: object) -> HttpResponse:
    context["tabs"] = tabs("paper-answers", request.acting)
    return render(request, "burden/paper.html", context, status=status)

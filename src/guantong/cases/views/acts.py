"""The acts on a case, an address each. Who may is said by the operation."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from guantong.accounts.middleware import Request
from guantong.accounts.policies import may
from guantong.cases.forms import office as shapes
from guantong.cases.operations import accepting, answering, assigning, closing, periods, reopening, wishes
from guantong.cases.queries.choosing import hosts_to_choose, units_to_complain_of, units_to_give
from guantong.cases.views.office import visible_case
from guantong.mechanisms.models import Cycle
from guantong.ui.forms import valid


def _done(
    request: Request, pk: int, act: Callable[..., Any], sentence: str, **given: Any
) -> HttpResponseBase:
    act(case=visible_case(request, pk), actor=request.acting, now=request.now, **given)
    messages.success(request, sentence)
    return redirect("case", pk=pk)


def _given(request: Request, pk: int, form: type[forms.Form]) -> dict[str, Any]:
    """What was typed; only whoever may see the case is told what is wrong with it."""
    visible_case(request, pk)
    return valid(form(request.POST))


def _units(cycle: Cycle) -> dict[str, Any]:
    return {"units": units_to_complain_of(cycle)}


@may("cases.handle")
@require_POST
def acceptance(request: Request, pk: int) -> HttpResponseBase:
    """An empty choice says that it is against no unit."""
    given = valid(shapes.AcceptanceForm(request.POST, **_units(visible_case(request, pk).cycle)))
    given["against_nobody"] = given["against"] is None
    return _done(request, pk, accepting.accept_case, _("已受理。"), **given)


@may("cases.handle")
@require_POST
def amendment(request: Request, pk: int) -> HttpResponseBase:
    given = valid(shapes.PartyForm(request.POST, **_units(visible_case(request, pk).cycle)))
    return _done(request, pk, accepting.amend_case, _("已修改。"), **given)


@may("cases.handle")
@require_POST
def refusal(request: Request, pk: int) -> HttpResponseBase:
    given = _given(request, pk, shapes.ToldReasonForm)
    return _done(request, pk, accepting.refuse_case, _("已决定不予受理，并告知理由。"), **given)


@may("cases.handle")
@require_POST
def referral(request: Request, pk: int) -> HttpResponseBase:
    given = _given(request, pk, shapes.ReferralForm)
    return _done(request, pk, accepting.refer_case, _("已移送并注明，不再计算期限。"), **given)


@may("cases.handle")
@require_POST
def assignments(request: Request, pk: int) -> HttpResponseBase:
    given = valid(shapes.AssignmentForm(request.POST, units=units_to_give(visible_case(request, pk))))
    return _done(request, pk, assigning.assign_case, _("已交办。"), **given)


@may("cases.handle")
@require_POST
def host(request: Request, pk: int) -> HttpResponseBase:
    case = visible_case(request, pk)
    form = shapes.HostForm(request.POST, hosts=hosts_to_choose(case), replaces=case.host_id is not None)
    return _done(request, pk, assigning.set_host, _("已确定包案领导。"), **valid(form))


@may("cases.handle")
@require_POST
def extension(request: Request, pk: int) -> HttpResponseBase:
    given = _given(request, pk, shapes.ExtensionForm)
    return _done(request, pk, periods.extend_case, _("已延长，并告知理由。"), **given)


@may("cases.handle")
@require_POST
def pause(request: Request, pk: int) -> HttpResponseBase:
    given = _given(request, pk, shapes.PauseForm)
    return _done(request, pk, periods.pause_case, _("已暂停计时。"), **given)


@may("cases.handle")
@require_POST
def resumption(request: Request, pk: int) -> HttpResponseBase:
    return _done(request, pk, periods.resume_case, _("已恢复，暂停的天数加到期限上。"))


@may("cases.handle")
@sensitive_post_parameters()
@require_POST
def answer(request: Request, pk: int) -> HttpResponseBase:
    given = _given(request, pk, shapes.AnswerForm)
    return _done(request, pk, answering.answer_case, _("已答复，等待当事人评价。"), **given)


@may("cases.handle")
@require_POST
def closing_(request: Request, pk: int) -> HttpResponseBase:
    given = _given(request, pk, shapes.ToldReasonForm)
    return _done(request, pk, closing.close_case, _("已办结，理由当事人会看到。"), **given)


@may("cases.handle")
@require_POST
def reopening_(request: Request, pk: int) -> HttpResponseBase:
    given = _given(request, pk, shapes.ToldReasonForm)
    return _done(request, pk, reopening.reopen_case, _("已重新办理。"), **given)


@may("cases.handle")
@sensitive_post_parameters()
@require_POST
def contact(request: Request, pk: int) -> HttpResponseBase:
    given = _given(request, pk, shapes.ContactForm)
    return _done(request, pk, wishes.correct_applicant, _("已更正。"), **given)


@may("cases.handle")
@require_POST
def withdrawal(request: Request, pk: int) -> HttpResponseBase:
    given = _given(request, pk, shapes.ReasonForm)
    return _done(request, pk, wishes.withdraw_case, _("已按当事人的要求撤回。"), **given)

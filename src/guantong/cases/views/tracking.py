"""A case followed by its code, without an account. The code is sent, never put into an address."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from guantong.accounts.middleware import Request
from guantong.accounts.policies import public
from guantong.audit.operations import issue_receipt
from guantong.cases.applicant import Applicant
from guantong.cases.forms import public as shapes
from guantong.cases.models import Case
from guantong.cases.operations import answering, reviewing, wishes
from guantong.cases.queries import case_by_code
from guantong.cases.views.opening import kept_out, opened
from guantong.cases.views.tracking_page import page_of
from guantong.kernel.refusals import Refusal
from guantong.ui.forms import first_error

Act = Callable[..., Any]


def _asked_again(request: Request, *, wrong: bool) -> HttpResponse:
    return kept_out(render(request, "cases/track.html", {"wrong": wrong}, status=422 if wrong else 200))


def _page(request: Request, case: Case, code: str, **more: Any) -> HttpResponse:
    status = 422 if more.get("refused") else 200
    context = page_of(request, case, code) | more
    return kept_out(render(request, "cases/tracked.html", context, status=status))


@public
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def track(request: Request) -> HttpResponseBase:
    """Type the code; then everything held, where it stands, and what can be done."""
    if request.method != "POST":
        return _asked_again(request, wrong=False)
    case, code = opened(request)
    return _asked_again(request, wrong=True) if case is None else _page(request, case, code)


def _act(request: Request, act: Act, sentence: str, form: forms.Form | None = None) -> HttpResponse:
    """Do it, and show the page as it is then. A refusal is shown there too: there is no address to go back to."""
    case, code = opened(request)
    if case is None:
        return _asked_again(request, wrong=True)
    try:
        if form is not None and not form.is_valid():
            raise Refusal(first_error(form))
        given = form.cleaned_data if form is not None else {}
        act(case=case, actor=Applicant(case.pk), now=request.now, **given)
    except Refusal as refusal:
        return _page(request, case, code, refused=refusal.reasons)
    again = case_by_code(code)
    assert again is not None
    return _page(request, again, code, done=sentence)


@public
@sensitive_post_parameters()
@require_POST
def tracked_words(request: Request) -> HttpResponseBase:
    """Say more about it."""
    return _act(request, wishes.add_words, _("已补充。"), shapes.WordsForm(request.POST))


@public
@sensitive_post_parameters()
@require_POST
def tracked_contact(request: Request) -> HttpResponseBase:
    """Correct one's name or contact."""
    return _act(request, wishes.correct_applicant, _("已更正。"), shapes.ContactForm(request.POST))


@public
@sensitive_post_parameters()
@require_POST
def tracked_rating(request: Request) -> HttpResponseBase:
    """Rate the answer, and say whether it is solved."""
    return _act(request, answering.rate_answer, _("已收到您的评价，谢谢。"), shapes.RatingForm(request.POST))


@public
@sensitive_post_parameters()
@require_POST
def tracked_review(request: Request) -> HttpResponseBase:
    """Ask for a review, or for the second one."""
    form = shapes.ReviewRequestForm(request.POST)
    return _act(request, reviewing.ask_review, _("已收到您的申请，由没有答复过的单位办理。"), form)


@public
@sensitive_post_parameters()
@require_POST
def tracked_withdrawal(request: Request) -> HttpResponseBase:
    """Withdraw it."""
    return _act(request, wishes.withdraw_case, _("已撤回，不再办理。"))


@public
@sensitive_post_parameters()
@require_POST
def tracked_erasure(request: Request) -> HttpResponseBase:
    """Erase what identifies oneself, and one's words; the receipt proves it."""
    case, code = opened(request)
    if case is None:
        return _asked_again(request, wrong=True)
    try:
        entry = wishes.erase_applicant(case=case, actor=Applicant(case.pk), now=request.now)
    except Refusal as refusal:
        return _page(request, case, code, refused=refusal.reasons)
    receipt = issue_receipt(entry, now=request.now)
    return kept_out(render(request, "cases/erased.html", {"receipt": receipt, "case": case}))

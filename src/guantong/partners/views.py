"""The pages under a consent link: for the person it was handed to, without account, on any phone."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from guantong.accounts.middleware import Request
from guantong.accounts.policies import public
from guantong.audit.operations import issue_receipt
from guantong.kernel.refusals import Refusal
from guantong.partners import operations, rules
from guantong.partners.forms import OwnDataForm
from guantong.partners.models import ConsentRequest
from guantong.partners.operations.consents import RENEW_WITHIN
from guantong.partners.own_page import panels_for
from guantong.partners.queries import consent_by_code
from guantong.privacy.queries import held_about
from guantong.ui.forms import valid

ASKED = ("csrfmiddlewaretoken", "name", "contact", "answer")


def _private(answer: HttpResponse) -> HttpResponse:
    answer["Cache-Control"] = "private, no-store"
    return answer


def _gone(request: Request) -> HttpResponse:
    """One answer for every link that cannot be used, whatever the reason."""
    return render(request, "partners/consent_gone.html", status=404)


def _refuse_officials(request: Request) -> None:
    """Whoever is signed in is not the person the link is for: nobody else types a representative's data."""
    if request.acting.person is not None:
        raise Refusal(_("同意只能由本人作出。请先退出登录，把链接交给本人，在本人的手机上打开。"))


@public
@require_http_methods(["GET", "POST"])
def consent(request: Request, code: str) -> HttpResponseBase:
    """Before: the notice, and yes or no. After: everything held, to see, correct and take back."""
    found = consent_by_code(code, on=request.today)
    if found is None:
        return _gone(request)
    if request.method == "POST":
        return _answered(request, found, code)
    if request.acting.person is not None:
        return _private(render(request, "partners/consent_notice.html", {"consent": found, "official": True}))
    if found.partner is not None:
        return _private(render(request, "partners/consent_own.html", _own_page(request, found, code)))
    return _private(
        render(request, "partners/consent_notice.html", {"consent": found, "form": OwnDataForm()})
    )


def _answered(request: Request, found: ConsentRequest, code: str) -> HttpResponseBase:
    _refuse_officials(request)
    rules.refuse_more_than(request.POST, ASKED)
    if request.POST.get("answer") == "no":
        operations.decline(consent=found, now=request.now)
        return _private(render(request, "partners/consent_declined.html"))
    form = OwnDataForm(request.POST)
    if not form.is_valid():
        context = {"consent": found, "form": form}
        return _private(render(request, "partners/consent_notice.html", context, status=422))
    operations.agree(consent=found, now=request.now, **form.cleaned_data)
    messages.success(request, _("已收到您的同意。请把这个链接收好，随时可以回来查看或撤回。"))
    return redirect("consent", code=code)


def _own_page(request: Request, found: ConsentRequest, code: str) -> dict[str, Any]:
    partner = found.partner
    assert partner is not None
    assert partner.subject is not None
    assert found.agreed_until is not None
    initial = {"name": str(partner.display_name), "contact": str(partner.contact)}
    return {
        "consent": found,
        "code": code,
        "values": list(held_about(partner.subject)),
        "panels": panels_for(partner, request.today),
        "form": OwnDataForm(initial=initial),
        "may_renew": found.agreed_until - request.today <= RENEW_WITHIN,
    }


def _given(request: Request, code: str) -> ConsentRequest | None:
    """The consent under the link, once given."""
    found = consent_by_code(code, on=request.today)
    if found is None or found.partner is None:
        return None
    _refuse_officials(request)
    return found


@public
@require_POST
def details(request: Request, code: str) -> HttpResponseBase:
    """The person corrects what is held."""
    found = _given(request, code)
    if found is None:
        return _gone(request)
    rules.refuse_more_than(request.POST, ASKED)
    operations.correct_own_data(consent=found, now=request.now, **valid(OwnDataForm(request.POST)))
    messages.success(request, _("已更正。"))
    return redirect("consent", code=code)


@public
@require_POST
def renewal(request: Request, code: str) -> HttpResponseBase:
    """The person agrees for another period."""
    found = _given(request, code)
    if found is None:
        return _gone(request)
    operations.renew_consent(consent=found, now=request.now)
    messages.success(request, _("已续期。"))
    return redirect("consent", code=code)


@public
@require_POST
def withdrawal(request: Request, code: str) -> HttpResponseBase:
    """The person takes consent back; what is held is erased at once, with a receipt."""
    found = _given(request, code)
    if found is None:
        return _gone(request)
    entry = operations.withdraw_consent(consent=found, now=request.now)
    receipt = issue_receipt(entry, now=request.now)
    return _private(render(request, "partners/consent_erased.html", {"receipt": receipt}))

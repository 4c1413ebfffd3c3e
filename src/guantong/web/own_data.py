"""Everything held about oneself, under one page or one link: look, correct, take along, erase."""

from __future__ import annotations

from typing import Any

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django import forms
from django.contrib import messages
from django.contrib.auth import logout
from django.http import Http404, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from guantong.accounts.acting import Acting
from guantong.accounts.middleware import Request
from guantong.accounts.models import Holding, Person
from guantong.accounts.operations import correct_name, erase_person
from guantong.accounts.policies import public, signed_in
from guantong.accounts.queries import handovers_waiting_for
from guantong.audit.models import AuditEntry
from guantong.audit.operations import issue_receipt
from guantong.kernel.refusals import Refusal
from guantong.privacy.operations import issue_link
from guantong.privacy.queries import held_about, subject_by_link


class NameForm(forms.Form):
    display_name = forms.CharField(label=gettext_lazy("称呼"), max_length=100)


def _held(person: Person) -> dict[str, Any]:
    """What the page shows and the export carries; the same for both."""
    return {
        "person": person,
        "values": list(held_about(person.subject)),
        "holdings": Holding.objects.filter(person=person)
        .select_related("office__unit")
        .order_by("-starts_on"),
        "n_log": AuditEntry.objects.filter(person_ref=person.pk).count(),
        "n_sessions": UserSession.objects.filter(user=person).count(),
        "tokens": list(person.tokens.order_by("pk")),
        "factors": list(Authenticator.objects.filter(user=person).values_list("type", flat=True)),
    }


@signed_in
@require_GET
def account(request: Request) -> HttpResponse:
    """One's own account: offices, sign-in, and everything held."""
    person = request.acting.person
    assert person is not None
    context = _held(person) | {
        "form": NameForm(initial={"display_name": str(person.display_name)}),
        "handovers": handovers_waiting_for(request.acting) if request.acting.reads_business else [],
        "own": True,
    }
    return render(request, "web/account.html", context)


def _corrected(request: Request, person: Person, actor: Acting) -> None:
    form = NameForm(request.POST)
    if not form.is_valid():
        raise Refusal(_("称呼不能为空，最多 100 字。"))
    correct_name(person=person, actor=actor, now=request.now, **form.cleaned_data)
    messages.success(request, _("已更正。"))


@signed_in
@require_POST
def name(request: Request) -> HttpResponseBase:
    assert request.acting.person is not None
    _corrected(request, request.acting.person, request.acting)
    return redirect("account")


@signed_in
@require_POST
def link(request: Request) -> HttpResponse:
    """A link to one's own page that works without signing in, such as after leaving office. Shown once."""
    assert request.acting.person is not None
    code = issue_link(subject=request.acting.person.subject, actor=request.acting, now=request.now)
    address = request.build_absolute_uri(reverse("mine", args=[code]))
    return render(request, "web/own_link.html", {"address": address})


@signed_in
@require_GET
def export(request: Request) -> HttpResponse:
    """Everything held, to take along."""
    assert request.acting.person is not None
    held = _held(request.acting.person)
    answer = JsonResponse(
        {
            "values": [{"name": each.label, "value": each.value} for each in held["values"]],
            "offices": [
                {
                    "unit": each.office.unit.name,
                    "office": each.office.title,
                    "from": each.starts_on.isoformat(),
                    "to": each.ends_on.isoformat() if each.ends_on else None,
                }
                for each in held["holdings"]
            ],
            "log_rows": held["n_log"],
            "sessions": held["n_sessions"],
            "second_factors": held["factors"],
            "tokens": [
                {
                    "name": each.name,
                    "until": each.expires_on.isoformat(),
                    "revoked": each.revoked_at is not None,
                }
                for each in held["tokens"]
            ],
        },
        json_dumps_params={"ensure_ascii": False, "indent": 1},
    )
    answer["Content-Disposition"] = 'attachment; filename="my-data.json"'
    return answer


def _erased(request: Request, person: Person, actor: Acting) -> HttpResponse:
    entry = erase_person(person=person, actor=actor, now=request.now)
    receipt = issue_receipt(entry, now=request.now)
    return render(request, "web/erased.html", {"receipt": receipt})


@signed_in
@require_POST
def erasure(request: Request) -> HttpResponse:
    """Erase what identifies oneself; refused while in office."""
    assert request.acting.person is not None
    answer = _erased(request, request.acting.person, request.acting)
    logout(request)
    return answer


def _person_by(code: str) -> Person:
    subject = subject_by_link(code)
    person = Person.objects.select_related("subject").filter(subject=subject).first() if subject else None
    if person is None:
        raise Http404
    return person


@public
@require_GET
def mine(request: Request, code: str) -> HttpResponse:
    """The same page for whoever holds the link."""
    person = _person_by(code)
    context = _held(person) | {
        "form": NameForm(initial={"display_name": str(person.display_name)}),
        "code": code,
    }
    answer = render(request, "web/account.html", context)
    answer["Cache-Control"] = "private, no-store"
    return answer


@public
@require_POST
def mine_name(request: Request, code: str) -> HttpResponseBase:
    person = _person_by(code)
    _corrected(request, person, Acting(person))
    return redirect("mine", code=code)


@public
@require_POST
def mine_erasure(request: Request, code: str) -> HttpResponse:
    person = _person_by(code)
    return _erased(request, person, Acting(person))

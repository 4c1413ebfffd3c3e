"""One's own tokens: the list, making one, revoking one."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from guantong.accounts.middleware import Request
from guantong.accounts.models import Person
from guantong.accounts.policies import signed_in
from guantong.api.choices import OFFERED
from guantong.api.forms import TokenForm
from guantong.api.models import Token
from guantong.api.operations.tokens import make_token, revoke_token
from guantong.kernel.refusals import Refusal
from guantong.ui.forms import say_on


def _mine(request: Request) -> Any:
    person = cast(Person, request.acting.person)
    return Token.objects.filter(person=person).select_related("office__unit").order_by("-pk")


@signed_in
@require_GET
def own_tokens(request: Request) -> HttpResponse:
    """Those in force, then the last that are not."""
    held = {seat.office.pk for seat in request.seats}
    rows = [_row(each, request, held) for each in _mine(request)[:100]]
    context = {
        "live": [row for row in rows if row["live"]],
        "ended": [row for row in rows if not row["live"]][:20],
        "may_make": bool(request.seats),
    }
    return render(request, "api/tokens.html", context)


def _row(token: Token, request: Request, held: set[int]) -> dict[str, Any]:
    return {
        "token": token,
        "live": token.revoked_at is None and token.expires_on >= request.today,
        "held": token.office_id in held,
        "functions": [OFFERED[name] for name in token.functions if name in OFFERED],
    }


@signed_in
@require_http_methods(["GET", "POST"])
@sensitive_variables("made")
def new_token(request: Request) -> HttpResponseBase:
    """Make one; its secret is on the answer and nowhere else."""
    if not request.seats:
        raise Refusal(_("没有任职，不能制作令牌。"))
    form = TokenForm(
        request.POST if request.method == "POST" else None,
        seats=request.seats,
        today=request.today,
        initial={"office": request.acting.office_ref},
    )
    if request.method == "POST" and form.is_valid():
        data = dict(form.cleaned_data)
        chosen = data.pop("office")
        office = next(seat.office for seat in request.seats if seat.office.pk == chosen)
        try:
            made = make_token(office=office, actor=request.acting, now=request.now, **data)
            return render(request, "api/token_made.html", {"token": made.token, "secret": made.secret})
        except Refusal as refusal:
            say_on(form, refusal)
    return render(request, "api/token_new.html", {"form": form}, status=422 if form.errors else 200)


@signed_in
@require_POST
def token_revocation(request: Request, pk: int) -> HttpResponseBase:
    """It stops working at once."""
    token = get_object_or_404(_mine(request), pk=pk)
    revoke_token(token=token, actor=request.acting, now=request.now)
    messages.success(request, _("令牌已撤销。"))
    return redirect("own-tokens")

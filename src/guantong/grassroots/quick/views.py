"""The page of quick records, and the same for a program on the phone that sends what was written without a network."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from guantong.accounts.acting import Acting
from guantong.accounts.idempotency import Answer
from guantong.accounts.middleware import Request
from guantong.accounts.models import Office
from guantong.accounts.policies import may
from guantong.grassroots.queries.services import servers_below
from guantong.grassroots.quick.forms import QuickForm, form_for
from guantong.grassroots.quick.kinds import QuickKind, buttons
from guantong.grassroots.quick.offered import Offer
from guantong.grassroots.quick.saving import body_of, save_quick
from guantong.kernel.refusals import Refusal
from guantong.mechanisms.queries import current_cycle
from guantong.ui.forms import say_on
from guantong.ui.tables import Column, Listing

OTHER_PERSON = 409
SERVERS = [
    Column("unit", gettext_lazy("岗位"), ("unit__path",)),
    Column("code", gettext_lazy("单位代码"), ("unit__code",)),
]


@may("records.write")
@require_http_methods(["GET", "POST"])
def quick_record(request: Request) -> HttpResponseBase:
    """Kind, what, save. A program that asks for JSON gets the same answer in it."""
    if request.method == "POST":
        return _save(request)
    offer = offer_for(request, request.acting, request.GET.get("whose", ""))
    kind = _kind(request.GET.get("kind", ""))
    form = form_for(kind, offer) if kind in offer.kinds else None
    return _page(request, offer, form)


def offer_for(request: Request, acting: Acting, whose: str) -> Offer:
    """What the office may write down, or what it may enter from paper for an office below."""
    assert acting.office is not None
    office: Office | None = acting.office
    if whose and whose != str(acting.office.pk):
        found = servers_below(acting).select_related("scope")
        office = found.filter(pk=int(whose)).first() if whose.isdecimal() else None
    if office is None:
        raise Refusal(_("只能为本单位和下级单位的岗位代为录入。"))
    return Offer(acting, office, current_cycle(acting, on=request.today), request.today)


def _kind(said: str) -> QuickKind | None:
    return QuickKind(said) if said in QuickKind.values else None


def _save(request: Request) -> HttpResponseBase:
    wants_json = request.headers.get("Accept", "") == "application/json"
    typed = request.POST
    if typed.get("who") != str(request.acting.person_ref):
        said = _("这条记录是另一个人填写的，没有保存。请由本人登录后发送。")
        if wants_json:
            return JsonResponse({"stored": False, "reasons": [said]}, status=OTHER_PERSON)
        raise Refusal(said)
    form: QuickForm | None = None
    try:
        offer = offer_for(request, _typed_for(request), typed.get("whose", ""))
        kind = _kind(typed.get("kind", ""))
        if kind is None:
            raise Refusal(_("请选择要记什么。"))
        form = form_for(kind, offer, typed)
        body = body_of({name: typed.getlist(name) for name in typed})
        answer = save_quick(form=form, key=typed.get("key", ""), body=body, now=request.now)
    except Refusal as refusal:
        if wants_json:
            reasons = [str(each) for each in refusal.reasons]
            return JsonResponse({"stored": False, "reasons": reasons}, status=422)
        if form is None:
            raise
        if not form.errors:
            say_on(form, refusal)
        return _page(request, form.offer, form, status=422)
    return _stored(request, answer, wants_json)


def _typed_for(request: Request) -> Acting:
    """Acting for the office that the record was typed for, which need not be the one chosen in the session by now."""
    acting, wanted = request.acting, request.POST.get("office", "")
    if wanted == str(acting.office_ref):
        return acting
    for seat in request.seats:
        if str(seat.office.pk) == wanted:
            found = replace(acting, office=seat.office, standing_in_for=seat.standing_in_for)
            if found.may("records.write"):
                return found
    raise Refusal(_("这条记录是以另一个职务填写的，您今天没有担任它。"))


def _stored(request: Request, answer: Answer, wants_json: bool) -> HttpResponseBase:
    if wants_json:
        return JsonResponse(
            {"stored": True, "led_to": answer.led_to}, status=200 if answer.again else answer.status
        )
    messages.success(request, _("已经保存过，没有重复保存。") if answer.again else _("已保存。"))
    return redirect(answer.led_to)


def _page(request: Request, offer: Offer, form: QuickForm | None, *, status: int = 200) -> HttpResponse:
    context: dict[str, Any] = {
        "offer": offer,
        "form": form,
        "kinds": buttons(offer.kinds) if form is None else [],
        "may_enter_paper": not offer.on_paper and offer.acting.may("records.write"),
    }
    return render(request, "grassroots/quick.html", context, status=status)


@may("records.write")
@require_GET
def quick_paper(request: Request) -> HttpResponse:
    """Whose paper is entered: found by the name of the place or by the code printed on the list."""
    found = servers_below(request.acting).exclude(pk=request.acting.office_ref or 0)
    wanted = request.GET.get("q", "").strip()[:40]
    if wanted:
        found = found.filter(Q(unit__code=wanted) | Q(unit__name__icontains=wanted))
    listing = Listing.of(found, request.GET, SERVERS, id="servers")
    return render(request, "grassroots/quick_paper.html", {"listing": listing, "wanted": wanted})

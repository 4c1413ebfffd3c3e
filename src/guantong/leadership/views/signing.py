"""Signing in: the code of the day on a screen, the link it leads to, and the printed list."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from guantong.accounts.middleware import Request
from guantong.accounts.policies import may
from guantong.kernel.refusals import Refusal
from guantong.leadership.operations import invitations as operations
from guantong.leadership.queries.meetings import own_invitations
from guantong.leadership.rules import meetings as rules
from guantong.leadership.sign_codes import code_for
from guantong.leadership.views import tabs
from guantong.leadership.views.meeting_planning import visible_meeting
from guantong.ui.qr import qr_code


@may("leadership.call")
@require_GET
def sign_code(request: Request, pk: int) -> HttpResponse:
    """The code for the screen of the meeting room, on its day."""
    item = visible_meeting(request, pk)
    if not rules.may_keep(request.acting, item):
        raise Refusal(_("只有召集单位可以办理这次会议。"))
    if not rules.takes_signatures(item, request.today):
        raise Refusal(_("签到只在会议当天开放。"))
    code = code_for(item)
    address = request.build_absolute_uri(reverse("sign-in-at-meeting", args=[code]))
    context = {
        "tabs": tabs("meetings", request.acting),
        "item": item,
        "qr": qr_code(address, scale=8),
        "host": request.build_absolute_uri(reverse("meetings")) + "sign-in/",
        "code": code,
        "n_signed": item.invitations.exclude(signed_at=None).count(),
        "n_asked": item.invitations.count(),
    }
    return render(request, "leadership/sign_code.html", context)


@may("leadership.call")
@require_GET
def sign_list(request: Request, pk: int) -> HttpResponse:
    """The list to print: a line for each office, with a place to sign."""
    item = visible_meeting(request, pk)
    if not rules.may_keep(request.acting, item):
        raise Refusal(_("只有召集单位可以办理这次会议。"))
    asked = item.invitations.select_related("office__unit", "stand_in").order_by("office__unit__path", "pk")
    context = {
        "tabs": tabs("meetings", request.acting),
        "item": item,
        "asked": list(asked),
        "spare": range(3),
        "takes_the_list": rules.takes_the_list(item, request.today),
    }
    return render(request, "leadership/sign_list.html", context)


@may("leadership.call")
@require_POST
def attendance(request: Request, pk: int) -> HttpResponseBase:
    """What the printed list says."""
    item = visible_meeting(request, pk)
    present = {int(each) for each in request.POST.getlist("present") if each.isdigit()}
    operations.sign_from_list(meeting=item, present=present, actor=request.acting, now=request.now)
    messages.success(request, _("签到表已录入。"))
    return redirect("meeting", pk=pk)


@may("business.read")
@require_http_methods(["GET", "POST"])
def sign_in_at_meeting(request: Request, code: str) -> HttpResponseBase:
    """Where the code leads: one button. Opening the page signs nobody in."""
    meeting = operations.meeting_of_code(code)
    office = request.acting.office
    if meeting is None or office is None:
        raise Http404
    if request.method == "POST":
        operations.sign_by_code(code=code, office=office, actor=request.acting, now=request.now)
        messages.success(request, _("签到成功。"))
        return redirect("sign-in-at-meeting", code=code)
    mine = [each for each in own_invitations(meeting, office) if rules.is_meant_by(each, office)]
    context = {
        "item": meeting,
        "office": office,
        "mine": mine,
        "is_signed": bool(mine) and all(each.signed_at for each in mine),
        "is_open": rules.takes_signatures(meeting, request.today),
    }
    return render(request, "leadership/sign_in.html", context)

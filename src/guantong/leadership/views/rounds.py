"""The agenda with its papers, who is asked to come, and what they answer."""

from __future__ import annotations

import io

from django.contrib import messages
from django.http import FileResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from guantong.accounts.middleware import Request
from guantong.accounts.models import Office
from guantong.accounts.policies import may
from guantong.accounts.queries import offices_visible_to
from guantong.kernel.refusals import Refusal
from guantong.leadership.choices import Reply
from guantong.leadership.meeting_forms import AgendaForm, LeaveForm, StandInForm
from guantong.leadership.models import AgendaItem, Invitation
from guantong.leadership.operations import agenda as items
from guantong.leadership.operations import invitations as operations
from guantong.leadership.queries.meetings import meetings_visible_to, papers_visible_to, proposed_for
from guantong.leadership.queries.offices import business_offices
from guantong.leadership.views.meeting_page import reporters_of
from guantong.leadership.views.meeting_planning import visible_meeting
from guantong.leadership.views.picking import chosen_offices
from guantong.records.files import content_of
from guantong.records.models import StoredFile
from guantong.ui.forms import valid


@may("leadership.call")
@require_POST
def agenda(request: Request, pk: int) -> HttpResponseBase:
    item = visible_meeting(request, pk)
    data = valid(AgendaForm(request.POST, request.FILES, reporters=reporters_of(item)))
    upload = data.pop("paper")
    items.add_item(
        meeting=item,
        paper=(upload.name or "", upload) if upload else None,
        actor=request.acting,
        now=request.now,
        **data,
    )
    messages.success(request, _("已增加议题。"))
    return redirect("meeting", pk=pk)


@may("leadership.call")
@require_POST
def agenda_removal(request: Request, pk: int) -> HttpResponseBase:
    visible = meetings_visible_to(request.acting).values("pk")
    item = get_object_or_404(AgendaItem.objects.select_related("meeting").filter(meeting__in=visible), pk=pk)
    items.drop_item(item=item, actor=request.acting, now=request.now)
    messages.success(request, _("已删除议题。"))
    return redirect("meeting", pk=item.meeting_id)


@may("business.read")
@require_GET
def paper_file(request: Request, pk: int) -> HttpResponseBase:
    """Download one paper of a meeting in sight; never shown inline."""
    item = get_object_or_404(papers_visible_to(request.acting).select_related("paper"), pk=pk)
    assert item.paper is not None
    return as_download(item.paper, item.paper_name)


def as_download(stored: StoredFile, name: str) -> HttpResponseBase:
    """The stored bytes, checked against their digest, as a file to keep."""
    response = FileResponse(
        io.BytesIO(content_of(stored)), as_attachment=True, filename=name, content_type=stored.media_type
    )
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["X-Content-Type-Options"] = "nosniff"
    return response


@may("leadership.call")
@require_POST
def invitations(request: Request, pk: int) -> HttpResponseBase:
    """Those ticked: members of the body, or offices in sight that were searched for."""
    item = visible_meeting(request, pk)
    ticked = request.POST.getlist("offices")
    members = [each for each in proposed_for(item) if str(each.pk) in ticked]
    known = {each.pk for each in members}
    others = [
        each for each in chosen_offices(ticked, offices_visible_to(request.acting)) if each.pk not in known
    ]
    operations.ask_offices(meeting=item, offices=[*members, *others], actor=request.acting, now=request.now)
    messages.success(request, _("已加入参会名单。"))
    return redirect("meeting", pk=pk)


@may("leadership.call")
@require_POST
def invitation_removal(request: Request, pk: int) -> HttpResponseBase:
    visible = meetings_visible_to(request.acting).values("pk")
    row = get_object_or_404(Invitation.objects.select_related("meeting").filter(meeting__in=visible), pk=pk)
    operations.take_back(invitation=row, actor=request.acting, now=request.now)
    messages.success(request, _("已移出参会名单。"))
    return redirect("meeting", pk=row.meeting_id)


@may("business.read")
@require_POST
def meeting_reply(request: Request, pk: int) -> HttpResponseBase:
    """The office acted for answers for itself, whoever else was asked."""
    item = visible_meeting(request, pk)
    office = request.acting.office
    assert office is not None
    answer = request.POST.get("answer", "")
    given: dict[str, object] = {}
    if answer == Reply.LEAVE:
        given = valid(LeaveForm(request.POST))
    elif answer == Reply.STAND_IN:
        colleagues = business_offices(Office.objects.filter(unit=office.unit_id)).exclude(pk=office.pk)
        given = valid(StandInForm(request.POST, offices=colleagues))
    elif answer != Reply.COMING:
        raise Refusal(_("请选择参加、请假或委托参会。"))
    operations.reply(
        meeting=item,
        office=office,
        answer=answer,
        actor=request.acting,
        now=request.now,
        **given,  # type: ignore[arg-type]
    )
    messages.success(request, _("已回复。"))
    return redirect("meeting", pk=pk)

"""The acts on a whole matter, an address each."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from guantong.accounts.middleware import Request
from guantong.accounts.policies import may
from guantong.kernel.refusals import Refusal
from guantong.supervision.matter_forms import MergerForm, PartsForm, ReasonForm, ResultForm, SignByForm
from guantong.supervision.operations import matters, merging, pauses, verifying
from guantong.supervision.queries import matters as queries
from guantong.supervision.views.matters import visible_matter
from guantong.ui.forms import valid


@may("supervision.run")
@require_POST
def registration(request: Request, pk: int) -> HttpResponseBase:
    matter = visible_matter(request, pk)
    matter = matters.register_matter(matter=matter, actor=request.acting, now=request.now)
    messages.success(request, _("已立项，编号 %(number)s。") % {"number": queries.number_text(matter)})
    return redirect("matter", pk=pk)


@may("supervision.run")
@require_POST
def dispatching(request: Request, pk: int) -> HttpResponseBase:
    matter, data = visible_matter(request, pk), valid(SignByForm(request.POST))
    matters.dispatch_matter(matter=matter, actor=request.acting, now=request.now, **data)
    messages.success(request, _("已交办，等待各单位签收。"))
    return redirect("matter", pk=pk)


@may("business.read")
@require_POST
def verification(request: Request, pk: int) -> HttpResponseBase:
    """By a coordinating office or a leader; the operation says who may."""
    matter, data = visible_matter(request, pk), valid(ResultForm(request.POST))
    verifying.verify_matter(matter=matter, actor=request.acting, now=request.now, **data)
    messages.success(request, _("核查已通过，可以销号。"))
    return redirect("matter", pk=pk)


@may("business.read")
@require_POST
def returning(request: Request, pk: int) -> HttpResponseBase:
    """Send one unit's part back, several or all; the operation says who may."""
    matter = visible_matter(request, pk)
    data = valid(PartsForm(request.POST, matter=matter))
    verifying.send_back(matter=matter, actor=request.acting, now=request.now, **data)
    messages.success(request, _("已退回，并告知理由。"))
    return redirect("matter", pk=pk)


@may("supervision.run")
@require_POST
def closing(request: Request, pk: int) -> HttpResponseBase:
    matters.strike_off(matter=visible_matter(request, pk), actor=request.acting, now=request.now)
    messages.success(request, _("已销号。"))
    return redirect("matter", pk=pk)


@may("supervision.run")
@require_POST
def suspension(request: Request, pk: int) -> HttpResponseBase:
    matter, data = visible_matter(request, pk), valid(ReasonForm(request.POST))
    pauses.suspend_matter(matter=matter, actor=request.acting, now=request.now, **data)
    messages.success(request, _("已暂停，各单位停止计时。"))
    return redirect("matter", pk=pk)


@may("supervision.run")
@require_POST
def resumption(request: Request, pk: int) -> HttpResponseBase:
    pauses.resume_matter(matter=visible_matter(request, pk), actor=request.acting, now=request.now)
    messages.success(request, _("已恢复，暂停的天数已加到期限上。"))
    return redirect("matter", pk=pk)


@may("supervision.run")
@require_POST
def cancelling(request: Request, pk: int) -> HttpResponseBase:
    matter, data = visible_matter(request, pk), valid(ReasonForm(request.POST))
    pauses.cancel_matter(matter=matter, actor=request.acting, now=request.now, **data)
    messages.success(request, _("已撤销，各单位不再办理。"))
    return redirect("matter", pk=pk)


@may("supervision.run")
@require_POST
def reopening(request: Request, pk: int) -> HttpResponseBase:
    matter = visible_matter(request, pk)
    data = valid(PartsForm(request.POST, matter=matter))
    if data["due_on"] is None:
        raise Refusal(_("请写明新的办结期限。"))
    pauses.reopen_matter(matter=matter, actor=request.acting, now=request.now, **data)
    messages.success(request, _("已重新打开，所选单位重新办理。"))
    return redirect("matter", pk=pk)


@may("supervision.run")
@require_POST
def merger(request: Request, pk: int) -> HttpResponseBase:
    """Join it to another matter of the cycle, by number."""
    matter, data = visible_matter(request, pk), valid(MergerForm(request.POST))
    visible = queries.matters_visible_to(request.acting)
    into = visible.filter(cycle=matter.cycle_id, number=data["number"]).first()
    if into is None:
        raise Refusal(_("本年度没有编号为 %(n)s 的督办事项。") % {"n": data["number"]})
    merging.merge_matter(
        matter=matter, into=into, reason=data["reason"], actor=request.acting, now=request.now
    )
    messages.success(request, _("已并入 %(number)s。") % {"number": queries.number_text(into)})
    return redirect("matter", pk=into.pk)


@may("business.read")
@require_POST
def subscription(request: Request, pk: int) -> HttpResponseBase:
    matter, data = visible_matter(request, pk), valid(ReasonForm(request.POST))
    merging.follow_matter(matter=matter, actor=request.acting, now=request.now, **data)
    messages.success(request, _("已关注，进展会出现在本单位的督办事项里。"))
    return redirect("matter", pk=pk)


@may("business.read")
@require_POST
def unsubscription(request: Request, pk: int) -> HttpResponseBase:
    """Follow no longer: by the office that follows."""
    matter = get_object_or_404(queries.seen_or_followed_by(request.acting), pk=pk)
    if merging.stop_following(matter=matter, actor=request.acting, now=request.now):
        messages.success(request, _("已不再关注“%(matter)s”。") % {"matter": matter})
    return redirect("matters")

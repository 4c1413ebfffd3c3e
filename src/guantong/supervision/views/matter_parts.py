"""The acts on one unit's part of a matter."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from guantong.accounts.middleware import Request
from guantong.accounts.policies import may
from guantong.obligations.forms import DecisionForm, ExtensionForm
from guantong.obligations.models import Extension
from guantong.organisation.models import Unit
from guantong.supervision.matter_forms import ReasonForm, RefusalAnswerForm, SplitForm
from guantong.supervision.models import MatterPart
from guantong.supervision.operations import more_time, parts
from guantong.supervision.operations.parts import SplitTerms
from guantong.supervision.queries import matters as queries
from guantong.ui.forms import valid


def _visible(request: Request, pk: int) -> MatterPart:
    return get_object_or_404(queries.parts_visible_to(request.acting), pk=pk)


@may("supervision.answer")
@require_POST
def signature(request: Request, pk: int) -> HttpResponseBase:
    part = parts.sign_for(part=_visible(request, pk), actor=request.acting, now=request.now)
    messages.success(request, _("已签收，请在 %(day)s 前办结。") % {"day": part.due_on})
    return redirect("matter", pk=part.matter_id)


@may("supervision.answer")
@require_POST
def refusal(request: Request, pk: int) -> HttpResponseBase:
    part, data = _visible(request, pk), valid(ReasonForm(request.POST))
    parts.refuse_part(part=part, actor=request.acting, now=request.now, **data)
    messages.success(request, _("已退签，等待交办单位答复。"))
    return redirect("matter", pk=part.matter_id)


@may("business.read")
@require_POST
def refusal_answer(request: Request, pk: int) -> HttpResponseBase:
    """Insist, or give it to another unit: by whoever gave the part out."""
    part = _visible(request, pk)
    above = part.parent.unit if part.parent else part.matter.cycle.unit
    data = valid(RefusalAnswerForm(request.POST, units=Unit.objects.below(above)))
    if data["unit"] is not None:
        parts.reassign_part(part=part, actor=request.acting, now=request.now, **data)
        messages.success(request, _("已改派给“%(unit)s”。") % {"unit": data["unit"]})
    else:
        parts.insist_on_part(part=part, reason=data["reason"], actor=request.acting, now=request.now)
        messages.success(request, _("已维持交办，并告知理由。"))
    return redirect("matter", pk=part.matter_id)


@may("supervision.answer")
@require_POST
def splits(request: Request, pk: int) -> HttpResponseBase:
    part = _visible(request, pk)
    data = valid(SplitForm(request.POST, units=Unit.objects.below(part.unit, include_self=False)))
    units = list(data.pop("units"))
    parts.split_part(part=part, units=units, terms=SplitTerms(**data), actor=request.acting, now=request.now)
    messages.success(request, _("已分解到 %(n)s 个下级单位，等待签收。") % {"n": len(units)})
    return redirect("matter", pk=part.matter_id)


@may("supervision.answer")
@require_POST
def extensions(request: Request, pk: int) -> HttpResponseBase:
    part, data = _visible(request, pk), valid(ExtensionForm(request.POST))
    more_time.ask_more_time(part=part, actor=request.acting, now=request.now, **data)
    messages.success(request, _("延期申请已提交，等待答复。"))
    return redirect("matter", pk=part.matter_id)


@may("supervision.run")
@require_POST
def extension_decision(request: Request, pk: int) -> HttpResponseBase:
    visible = queries.parts_visible_to(request.acting)
    extension = get_object_or_404(
        Extension.objects.filter(obligation__matter_part__in=visible.values("pk")), pk=pk
    )
    part = get_object_or_404(visible, obligation=extension.obligation_id)
    data = valid(DecisionForm(request.POST))
    more_time.decide_more_time(extension=extension, part=part, actor=request.acting, now=request.now, **data)
    messages.success(request, _("延期申请已答复。"))
    return redirect("matter", pk=part.matter_id)

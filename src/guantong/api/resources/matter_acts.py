"""Drafting a matter and moving it along its chain, as the desk of the page does."""

from __future__ import annotations

from typing import Any, cast

from django import forms as django_forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from guantong.api.contract.acts import Call, Write
from guantong.api.contract.page_acts import acts_on, done_to, plain, typed
from guantong.api.resources.common import BUSINESS
from guantong.api.resources.matters import MATTER
from guantong.api.shapes.acts import NewMove, NewReason
from guantong.api.shapes.matters import NewDispatch, NewMatter, NewMerger, NewReturn, NewVerification
from guantong.kernel.refusals import Refusal
from guantong.supervision import matter_forms as forms
from guantong.supervision.models import Matter
from guantong.supervision.operations import matter_drafts, matters, merging, pauses, verifying
from guantong.supervision.queries.matters import matters_visible_to
from guantong.supervision.views.matter_drafts import matter_form, running_cycle
from guantong.ui.forms import valid

RUN = "supervision.run"
_act = acts_on(MATTER, "api-matter", RUN)
_reason = plain(forms.ReasonForm)


def _some_parts(row: Matter, data: dict[str, Any], call: Call) -> django_forms.Form:
    return forms.PartsForm(data, matter=row)


def _drafted(call: Call) -> Matter:
    cycle = running_cycle(call.request)
    form = matter_form(call.request, cycle, typed(call.body))
    valid(form)
    return matter_drafts.draft_matter(
        cycle=cycle, terms=form.terms(), parts=form.plans(), actor=call.acting, now=call.now
    )


def _amended(call: Call) -> Matter:
    row: Matter = MATTER.row(call)
    form = matter_form(call.request, row.cycle, typed(call.body))
    valid(form)
    return matter_drafts.amend_draft(
        matter=row, terms=form.terms(), parts=form.plans(), actor=call.acting, now=call.now
    )


def _reopened(call: Call) -> Matter:
    row: Matter = MATTER.row(call)
    given = valid(forms.PartsForm(typed(call.body), matter=row))
    if given["due_on"] is None:
        raise Refusal(gettext("请写明新的办结期限。"))
    return pauses.reopen_matter(matter=row, actor=call.acting, now=call.now, **given)


def _merged(call: Call) -> Matter:
    """Answers with the matter that was merged, which names the one it is in now."""
    row: Matter = MATTER.row(call)
    sent = cast(NewMerger, call.body)
    given = valid(forms.MergerForm(typed(sent)))
    into = matters_visible_to(call.acting).filter(cycle=row.cycle_id, number=given["number"]).first()
    if into is None:
        raise Refusal(gettext("本年度没有编号为 %(n)s 的督办事项。") % {"n": given["number"]})
    merging.merge_matter(matter=row, into=into, reason=given["reason"], actor=call.acting, now=call.now)
    return row


NEW_MATTER = Write(
    name="draftMatter", summary=_("拟写督办事项"), function=RUN, answers=MATTER.answers, body=NewMatter,
    do=_drafted, one=MATTER, leads_to="api-matter",
)  # fmt: skip
DRAFT = _act("amendMatter", _("修改督办事项草稿"), NewMatter, _amended)
REGISTRATION = _act("registerMatter", _("立项"), NewMove, done_to(MATTER, "matter", matters.register_matter))
DISPATCH = _act(
    "dispatchMatter", _("交办"), NewDispatch,
    done_to(MATTER, "matter", matters.dispatch_matter, plain(forms.SignByForm)),
)  # fmt: skip
VERIFICATION = _act(
    "verifyMatter", _("核查通过"), NewVerification,
    done_to(MATTER, "matter", verifying.verify_matter, plain(forms.ResultForm)), function=BUSINESS,
)  # fmt: skip
RETURN = _act(
    "sendMatterBack", _("退回一个或几个单位"), NewReturn,
    done_to(MATTER, "matter", verifying.send_back, _some_parts), function=BUSINESS,
)  # fmt: skip
CLOSING = _act("closeMatter", _("销号"), NewMove, done_to(MATTER, "matter", matters.strike_off))
SUSPENSION = _act(
    "suspendMatter", _("暂停督办事项"), NewReason, done_to(MATTER, "matter", pauses.suspend_matter, _reason)
)
RESUMPTION = _act("resumeMatter", _("恢复督办事项"), NewMove, done_to(MATTER, "matter", pauses.resume_matter))
CANCELLATION = _act(
    "cancelMatter", _("撤销督办事项"), NewReason, done_to(MATTER, "matter", pauses.cancel_matter, _reason)
)
REOPENING = _act("reopenMatter", _("重新打开督办事项，须写明新的期限"), NewReturn, _reopened)
MERGER = _act("mergeMatter", _("并入另一件督办事项"), NewMerger, _merged)
SUBSCRIPTION = _act(
    "followMatter", _("关注督办事项"), NewReason,
    done_to(MATTER, "matter", merging.follow_matter, _reason), function=BUSINESS,
)  # fmt: skip
SUBSCRIPTION_END = _act(
    "unfollowMatter", _("不再关注督办事项"), NewMove,
    done_to(MATTER, "matter", merging.stop_following), function=BUSINESS, hides=True,
)  # fmt: skip

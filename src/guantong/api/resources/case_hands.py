"""Acts on a unit's part of a case, on what it disputes, on a review and on a call-back."""

from __future__ import annotations

from typing import cast

from django.utils.translation import gettext_lazy as _

from guantong.api.contract.acts import Call
from guantong.api.contract.page_acts import acts_on, typed
from guantong.api.resources.cases import CASE
from guantong.api.resources.common import of_the_row
from guantong.api.shapes import cases as shapes
from guantong.cases.forms import office as forms
from guantong.cases.models import Case, Dispute, Handling
from guantong.cases.operations import assigning, closing, disputes, reviewing
from guantong.cases.queries.choosing import units_to_give
from guantong.ui.forms import valid

_act = acts_on(CASE, "api-case", "cases.handle")


def _handling(call: Call) -> tuple[Case, Handling]:
    row: Case = CASE.row(call)
    sent = cast(shapes.NewRelease, call.body)
    part: Handling = of_the_row(row.handlings.all(), sent.handling, _("承办单位"))
    return row, part


def _released(call: Call) -> Case:
    row, part = _handling(call)
    given = valid(forms.ReasonForm(typed(call.body)))
    assigning.release_unit(handling=part, actor=call.acting, now=call.now, **given)
    return row


def _disputed(call: Call) -> Case:
    row, part = _handling(call)
    given = valid(forms.ReasonForm(typed(call.body)))
    disputes.raise_dispute(handling=part, actor=call.acting, now=call.now, **given)
    return row


def _dispute_decided(call: Call) -> Case:
    row: Case = CASE.row(call)
    sent = cast(shapes.NewDisputeDecision, call.body)
    raised = Dispute.objects.filter(handling__case=row).select_related(
        "handling__case__cycle__unit", "handling__case__against"
    )
    dispute = of_the_row(raised, sent.dispute, _("管辖异议"))
    given = valid(forms.DisputeDecisionForm(typed(sent), units=units_to_give(row)))
    disputes.decide_dispute(dispute=dispute, actor=call.acting, now=call.now, **given)
    return row


def _review_answered(call: Call) -> Case:
    row: Case = CASE.row(call)
    sent = cast(shapes.NewReviewAnswer, call.body)
    asked = of_the_row(row.review_requests.all(), sent.review, _("复查申请"))
    given = valid(forms.ReviewAnswerForm(typed(sent)))
    reviewing.answer_review(request=asked, actor=call.acting, now=call.now, **given)
    return row


def _called_back(call: Call) -> Case:
    row: Case = CASE.row(call)
    sent = cast(shapes.NewCallBack, call.body)
    closure = of_the_row(row.closures.select_related("case"), sent.closure, _("办结"))
    form = forms.CallBackForm(typed(sent))
    valid(form)
    closing.record_call_back(closure=closure, actor=call.acting, now=call.now, **form.said())
    return row


RELEASE = _act("releaseUnit", _("撤回对一个单位的交办"), shapes.NewRelease, _released)
DISPUTE = _act("disputeCase", _("提出管辖异议"), shapes.NewRelease, _disputed)
DISPUTE_DECISION = _act(
    "decideDispute", _("答复管辖异议"), shapes.NewDisputeDecision, _dispute_decided, hides=True
)
REVIEW_ANSWER = _act(
    "answerReview", _("答复复查、复核申请"), shapes.NewReviewAnswer, _review_answered, hides=True
)
CALL_BACK = _act("recordCallBack", _("登记回访"), shapes.NewCallBack, _called_back, function="cases.run")

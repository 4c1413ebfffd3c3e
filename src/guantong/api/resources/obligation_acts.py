"""Acts on an obligation besides claiming it: the review of a claim, and moving its clock."""

from __future__ import annotations

from typing import cast

from django.utils.translation import gettext_lazy as _

from guantong.api.contract.acts import Call
from guantong.api.contract.page_acts import acts_on, done_to, plain, typed
from guantong.api.resources.common import of_the_row
from guantong.api.resources.obligations import OBLIGATION
from guantong.api.shapes.acts import NewDecision, NewExtension, NewMove, NewReview, NewSuspension
from guantong.obligations import forms, operations, timing
from guantong.obligations.models import Obligation
from guantong.ui.forms import valid

_act = acts_on(OBLIGATION, "api-obligation", "supervision.run")


def _reviewed(call: Call) -> Obligation:
    row: Obligation = OBLIGATION.row(call)
    sent = cast(NewReview, call.body)
    claim = of_the_row(row.claims.select_related("obligation__cycle__stored"), sent.claim, _("申报"))
    given = valid(forms.ReviewForm(typed(sent)))
    operations.review_claim(claim=claim, actor=call.acting, now=call.now, **given)
    return row


def _asked_for_time(call: Call) -> Obligation:
    row: Obligation = OBLIGATION.row(call)
    given = valid(forms.ExtensionForm(typed(call.body)))
    timing.ask_extension(obligation=row, asked_by=call.office, actor=call.acting, now=call.now, **given)
    return row


def _decided(call: Call) -> Obligation:
    row: Obligation = OBLIGATION.row(call)
    sent = cast(NewDecision, call.body)
    extension = of_the_row(row.extensions.all(), sent.extension, _("延期申请"))
    given = valid(forms.DecisionForm(typed(sent)))
    timing.decide_extension(extension=extension, actor=call.acting, now=call.now, **given)
    return row


REVIEW = _act(
    "reviewClaim", _("审核申报：通过，或写明理由退回"), NewReview, _reviewed, function="obligations.review"
)
EXTENSION = _act("askExtension", _("申请延期"), NewExtension, _asked_for_time, function="obligations.claim")
EXTENSION_DECISION = _act("decideExtension", _("答复延期申请"), NewDecision, _decided)
SUSPENSION = _act(
    "suspendObligation", _("暂停计时或免除"), NewSuspension,
    done_to(OBLIGATION, "obligation", timing.suspend, plain(forms.SuspensionForm)),
)  # fmt: skip
RESUMPTION = _act(
    "resumeObligation", _("恢复计时"), NewMove, done_to(OBLIGATION, "obligation", timing.resume)
)

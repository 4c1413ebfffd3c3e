"""Moving a case along its chain. What the applicant wrote, and how to reach them, is never taken or given here."""

from __future__ import annotations

from typing import Any

from django import forms as django_forms
from django.utils.translation import gettext_lazy as _

from guantong.api.contract.acts import Call
from guantong.api.contract.page_acts import acts_on, done_to, plain, typed
from guantong.api.resources.cases import CASE
from guantong.api.shapes import cases as shapes
from guantong.api.shapes.acts import NewMove, NewReason
from guantong.cases.forms import office as forms
from guantong.cases.models import Case
from guantong.cases.operations import accepting, answering, assigning, closing, periods, reopening, wishes
from guantong.cases.queries.choosing import hosts_to_choose, units_to_complain_of, units_to_give
from guantong.ui.forms import valid

HANDLE = "cases.handle"
_act = acts_on(CASE, "api-case", HANDLE)


def _party(row: Case, data: dict[str, Any], call: Call) -> django_forms.Form:
    return forms.PartyForm(data, units=units_to_complain_of(row.cycle))


def _assignment(row: Case, data: dict[str, Any], call: Call) -> django_forms.Form:
    return forms.AssignmentForm(data, units=units_to_give(row))


def _host(row: Case, data: dict[str, Any], call: Call) -> django_forms.Form:
    return forms.HostForm(data, hosts=hosts_to_choose(row), replaces=row.host_id is not None)


def _accepted(call: Call) -> Case:
    """Null says that it is against no unit, as the empty choice of the page does."""
    row: Case = CASE.row(call)
    given = valid(forms.AcceptanceForm(typed(call.body), units=units_to_complain_of(row.cycle)))
    given["against_nobody"] = given["against"] is None
    accepting.accept_case(case=row, actor=call.acting, now=call.now, **given)
    return row


def _to(operation: Any, form: Any = None) -> Any:
    return done_to(CASE, "case", operation, form)


ACCEPTANCE = _act("acceptCase", _("受理诉求"), shapes.NewAcceptance, _accepted, hides=True)
AMENDMENT = _act(
    "amendCase", _("修改诉求的标题或被投诉单位"), shapes.NewAmendment, _to(accepting.amend_case, _party),
    hides=True,
)  # fmt: skip
REFUSAL = _act(
    "refuseCase", _("不予受理，理由当事人会看到"), NewReason,
    _to(accepting.refuse_case, plain(forms.ToldReasonForm)),
)  # fmt: skip
REFERRAL = _act(
    "referCase", _("移送其他渠道"), shapes.NewReferral, _to(accepting.refer_case, plain(forms.ReferralForm))
)
ASSIGNMENT = _act(
    "assignCase", _("把诉求交给一个单位办理"), shapes.NewAssignment, _to(assigning.assign_case, _assignment)
)
HOST = _act("setCaseHost", _("确定包案领导"), shapes.NewHost, _to(assigning.set_host, _host))
EXTENSION = _act(
    "extendCase", _("延长办理期限"), shapes.NewCaseExtension,
    _to(periods.extend_case, plain(forms.ExtensionForm)),
)  # fmt: skip
PAUSE = _act("pauseCase", _("暂停计时"), shapes.NewPause, _to(periods.pause_case, plain(forms.PauseForm)))
RESUMPTION = _act("resumeCase", _("恢复计时"), NewMove, _to(periods.resume_case))
ANSWER = _act(
    "answerCase", _("答复当事人，内容加密保存"), shapes.NewAnswer,
    _to(answering.answer_case, plain(forms.AnswerForm)),
)  # fmt: skip
CLOSING = _act(
    "closeCase",
    _("单方办结，理由当事人会看到"),
    NewReason,
    _to(closing.close_case, plain(forms.ToldReasonForm)),
)
REOPENING = _act(
    "reopenCase", _("重新办理"), NewReason, _to(reopening.reopen_case, plain(forms.ToldReasonForm))
)
WITHDRAWAL = _act(
    "withdrawCase", _("按当事人的要求撤回"), NewReason, _to(wishes.withdraw_case, plain(forms.ReasonForm))
)

"""The acts open to the office acted for on one case now; what it may not do, it is not shown."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from guantong.accounts.middleware import Request
from guantong.cases import chain, rules
from guantong.cases.choices import CaseStage, ClockKind
from guantong.cases.forms import office as shapes
from guantong.cases.models import Case, Dispute, Handling
from guantong.cases.operations.acts import Act
from guantong.cases.operations.disputes import dispute_by
from guantong.cases.operations.periods import OF_THE_OFFICE
from guantong.cases.queries.choosing import hosts_to_choose, units_to_complain_of, units_to_give
from guantong.cases.terms import terms_of
from guantong.obligations.choices import Part
from guantong.organisation.models import Unit
from guantong.ui.tags.marks import moment


@dataclass(frozen=True, slots=True)
class OpenAct:
    """A button, or a form that opens in place. ``main``: a next step; ``is_open``: it stands open."""

    title: str
    url: str
    form: forms.Form | None = None
    lead: str = ""
    main: bool = False
    is_open: bool = False
    danger: bool = False
    confirm: str = ""


class Desk:
    """One look at one case from one office."""

    def __init__(self, request: Request, case: Case) -> None:
        self.request, self.case, self.acting = request, case, request.acting
        self.runs, self.carries = rules.may_run(self.acting, case), rules.may_carry(self.acting, case)
        self.answers = rules.may_answer(self.acting, case)
        self.paused = case.pauses.filter(ends_on__isnull=True).exists()

    def can(self, verb: str) -> bool:
        return chain.may_follow(self.case, verb)

    def form(self, made: type[forms.Form], key: str, **given: Any) -> forms.Form:
        """A form whose fields have ids of their own on the page."""
        return made(auto_id=f"id_{key}_%s", **given)

    def url(self, name: str, pk: int | None = None) -> str:
        return reverse(name, args=[pk or self.case.pk])

    @cached_property
    def handlings(self) -> list[Handling]:
        return list(
            self.case.handlings.filter(released_on__isnull=True).select_related("unit").order_by("pk")
        )

    @cached_property
    def units(self) -> QuerySet[Unit]:
        return units_to_give(self.case)

    def has_running(self, *kinds: str) -> bool:
        clocks = self.case.clocks.filter(met_on__isnull=True, dropped_on__isnull=True, kind__in=kinds)
        return clocks.exists()


def acts_open(request: Request, case: Case) -> list[OpenAct]:
    """The next steps first."""
    desk = Desk(request, case)
    found = [
        *_checking(desk),
        *_disputes(desk),
        *_working(desk),
        *_ending(desk),
        *_timing(desk),
        *_on_behalf(desk),
    ]
    return sorted(found, key=lambda each: not each.main)


def _checking(desk: Desk) -> Iterator[OpenAct]:
    case = desk.case
    if not desk.runs:
        return
    units = units_to_complain_of(case.cycle)
    if desk.can("accept"):
        known = {"title": case.title, "kind": case.kind, "against": case.against_id}
        form = desk.form(shapes.AcceptanceForm, "accept", units=units, initial=known)
        yield OpenAct(_("受理"), desk.url("case-acceptance"), form, main=True, is_open=True)
    if desk.can("refuse"):
        form = desk.form(shapes.ToldReasonForm, "refuse")
        yield OpenAct(_("不予受理"), desk.url("case-refusal"), form, main=True)
    if desk.can("refer"):
        form, main = desk.form(shapes.ReferralForm, "refer"), case.stage == CaseStage.REGISTERED
        lead = _("属于信访、热线、诉讼、纪检等法定渠道的，移送并注明，这里不再另计期限。")
        yield OpenAct(_("移送其他渠道"), desk.url("case-referral"), form, lead=lead, main=main)
    if case.stage in chain.WORKED_ON:
        known = {"title": case.title, "against": case.against_id}
        form = desk.form(shapes.PartyForm, "amend", units=units, initial=known)
        yield OpenAct(_("修改标题或被投诉单位"), desk.url("case-amendment"), form)


def _disputes(desk: Desk) -> Iterator[OpenAct]:
    waiting = Dispute.objects.filter(handling__in=desk.handlings, upheld__isnull=True).select_related(
        "handling__unit", "handling__assigned_by", "handling__case__cycle__unit", "handling__case__unit",
        "handling__case__against",
    )  # fmt: skip
    open_ones = {each.handling_id for each in waiting}
    for each in waiting:
        if rules.may_decide_dispute(desk.acting, each):
            title = _("答复“%(unit)s”的管辖异议") % {"unit": each.handling.unit}
            form = desk.form(shapes.DisputeDecisionForm, f"decide{each.pk}", units=desk.units)
            lead = _("%(reason)s（最迟 %(day)s 答复）") % {"reason": each.reason, "day": moment(each.due_on)}
            yield OpenAct(
                title, desk.url("case-dispute-decision", each.pk), form, lead=lead, main=True, is_open=True
            )
    act = Act(desk.case, desk.acting, desk.request.now)
    for part in desk.handlings:
        last = dispute_by(act, part)
        raised = part.disputes.filter(raised_at__gte=part.assigned_at).exists()
        if (
            rules.may_dispute(desk.acting, part)
            and part.pk not in open_ones
            and not raised
            and act.today <= last
        ):
            form = desk.form(shapes.ReasonForm, f"dispute{part.pk}")
            lead = _("认为不属于本单位职责的，最迟 %(day)s 提出。") % {"day": moment(last)}
            yield OpenAct(_("提出管辖异议"), desk.url("case-dispute", part.pk), form, lead=lead)


def _working(desk: Desk) -> Iterator[OpenAct]:
    case = desk.case
    if desk.answers and desk.can("answer") and not desk.paused:
        form = desk.form(shapes.AnswerForm, "answer")
        leads = rules.leads(desk.acting, case)
        yield OpenAct(_("答复当事人"), desk.url("case-answer"), form, main=True, is_open=leads)
    if desk.carries and desk.can("assign"):
        has_lead = any(each.part == Part.LEAD for each in desk.handlings)
        form = desk.form(shapes.AssignmentForm, "assign", units=desk.units, has_lead=has_lead)
        waits = not desk.handlings
        yield OpenAct(_("交办"), desk.url("case-assignments"), form, main=waits, is_open=waits)
        for part in desk.handlings:
            title = _("撤回对“%(unit)s”的交办") % {"unit": part.unit}
            form = desk.form(shapes.ReasonForm, f"release{part.pk}")
            yield OpenAct(title, desk.url("case-release", part.pk), form)
    if desk.runs and desk.can("host"):
        form = desk.form(
            shapes.HostForm, "host", hosts=hosts_to_choose(case), replaces=case.host_id is not None
        )
        title = _("更换包案领导") if case.host_id else _("确定包案领导")
        yield OpenAct(title, desk.url("case-host"), form, lead=_("谁接待谁包案，一包到底。"))


def _ending(desk: Desk) -> Iterator[OpenAct]:
    case = desk.case
    pending = case.review_requests.filter(answer__isnull=True).order_by("pk").last()
    if pending is not None and rules.may_review(desk.acting, case):
        form = desk.form(shapes.ReviewAnswerForm, "review")
        title = _("答复复核申请") if pending.second else _("答复复查申请")
        yield OpenAct(title, desk.url("case-review", pending.pk), form, main=True, is_open=True)
    if desk.can("close") and pending is None and rules.may_close(desk.acting, case):
        form = desk.form(shapes.ToldReasonForm, "close")
        lead = _("当事人没有表示已解决时使用；这类诉求回访的比例更高。")
        yield OpenAct(_("单方办结"), desk.url("case-closing"), form, lead=lead, main=True)
    if desk.carries and desk.can("reopen"):
        form = desk.form(shapes.ToldReasonForm, "reopen")
        yield OpenAct(_("重新办理"), desk.url("case-reopening"), form)
    closure = case.closures.filter(
        round=case.reopened + 1, drawn_in__isnull=False, called_back__isnull=True
    ).first()
    if closure is not None and rules.may_call_back(desk.acting, case):
        form = desk.form(shapes.CallBackForm, "call")
        lead = _("已抽中回访，请联系当事人。")
        yield OpenAct(
            _("登记回访"), desk.url("case-call-back", closure.pk), form, lead=lead, main=True, is_open=True
        )


def _timing(desk: Desk) -> Iterator[OpenAct]:
    case = desk.case
    clock = case.clocks.filter(kind=ClockKind.CLOSE, met_on__isnull=True, dropped_on__isnull=True).first()
    today = desk.request.today
    extendable = clock and not clock.extended_days and today <= clock.due_on and not desk.paused
    if extendable and rules.may_extend(desk.acting, case):
        form = desk.form(shapes.ExtensionForm, "extend")
        lead = _("只能延长一次，最多 %(n)s 天。") % {"n": terms_of(case.cycle.package).extend.number}
        yield OpenAct(_("延长办理期限"), desk.url("case-extension"), form, lead=lead)
    if not desk.answers:
        return
    if desk.paused:
        yield OpenAct(_("恢复计时"), desk.url("case-resumption"), main=True)
    elif desk.can("pause") and desk.has_running(*OF_THE_OFFICE):
        form = desk.form(shapes.PauseForm, "pause")
        yield OpenAct(_("暂停计时"), desk.url("case-pause"), form)


def _on_behalf(desk: Desk) -> Iterator[OpenAct]:
    """What the applicant asks for at the window or on the telephone."""
    case = desk.case
    if not desk.runs or case.subject.erased_at:
        return
    known = {"name": str(case.name or ""), "contact": str(case.contact or "")}
    form = desk.form(shapes.ContactForm, "contact", initial=known)
    yield OpenAct(_("按当事人要求更正称呼或联系方式"), desk.url("case-contact"), form)
    if desk.can("withdraw"):
        form = desk.form(shapes.ReasonForm, "withdraw")
        yield OpenAct(_("按当事人要求撤回"), desk.url("case-withdrawal"), form)

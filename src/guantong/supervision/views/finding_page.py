"""One finding on a page: its way so far as steps, and the forms of what can be done now."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guantong.accounts.middleware import Request
from guantong.accounts.models import Office
from guantong.mechanisms.package import Package
from guantong.supervision.choices import FindingStage, LadderStep
from guantong.supervision.models import Finding, Ruling
from guantong.supervision.queries import findings as queries
from guantong.supervision.rules import findings as rules
from guantong.supervision.views import tabs
from guantong.ui.forms import DAY


def _text(label: object, *, most: int, rows: int = 3, help_text: object = "") -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, max_length=most, widget=widget, help_text=help_text)  # type: ignore[arg-type]


class DraftForm(forms.Form):
    text = _text(gettext_lazy("发现的问题"), most=500, help_text=gettext_lazy("写事实，不写个人姓名。"))
    basis = _text(
        gettext_lazy("依据"), most=300, rows=2, help_text=gettext_lazy("哪份材料、哪次检查、哪条记录。")
    )
    rule_cited = forms.CharField(
        label=gettext_lazy("引用的规定"),
        max_length=300,
        required=False,
        help_text=gettext_lazy("文件名称和条款。"),
    )
    kind = forms.ChoiceField(label=gettext_lazy("考核中的类别"), required=False)

    def __init__(self, *args: Any, kinds: dict[str, str], **more: Any) -> None:
        super().__init__(*args, **more)
        choices = [("", _("不计入考核")), *kinds.items()]
        self.fields["kind"].choices = choices  # type: ignore[attr-defined]


class NoticeForm(forms.Form):
    reply_by = forms.DateField(label=gettext_lazy("答复期限"), widget=DAY)


class ReplyForm(forms.Form):
    text = _text(gettext_lazy("答复意见"), most=2000, rows=5)


class RulingForm(forms.Form):
    upheld = forms.TypedChoiceField(
        label=gettext_lazy("认定"),
        choices=[("yes", gettext_lazy("问题成立")), ("no", gettext_lazy("问题不成立"))],
        coerce=lambda value: value == "yes",
    )
    reason = _text(gettext_lazy("认定理由"), most=2000, rows=4)
    measure = forms.ChoiceField(label=gettext_lazy("措施"), required=False)

    def __init__(self, *args: Any, package: Package, **more: Any) -> None:
        super().__init__(*args, **more)
        steps = [(step, LadderStep(step).label) for step in rules.ladder_of(package)]
        self.fields["measure"].choices = [("", _("不采取措施")), *steps]  # type: ignore[attr-defined]


class RecheckForm(forms.Form):
    reason = _text(gettext_lazy("申请理由"), most=2000, rows=4)


class RecheckDecisionForm(forms.Form):
    kept = forms.TypedChoiceField(
        label=gettext_lazy("复核决定"),
        choices=[("yes", gettext_lazy("维持认定")), ("no", gettext_lazy("撤销认定"))],
        coerce=lambda value: value == "yes",
    )
    decision = _text(gettext_lazy("复核理由"), most=2000, rows=4)


def page_of(finding: Finding, request: Request) -> dict[str, Any]:
    today, package = request.today, finding.cycle.package
    ruling = getattr(finding, "ruling", None)
    recheck = getattr(ruling, "recheck", None)
    kinds = rules.finding_kinds(package)
    forms_open = _forms_open(finding, request, ruling, kinds)
    refers = ruling is not None and ruling.measure == LadderStep.REFER
    return {
        "tabs": tabs("findings", request.acting),
        "item": finding,
        "kind": kinds.get(finding.kind, finding.kind),
        "steps": steps_of(finding),
        "next": queries.next_step(finding, on=today),
        "ruling": ruling,
        "recheck": recheck,
        "is_overdue": recheck is not None and rules.is_overdue(recheck, today),
        "until": rules.recheck_until(ruling, package) if ruling else None,
        "stands_aside": _stands_aside(finding, request, ruling),
        "has_side": bool(forms_open["notice_form"] or forms_open["recheck_form"] or refers),
        **forms_open,
    }


def _forms_open(
    finding: Finding, request: Request, ruling: Ruling | None, kinds: dict[str, str]
) -> dict[str, forms.Form | None]:
    """What this office can do with the finding now; None for what it cannot."""
    acting, today, package, stage = request.acting, request.today, finding.cycle.package, finding.stage
    found: dict[str, forms.Form | None] = dict.fromkeys(
        ("draft_form", "notice_form", "reply_form", "ruling_form", "recheck_form", "decision_form")
    )
    if stage == FindingStage.DRAFTED and rules.may_find(acting, finding.unit):
        initial = {name: getattr(finding, name) for name in ("text", "basis", "rule_cited", "kind")}
        found["draft_form"] = DraftForm(initial=initial, kinds=kinds)
        reply_by = rules.default_reply_by(finding.cycle, today)
        found["notice_form"] = NoticeForm(initial={"reply_by": reply_by})
    if stage == FindingStage.NOTIFIED and rules.may_answer(acting, finding):
        found["reply_form"] = ReplyForm()
    if _may_be_ruled_on(finding, today) and rules.may_rule(acting, finding):
        found["ruling_form"] = RulingForm(package=package)
    if ruling is None:
        return found
    in_time = today <= rules.recheck_until(ruling, package)
    if stage == FindingStage.RULED and in_time and rules.may_answer(acting, finding):
        found["recheck_form"] = RecheckForm()
    if stage == FindingStage.RECHECKING and rules.may_recheck(acting, finding, ruling):
        found["decision_form"] = RecheckDecisionForm()
    return found


def _stands_aside(finding: Finding, request: Request, ruling: Ruling | None) -> bool:
    """Whether this office may decide such things, but not this one: it found it, or ruled on it."""
    acting = request.acting
    if not rules.may_decide(acting, finding):
        return False
    if finding.stage == FindingStage.RECHECKING and ruling is not None:
        return not rules.may_recheck(acting, finding, ruling)
    return _may_be_ruled_on(finding, request.today) and not rules.may_rule(acting, finding)


def _may_be_ruled_on(finding: Finding, today: dt.date) -> bool:
    """The unit was heard, or let its day pass."""
    if finding.stage == FindingStage.REPLIED:
        return True
    return finding.stage == FindingStage.NOTIFIED and today > finding.notice.reply_by


def steps_of(finding: Finding) -> list[dict[str, Any]]:
    """What happened, oldest first."""
    steps = [_step(_("提出问题"), finding.found_by, finding.found_at)]
    if notice := getattr(finding, "notice", None):
        words = _("答复期到 %(day)s") % {"day": notice.reply_by}
        steps.append(_step(_("告知单位"), notice.sent_by, notice.sent_at, words))
    if reply := getattr(finding, "reply", None):
        steps.append(_step(_("单位答复"), reply.replied_by, reply.replied_at, reply.text))
    if ruling := getattr(finding, "ruling", None):
        steps.append(_step(_ruled(ruling), ruling.ruled_by, ruling.ruled_at, ruling.reason))
    if recheck := getattr(ruling, "recheck", None):
        steps.append(_step(_("申请复核"), recheck.asked_by, recheck.asked_at, recheck.reason))
        if recheck.kept is not None:
            what = _("复核：维持认定") if recheck.kept else _("复核：撤销认定")
            steps.append(_step(what, recheck.decided_by, recheck.decided_at, recheck.decision))
    return steps


def _step(what: str, who: Office | None, when: dt.datetime | None, reason: str = "") -> dict[str, Any]:
    return {"what": what, "who": who, "when": when, "reason": reason}


def _ruled(ruling: Ruling) -> str:
    what = _("认定：问题成立") if ruling.upheld else _("认定：问题不成立")
    if not ruling.measure:
        return what
    return _("%(ruling)s，%(measure)s") % {"ruling": what, "measure": ruling.get_measure_display()}

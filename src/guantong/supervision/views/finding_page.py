"""One finding on a page: its way so far as steps, and the forms of what can be done now."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guantong.accounts.middleware import Request
from guantong.mechanisms.package import Package
from guantong.supervision.choices import FindingStage, LadderStep
from guantong.supervision.models import Finding
from guantong.supervision.queries import findings as queries
from guantong.supervision.rules import findings as rules
from guantong.supervision.views import tabs

DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


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
    acting, today, package = request.acting, request.today, finding.cycle.package
    ruling = getattr(finding, "ruling", None)
    recheck = getattr(ruling, "recheck", None)
    notice = getattr(finding, "notice", None)
    kinds = rules.finding_kinds(package)
    stage = finding.stage
    heard = stage == FindingStage.REPLIED or (notice is not None and today > notice.reply_by)
    may_find = stage == FindingStage.DRAFTED and rules.may_find(acting, finding.unit)
    may_answer = rules.may_answer(acting, finding)
    until = rules.recheck_until(ruling, package) if ruling else None
    initial = {name: getattr(finding, name) for name in ("text", "basis", "rule_cited", "kind")}
    reply_by = rules.default_reply_by(finding.cycle.year, today)
    page = {
        "tabs": tabs("findings", request.acting),
        "item": finding,
        "kind": kinds.get(finding.kind, finding.kind),
        "steps": steps_of(finding),
        "next": queries.next_step(finding, on=today),
        "ruling": ruling,
        "recheck": recheck,
        "is_overdue": recheck is not None and rules.is_overdue(recheck, today),
        "until": until,
        "draft_form": DraftForm(initial=initial, kinds=kinds) if may_find else None,
        "notice_form": NoticeForm(initial={"reply_by": reply_by}) if may_find else None,
        "reply_form": ReplyForm() if may_answer and stage == FindingStage.NOTIFIED else None,
        "ruling_form": RulingForm(package=package)
        if stage in (FindingStage.NOTIFIED, FindingStage.REPLIED)
        and heard
        and rules.may_rule(acting, finding)
        else None,
        "recheck_form": RecheckForm()
        if may_answer and stage == FindingStage.RULED and until is not None and today <= until
        else None,
        "decision_form": RecheckDecisionForm()
        if stage == FindingStage.RECHECKING and ruling and rules.may_recheck(acting, finding, ruling)
        else None,
    }
    refers = ruling is not None and ruling.measure == LadderStep.REFER
    page["has_side"] = bool(page["notice_form"] or page["recheck_form"] or refers)
    return page


def steps_of(finding: Finding) -> list[dict[str, Any]]:
    """What happened, oldest first."""
    steps: list[dict[str, Any]] = [
        {"what": _("提出问题"), "who": finding.found_by, "when": finding.found_at, "reason": ""}
    ]
    if notice := getattr(finding, "notice", None):
        words = _("答复期到 %(day)s") % {"day": notice.reply_by}
        steps.append({"what": _("告知单位"), "who": notice.sent_by, "when": notice.sent_at, "reason": words})
    if reply := getattr(finding, "reply", None):
        steps.append(
            {
                "what": _("单位答复"),
                "who": reply.replied_by,
                "when": reply.replied_at,
                "reason": reply.text,
            }
        )
    if ruling := getattr(finding, "ruling", None):
        what = _("认定：问题成立") if ruling.upheld else _("认定：问题不成立")
        if ruling.measure:
            what = _("%(ruling)s，%(measure)s") % {"ruling": what, "measure": ruling.get_measure_display()}
        steps.append({"what": what, "who": ruling.ruled_by, "when": ruling.ruled_at, "reason": ruling.reason})
        if recheck := getattr(ruling, "recheck", None):
            steps.append(
                {
                    "what": _("申请复核"),
                    "who": recheck.asked_by,
                    "when": recheck.asked_at,
                    "reason": recheck.reason,
                }
            )
            if recheck.kept is not None:
                steps.append(
                    {
                        "what": _("复核：维持认定") if recheck.kept else _("复核：撤销认定"),
                        "who": recheck.decided_by,
                        "when": recheck.decided_at,
                        "reason": recheck.decision,
                    }
                )
    return steps

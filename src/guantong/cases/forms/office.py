"""What offices type about cases."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from guantong.accounts.models import Office
from guantong.cases.choices import CaseKind, CaseStage, Elsewhere, Outcome, PauseReason
from guantong.cases.models import Case, Proposal
from guantong.obligations.choices import Part
from guantong.organisation.models import Unit
from guantong.ui.forms import DAY

FEW_LINES = forms.Textarea(attrs={"rows": 3})
ALL = ("", _("全部"))
NOBODY = "nobody"
READ_BY_APPLICANT = _("当事人会看到。")


class CaseFilter(forms.Form):
    """Filters of the list; whatever the address gets wrong is ignored."""

    q = forms.CharField(label=_("标题或编号"), required=False, max_length=100)
    stage = forms.ChoiceField(label=_("阶段"), required=False, choices=[ALL, *CaseStage.choices])
    kind = forms.ChoiceField(label=_("类别"), required=False, choices=[ALL, *CaseKind.choices])
    mine = forms.ChoiceField(
        label=_("与我有关"), required=False, choices=[ALL, ("unit", _("本单位办理")), ("host", _("我包案"))]
    )
    overdue = forms.BooleanField(label=_("只看逾期"), required=False)
    to_host = forms.BooleanField(label=_("只看建议领导包案"), required=False)
    cycle = forms.IntegerField(required=False, widget=forms.HiddenInput)


class UnitField(forms.ModelChoiceField[Unit]):
    def __init__(self, label: Any, **kwargs: Any) -> None:
        super().__init__(label=label, queryset=Unit.objects.none(), empty_label=_("请选择"), **kwargs)


class PartyForm(forms.Form):
    """With the unit complained of; a complaint against none says so."""

    title = forms.CharField(label=_("标题"), max_length=200, help_text=_("只写什么事，不写是谁，不写电话。"))
    against = UnitField(
        _("被投诉的单位"), required=False, help_text=_("它和它的下属单位看不到这件诉求，也不能办理。")
    )

    def __init__(self, *args: Any, units: QuerySet[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["against"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset, field.empty_label = units, str(_("不针对某个单位"))


class AcceptanceForm(PartyForm):
    kind = forms.ChoiceField(label=_("类别"), choices=CaseKind.choices)
    told = forms.CharField(
        label=_("告知当事人"), max_length=500, required=False, widget=FEW_LINES, help_text=READ_BY_APPLICANT
    )
    field_order = ("title", "kind", "against", "told")


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("理由"), max_length=500, widget=FEW_LINES)


class ToldReasonForm(forms.Form):
    reason = forms.CharField(label=_("理由"), max_length=500, widget=FEW_LINES, help_text=READ_BY_APPLICANT)


class ReferralForm(forms.Form):
    elsewhere = forms.ChoiceField(label=_("移送到"), choices=Elsewhere.choices)
    told = forms.CharField(
        label=_("告知当事人"),
        max_length=500,
        widget=FEW_LINES,
        help_text=_("写明移送到哪里、怎样联系。当事人会看到。"),
    )


class AssignmentForm(forms.Form):
    unit = UnitField(_("交给哪个单位"))
    part = forms.ChoiceField(
        label=_("承担方式"),
        choices=[(Part.LEAD, Part.LEAD.label), (Part.COOPERATING, Part.COOPERATING.label)],
    )
    wording = forms.CharField(label=_("要做什么"), max_length=300, required=False)

    def __init__(self, *args: Any, units: QuerySet[Unit], has_lead: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units  # type: ignore[attr-defined]
        if has_lead:
            self.fields["part"].initial = Part.COOPERATING


class OfficeField(forms.ModelChoiceField[Office]):
    def label_from_instance(self, obj: Office) -> str:
        return f"{obj} · {obj.unit}"


class HostForm(forms.Form):
    host = OfficeField(label=_("包案领导"), queryset=Office.objects.none(), empty_label=_("请选择"))
    reason = forms.CharField(
        label=_("更换的理由"),
        max_length=500,
        required=False,
        widget=FEW_LINES,
        help_text=_("已有包案领导的必填。"),
    )

    def __init__(self, *args: Any, hosts: QuerySet[Office], replaces: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["host"].queryset = hosts  # type: ignore[attr-defined]
        if not replaces:
            del self.fields["reason"]


class ExtensionForm(forms.Form):
    days = forms.IntegerField(label=_("延长几天"), min_value=1, max_value=366)
    reason = forms.CharField(label=_("理由"), max_length=300, widget=FEW_LINES, help_text=READ_BY_APPLICANT)


class PauseForm(forms.Form):
    reason = forms.ChoiceField(
        label=_("为什么暂停"), choices=PauseReason.choices, help_text=READ_BY_APPLICANT
    )
    note = forms.CharField(label=_("说明"), max_length=300, required=False, help_text=READ_BY_APPLICANT)


class AnswerForm(forms.Form):
    wording = forms.CharField(
        label=_("答复内容"), max_length=4000, widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("加密保存，当事人凭查询码看到。"),
    )  # fmt: skip
    outcome = forms.ChoiceField(label=_("办理结果"), choices=Outcome.choices)


class ReviewAnswerForm(AnswerForm):
    upheld = forms.TypedChoiceField(
        label=_("复查结论"), coerce=lambda value: value == "yes",
        choices=[("yes", _("维持原答复")), ("no", _("撤销原答复，重新办理"))],
    )  # fmt: skip
    field_order = ("upheld", "outcome", "wording")


class DisputeDecisionForm(forms.Form):
    upheld = forms.TypedChoiceField(
        label=_("答复"), coerce=lambda value: value == "yes",
        choices=[("yes", _("异议成立，不由该单位办理")), ("no", _("异议不成立，继续办理"))],
    )  # fmt: skip
    pass_to = UnitField(_("改交"), required=False)
    decision = forms.CharField(label=_("理由"), max_length=500, widget=FEW_LINES)

    def __init__(self, *args: Any, units: QuerySet[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["pass_to"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset, field.empty_label = units, str(_("以后再定"))


class CallBackForm(forms.Form):
    result = forms.ChoiceField(
        label=_("回访结果"),
        choices=[("yes", _("联系上了，已解决")), ("no", _("联系上了，没有解决")), ("away", _("没有联系上"))],
    )
    stars = forms.TypedChoiceField(
        label=_("当事人打几分"), coerce=int, empty_value=None, required=False,
        choices=[("", _("没有打分")), *((n, str(n)) for n in range(5, 0, -1))],
    )  # fmt: skip

    def said(self) -> dict[str, Any]:
        result = self.cleaned_data["result"]
        reached = result != "away"
        stars = self.cleaned_data["stars"] if reached else None
        return {"reached": reached, "solved": result == "yes" if reached else None, "stars": stars}


class ContactForm(forms.Form):
    name = forms.CharField(label=_("称呼"), max_length=100, required=False)
    contact = forms.CharField(label=_("联系方式"), max_length=200, required=False)


class GatheringForm(forms.Form):
    """Cases to gather with this one, into a new proposal or one there is."""

    proposal = forms.ModelChoiceField(
        label=_("归入已有的建议"), queryset=Proposal.objects.none(), required=False, empty_label=_("新建一项")
    )
    cases = forms.ModelMultipleChoiceField(
        label=_("同类诉求"), queryset=Case.objects.none(), required=False, widget=forms.CheckboxSelectMultiple
    )
    title = forms.CharField(label=_("建议的标题"), max_length=200, required=False)
    reason = forms.CharField(
        label=_("为什么归并、建议做什么"), max_length=2000, required=False, widget=FEW_LINES
    )

    def __init__(
        self, *args: Any, cases: QuerySet[Case], proposals: QuerySet[Proposal], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["cases"].queryset = cases  # type: ignore[attr-defined]
        self.fields["proposal"].queryset = proposals  # type: ignore[attr-defined]


class DrawForm(forms.Form):
    since = forms.DateField(label=_("办结日期从"), widget=DAY)
    until = forms.DateField(label=_("到"), widget=DAY)
    seed_source = forms.CharField(
        label=_("种子从哪里来"), max_length=300,
        help_text=_("让任何人都查得到，例如某日某期彩票的开奖号码。"),
    )  # fmt: skip
    seed_on = forms.DateField(label=_("种子哪天产生"), widget=DAY, help_text=_("须在今天以后。"))


class SeedForm(forms.Form):
    seed = forms.CharField(label=_("种子"), max_length=200)

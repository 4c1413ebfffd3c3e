"""The shapes of what people type about matters."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from guantong.obligations.choices import Light, Part
from guantong.organisation.models import Unit
from guantong.supervision.choices import MatterStage, Origin
from guantong.supervision.models import Matter, MatterPart
from guantong.supervision.operations.matter_drafts import PartPlan, Terms
from guantong.ui.forms import DAY

FEW_LINES = forms.Textarea(attrs={"rows": 2})
ALL = ("", _("全部"))


class MatterFilter(forms.Form):
    """Filters of the list; whatever the address gets wrong is ignored."""

    q = forms.CharField(label=_("事项或编号"), required=False, max_length=100)
    stage = forms.ChoiceField(label=_("阶段"), required=False, choices=[ALL, *MatterStage.choices])
    kind = forms.ChoiceField(label=_("类别"), required=False)
    origin = forms.ChoiceField(label=_("事项来源"), required=False, choices=[ALL, *Origin.choices])
    light = forms.ChoiceField(label=_("亮灯"), required=False, choices=[ALL, *Light.choices])
    late = forms.BooleanField(label=_("只看超期未签收"), required=False)
    cycle = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, kinds: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [ALL, *kinds]  # type: ignore[attr-defined]


class MatterForm(forms.Form):
    """One form for the whole draft."""

    title = forms.CharField(label=_("督办什么"), max_length=300, widget=FEW_LINES)
    kind = forms.ChoiceField(label=_("类别"))
    origin = forms.ChoiceField(label=_("事项来源"), choices=Origin.choices)
    basis = forms.CharField(
        label=_("依据"), help_text=_("哪次批示、哪次会议或哪份文件，写明文号或日期。"), max_length=300
    )
    detail = forms.CharField(
        label=_("具体要求"), required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 3})
    )
    due_on = forms.DateField(label=_("办结期限"), required=False, widget=DAY)
    report_days = forms.IntegerField(
        label=_("每隔几天报告一次进展"), required=False, min_value=1, max_value=366
    )
    lead = forms.ModelChoiceField(
        label=_("牵头单位"), queryset=Unit.objects.none(), empty_label=_("请选择"),
        help_text=_("几家一起办的，由牵头单位统一反馈。"),
    )  # fmt: skip
    cooperating = forms.ModelMultipleChoiceField(
        label=_("配合单位"), queryset=Unit.objects.none(), required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    target = forms.DecimalField(
        label=_("牵头单位的目标数"), required=False, min_value=0, max_digits=14, decimal_places=2
    )
    target_unit = forms.CharField(label=_("目标的单位"), required=False, max_length=40)

    def __init__(
        self, *args: Any, kinds: list[tuple[str, str]], units: QuerySet[Unit], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = kinds  # type: ignore[attr-defined]
        for name in ("lead", "cooperating"):
            self.fields[name].queryset = units  # type: ignore[attr-defined]

    def terms(self) -> Terms:
        wanted = {"kind", "title", "origin", "basis", "detail", "due_on"}
        return Terms(**{key: value for key, value in self.cleaned_data.items() if key in wanted})

    def plans(self) -> list[PartPlan]:
        typed = self.cleaned_data
        lead = PartPlan(
            typed["lead"], Part.LEAD, target=typed["target"], target_unit=typed["target_unit"],
            report_days=typed["report_days"],
        )  # fmt: skip
        return [
            lead,
            *(
                PartPlan(unit, Part.COOPERATING, report_days=typed["report_days"])
                for unit in typed["cooperating"]
                if unit != typed["lead"]
            ),
        ]


class SignByForm(forms.Form):
    sign_by = forms.DateField(label=_("请各单位签收的最后一天"), widget=DAY)


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("理由"), max_length=500, widget=FEW_LINES)


class ResultForm(forms.Form):
    result = forms.CharField(
        label=_("核查结果"), help_text=_("怎样核查的、看到了什么。"), max_length=500, widget=FEW_LINES
    )


class PartsForm(ReasonForm):
    """A reason, some of the matter's units, and a day."""

    parts = forms.ModelMultipleChoiceField(
        label=_("哪些单位"), queryset=MatterPart.objects.none(), widget=forms.CheckboxSelectMultiple
    )
    due_on = forms.DateField(label=_("新的办结期限"), required=False, widget=DAY)

    def __init__(self, *args: Any, matter: Matter, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found = MatterPart.objects.filter(matter=matter).select_related("unit").order_by("pk")
        self.fields["parts"].queryset = found  # type: ignore[attr-defined]


class MergerForm(ReasonForm):
    number = forms.IntegerField(label=_("并入几号"), min_value=1)
    field_order = ("number", "reason")


class FollowForm(forms.Form):
    number = forms.IntegerField(label=_("督办编号"), min_value=1)
    reason = forms.CharField(label=_("为什么关注"), max_length=300)


class RefusalAnswerForm(ReasonForm):
    """Insist, or give the part to another unit."""

    unit = forms.ModelChoiceField(
        label=_("改派给"), queryset=Unit.objects.none(), required=False,
        empty_label=_("不改派，仍由原单位办理"),
    )  # fmt: skip
    field_order = ("unit", "reason")

    def __init__(self, *args: Any, units: QuerySet[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units  # type: ignore[attr-defined]


class SplitForm(forms.Form):
    units = forms.ModelMultipleChoiceField(
        label=_("分解到"), queryset=Unit.objects.none(), widget=forms.CheckboxSelectMultiple
    )
    wording = forms.CharField(label=_("要做什么"), required=False, max_length=300)
    due_on = forms.DateField(label=_("办结期限"), widget=DAY)
    target = forms.DecimalField(
        label=_("目标数"), required=False, min_value=0, max_digits=14, decimal_places=2
    )
    target_unit = forms.CharField(label=_("目标的单位"), required=False, max_length=40)
    report_days = forms.IntegerField(
        label=_("每隔几天报告一次进展"), required=False, min_value=1, max_value=366
    )
    reason = forms.CharField(
        label=_("理由"), help_text=_("期限晚于本单位期限时必填。"), required=False, max_length=500
    )

    def __init__(self, *args: Any, units: QuerySet[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["units"].queryset = units  # type: ignore[attr-defined]

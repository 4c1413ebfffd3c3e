"""The shapes of what is typed about sample checks."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from guantong.accounts.acting import Acting
from guantong.mechanisms.models import Cycle
from guantong.organisation.models import Unit
from guantong.supervision.choices import CheckResult
from guantong.ui.forms import DAY

SHARE, CONFIDENCE = Decimal("0.05"), Decimal("0.95")  # where the package says nothing


class FreezeForm(forms.Form):
    """Which closed items, how sure to be, and the seed that is announced with the list."""

    name = forms.CharField(label=_("抽查名称"), max_length=200)
    unit = forms.ModelChoiceField(label=_("单位范围"), queryset=Unit.objects.none())
    pillar = forms.ChoiceField(label=_("抓手"), required=False)
    since = forms.DateField(label=_("办结日期从"), required=False, widget=DAY)
    until = forms.DateField(label=_("办结日期到"), required=False, widget=DAY)
    share = forms.DecimalField(
        label=_("不实占比达到百分之几不能漏过"), min_value=Decimal("0.1"), max_value=100, decimal_places=2
    )
    confidence = forms.DecimalField(
        label=_("把握程度（%）"), min_value=50, max_value=Decimal("99.99"), decimal_places=2
    )
    seed_source = forms.CharField(
        label=_("种子用什么"),
        max_length=280,
        help_text=_(
            "写清让任何人都查得到、又没有人能事先知道的数，例如：中国福利彩票双色球当日开奖号码，按开出顺序连写。"
        ),
    )
    seed_on = forms.DateField(
        label=_("种子哪一天产生"), widget=DAY, help_text=_("须晚于今天，名单先冻结，种子后产生。")
    )

    def __init__(self, given: QueryDict | None, *, cycle: Cycle, acting: Acting) -> None:
        sampling = cycle.package.supervision.get("sampling") or {}
        initial = {
            "unit": acting.office.scope_id if acting.office else None,
            "share": _percent(sampling.get("share_false", SHARE)),
            "confidence": _percent(sampling.get("confidence", CONFIDENCE)),
        }
        super().__init__(given, initial=initial)
        scope = acting.office.scope if acting.office else cycle.unit
        units = Unit.objects.below(scope).below(cycle.unit).filter(depth__lte=scope.depth + 1)
        self.fields["unit"].queryset = units.order_by("depth", "path")  # type: ignore[attr-defined]
        pillars = [(each.id, str(each.name)) for tier in cycle.package.tiers for each in tier.pillars]
        self.fields["pillar"].choices = [("", _("全部")), *pillars]  # type: ignore[attr-defined]

    def filters(self) -> dict[str, Any]:
        """What `closed_items` takes."""
        given = self.cleaned_data
        return {
            "under": given["unit"],
            "pillar": given["pillar"],
            "since": given["since"],
            "until": given["until"],
        }

    def certainty(self) -> dict[str, Any]:
        """``share_false`` and ``confidence`` as shares of one."""
        given = self.cleaned_data
        return {"share_false": given["share"] / 100, "confidence": given["confidence"] / 100}


def _percent(share: object) -> Decimal:
    return (Decimal(str(share)) * 100).normalize()


class SeedForm(forms.Form):
    seed = forms.CharField(label=_("种子"), max_length=200, help_text=_("照公布的原样填写，登记后不能更改。"))


class CheckForm(forms.Form):
    result = forms.ChoiceField(label=_("核查结果"), choices=CheckResult.choices)
    note = forms.CharField(
        label=_("怎样核查、看到了什么"), max_length=500, widget=forms.Textarea(attrs={"rows": 2})
    )

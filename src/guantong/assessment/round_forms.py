"""The shapes of what people type in a round."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from guantong.assessment.models import RoundChange
from guantong.ui.forms import DAY

LINES = forms.Textarea(attrs={"rows": 2})


class RoundForm(forms.Form):
    as_of = forms.DateField(label=_("计分截至"), widget=DAY)
    self_by = forms.DateField(label=_("自评截止"), widget=DAY)
    review_by = forms.DateField(label=_("复核完成"), widget=DAY)


class MovedDayForm(forms.Form):
    """Which day is moved, to when, and why."""

    what = forms.ChoiceField(
        label=_("调整哪个日期"),
        choices=[each for each in RoundChange.What.choices if each[0] != RoundChange.What.CANCELLED],
    )
    to = forms.DateField(label=_("改为"), widget=DAY)
    reason = forms.CharField(label=_("理由（各单位会看到）"), max_length=500, widget=LINES)


class StatementForm(forms.Form):
    points = forms.DecimalField(label=_("自评分"), max_digits=9, decimal_places=4)
    note = forms.CharField(label=_("理由"), max_length=500, required=False, widget=LINES)


class LineReviewForm(forms.Form):
    """Empty points agree with what the unit stated."""

    points = forms.DecimalField(label=_("改定分值"), required=False, max_digits=9, decimal_places=4)
    reason = forms.CharField(label=_("改分理由"), required=False, max_length=500, widget=LINES)


class AppealForm(forms.Form):
    reason = forms.CharField(label=_("申诉理由和依据"), max_length=2000, widget=LINES)


class AppealDecisionForm(forms.Form):
    upheld = forms.TypedChoiceField(
        label=_("答复"),
        choices=[("no", _("维持原分")), ("yes", _("支持申诉，改定分值"))],
        coerce=lambda value: value == "yes",
    )
    points = forms.DecimalField(label=_("改定分值"), required=False, max_digits=9, decimal_places=4)
    decision = forms.CharField(label=_("答复理由"), max_length=2000, widget=LINES)


class VetoForm(forms.Form):
    scorecard = forms.CharField(max_length=60, widget=forms.HiddenInput)
    veto = forms.CharField(max_length=60, widget=forms.HiddenInput)
    reason = forms.CharField(label=_("确认理由"), max_length=500, widget=LINES)


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("理由"), max_length=500, widget=LINES)


class CorrectionForm(forms.Form):
    run = forms.IntegerField(label=_("更正为"))
    reason = forms.CharField(label=_("更正理由"), max_length=500, widget=LINES)

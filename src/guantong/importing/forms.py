"""What the pages of the import centre ask."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guantong.importing.kinds.base import Kind
from guantong.mechanisms.models import Cycle

NOWHERE = ""


class UploadForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("表格文件"),
        help_text=gettext_lazy("Excel（.xlsx、.xls）、WPS 表格或 CSV，20 MB 以内。"),
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("是哪一类"),
        required=False,
        help_text=gettext_lazy("可不选，系统按表头判断，下一步可以改。"),
    )
    cycle = forms.ModelChoiceField(label=gettext_lazy("年度"), queryset=Cycle.objects.none(), required=False)

    def __init__(self, *args: Any, kinds: Sequence[Kind], cycles: QuerySet[Cycle], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [(NOWHERE, _("自动判断")), *((each.id, each.label) for each in kinds)]  # type: ignore[attr-defined]
        self.fields["cycle"].queryset = cycles  # type: ignore[attr-defined]
        self.fields["cycle"].empty_label = None  # type: ignore[attr-defined]
        if not any(each.needs_cycle for each in kinds):
            del self.fields["cycle"]


class KindForm(forms.Form):
    """What the workbook is and where its head stands."""

    kind = forms.ChoiceField(label=gettext_lazy("是哪一类"))
    sheet = forms.TypedChoiceField(label=gettext_lazy("工作表"), coerce=int)
    head_row = forms.IntegerField(
        label=gettext_lazy("表头在第几行"),
        min_value=1,
        max_value=1000,
        help_text=gettext_lazy("写着列名的那一行。"),
    )

    def __init__(
        self, *args: Any, kinds: Sequence[Kind], sheets: Sequence[tuple[int, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [(each.id, each.label) for each in kinds]  # type: ignore[attr-defined]
        self.fields["sheet"].choices = list(sheets)  # type: ignore[attr-defined]
        if len(sheets) < 2:
            self.fields["sheet"].widget = forms.HiddenInput()


class ColumnsForm(forms.Form):
    """For each field of the kind, the column of the workbook it comes from."""

    def __init__(
        self, *args: Any, kind: Kind, heads: Sequence[str], mapping: dict[str, int], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        places = [(NOWHERE, _("（没有）"))]
        places += [(str(at), f"{_letters(at)}  {head}".strip()[:60]) for at, head in enumerate(heads)]
        for each in kind.columns:
            if not each.shown:
                self.fields[each.id] = forms.ChoiceField(
                    label=each.label,
                    choices=places,
                    required=each.required,
                    initial=str(mapping.get(each.id, "")),
                )

    def columns(self) -> dict[str, int]:
        return {name: int(at) for name, at in self.cleaned_data.items() if at}


def _letters(at: int) -> str:
    """0 → A, 26 → AA, as a spreadsheet names its columns."""
    name = ""
    at += 1
    while at:
        at, rest = divmod(at - 1, 26)
        name = chr(65 + rest) + name
    return name

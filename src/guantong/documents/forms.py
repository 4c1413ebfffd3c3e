"""The forms of the page on which a template is kept: uploading one, and trying one before it is put to use."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guantong.documents.choices import Copy, Sample
from guantong.documents.models import Template

BUILTIN = "builtin"
OBJECT = "object-"


class TemplateForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("Word 模板（.docx）"),
        help_text=gettext_lazy("不超过 3 MB，不带宏、嵌入对象和外部链接。"),
        allow_empty_file=True,
        widget=forms.ClearableFileInput(attrs={"accept": ".docx"}),
    )


class TrialForm(forms.Form):
    """``template`` counts where no file was picked; ``fill`` is a sample or an object in sight."""

    template = forms.ChoiceField(
        label=gettext_lazy("没有选文件时试哪个模板"), widget=forms.Select(attrs={"class": "input"})
    )
    fill = forms.ChoiceField(label=gettext_lazy("填入什么"), widget=forms.Select(attrs={"class": "input"}))
    copy = forms.ChoiceField(label=gettext_lazy("用途"), choices=Copy.choices)

    def __init__(
        self,
        *args: Any,
        versions: Iterable[Template],
        objects: Iterable[Any],
        has_public: bool,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        kept = [(str(each.pk), _("第 %(n)s 版") % {"n": each.version}) for each in versions]
        self.fields["template"].choices = [(BUILTIN, _("内置模板")), *kept]  # type: ignore[attr-defined]
        real = [(f"{OBJECT}{each.pk}", str(each)[:60]) for each in objects]
        self.fields["fill"].choices = [  # type: ignore[attr-defined]
            *Sample.choices,
            *([(_("实际内容（范围内最近的）"), real)] if real else []),
        ]
        if not has_public:
            del self.fields["copy"]

    @property
    def object_asked(self) -> int:
        """The object to fill in; 0 where a sample is."""
        fill = str(self.cleaned_data["fill"])
        return int(fill.removeprefix(OBJECT)) if fill.startswith(OBJECT) else 0

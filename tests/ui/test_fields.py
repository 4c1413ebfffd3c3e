from __future__ import annotations

from collections.abc import Callable

from django import forms

Draw = Callable[..., str]


class VisitForm(forms.Form):
    title = forms.CharField(label="名称", help_text="不超过 60 字。", max_length=60)
    place = forms.CharField(label="地点", required=False)
    kinds = forms.MultipleChoiceField(
        label="事项", choices=[("a", "甲"), ("b", "乙")], widget=forms.CheckboxSelectMultiple
    )
    agreed = forms.BooleanField(label="同意公开", required=False)

    def clean(self) -> None:
        super().clean()
        if self.cleaned_data.get("place") == "无":
            raise forms.ValidationError("请写明地点。")


class TestField:
    def test_label_help_and_error_are_tied_to_the_input(self, draw: Draw) -> None:
        drawn = draw("{% field form.title %}", form=VisitForm({"title": ""}))
        assert '<label for="id_title">' in drawn
        assert 'id="id_title_helptext"' in drawn
        assert 'id="id_title_error"' in drawn
        assert 'aria-describedby="id_title_helptext id_title_error"' in drawn
        assert 'aria-invalid="true"' in drawn

    def test_what_was_typed_is_still_there(self, draw: Draw) -> None:
        assert 'value="走访' in draw("{% field form.title %}", form=VisitForm({"title": "走访" * 40}))

    def test_optional_fields_say_so(self, draw: Draw) -> None:
        form = VisitForm()
        assert "可不填" in draw("{% field form.place %}", form=form)
        assert "可不填" not in draw("{% field form.title %}", form=form)

    def test_a_set_of_boxes_is_a_fieldset_with_a_legend(self, draw: Draw) -> None:
        drawn = draw("{% field form.kinds %}", form=VisitForm())
        assert "<fieldset" in drawn
        assert "<legend>事项" in drawn

    def test_a_single_box_stands_inside_its_label(self, draw: Draw) -> None:
        drawn = draw("{% field form.agreed %}", form=VisitForm())
        assert drawn.index("<label") < drawn.index('type="checkbox"') < drawn.index("同意公开")


class TestErrorSummary:
    def test_each_error_links_to_its_field(self, draw: Draw) -> None:
        drawn = draw("{% error_summary form %}", form=VisitForm({"title": ""}))
        assert 'role="alert"' in drawn
        assert '<a href="#id_title">名称</a>' in drawn
        assert '<a href="#id_kinds' in drawn

    def test_the_link_of_a_set_of_boxes_has_a_target(self, draw: Draw) -> None:
        form = VisitForm({"title": ""})
        target = draw("{% error_summary form %}", form=form).split('href="#id_kinds')[1].split('"')[0]
        assert f'id="id_kinds{target}"' in draw("{% field form.kinds %}", form=form)

    def test_errors_of_the_whole_form_are_listed_too(self, draw: Draw) -> None:
        form = VisitForm({"title": "走访", "kinds": ["a"], "place": "无"})
        assert "请写明地点。" in draw("{% error_summary form %}", form=form)

    def test_a_form_without_errors_has_no_summary(self, draw: Draw) -> None:
        assert draw("{% error_summary form %}", form=VisitForm()).strip() == ""

    def test_hidden_fields_are_not_forgotten(self, draw: Draw) -> None:
        class Hidden(forms.Form):
            token = forms.CharField(widget=forms.HiddenInput)

        assert 'type="hidden"' in draw("{% form_fields form %}", form=Hidden())

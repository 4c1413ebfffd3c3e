"""Start-up refuses a field nobody classed, a personal one that is not sealed, and what is never asked."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.apps import apps
from django.core.checks import run_checks
from django.db import models
from django.test.utils import isolate_apps

from guantong.kernel.privacy import KEEP, NEVER_FIELDS, Privacy, never_asked
from guantong.privacy import checks
from guantong.privacy.fields import SealedText
from guantong.privacy.models import Subject


@pytest.fixture
def only(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[type[models.Model]]]:
    """The models the checks look at: those a test puts here, built in a registry of their own."""
    looked_at: list[type[models.Model]] = []
    with isolate_apps("guantong.privacy"):
        monkeypatch.setattr(apps, "get_models", lambda: looked_at)
        yield looked_at


def found() -> list[tuple[str, str]]:
    errors = [
        *checks.every_field_has_a_class(None),
        *checks.personal_fields_are_sealed(None),
        *checks.no_field_about_private_life(None),
    ]
    return [(error.id or "", error.msg.partition(" ")[0].rstrip(":")) for error in errors]


def scratch(name: str, **body: object) -> type[models.Model]:
    meta = type("Meta", (), {"app_label": "scratch"})
    made = type(name, (models.Model,), {"__module__": "guantong.scratch.models", "Meta": meta, **body})
    assert isinstance(made, type)
    return made


def test_every_model_of_the_project_passes() -> None:
    assert run_checks(tags=["privacy"]) == []


def test_a_field_without_class_is_e010(only: list[type[models.Model]]) -> None:
    only.append(scratch("Visit", note=models.TextField(), privacy=Privacy(technical="id")))
    assert found() == [("guantong.E010", "scratch.Visit.note")]


def test_a_model_without_declaration_is_e010_for_each_field(only: list[type[models.Model]]) -> None:
    only.append(scratch("Visit", note=models.TextField()))
    assert found() == [("guantong.E010", "scratch.Visit.id"), ("guantong.E010", "scratch.Visit.note")]


def test_a_class_for_a_field_that_is_not_there_is_e010(only: list[type[models.Model]]) -> None:
    only.append(scratch("Visit", privacy=Privacy(technical="id", business="gone")))
    assert found() == [("guantong.E010", "scratch.Visit.gone")]


def test_a_personal_field_in_clear_is_e011(only: list[type[models.Model]]) -> None:
    only.append(scratch("Visit", phone=models.TextField(), privacy=Privacy(technical="id", personal="phone")))
    assert found() == [("guantong.E011", "scratch.Visit.phone")]


def test_a_sealed_field_that_is_not_called_personal_is_e011(only: list[type[models.Model]]) -> None:
    only.append(
        scratch(
            "Visit",
            subject=models.ForeignKey(Subject, on_delete=models.PROTECT),
            phone=SealedText(),
            privacy=Privacy(technical="id", pseudonym="subject", business="phone"),
        )
    )
    assert found() == [("guantong.E011", "scratch.Visit.phone")]


@pytest.mark.parametrize("name", ["ethnicity", "member_religion", "birth_year", "id_card", "home_latitude"])
def test_a_forbidden_name_is_e012(name: str, only: list[type[models.Model]]) -> None:
    field = {name: models.TextField()}
    only.append(scratch("Visit", **field, privacy=Privacy(technical="id", business=name)))
    assert found() == [("guantong.E012", f"scratch.Visit.{name}")]


def test_an_unknown_class_or_retention_is_refused_when_it_is_written() -> None:
    with pytest.raises(ValueError, match="privacy class"):
        Privacy(secret="id")
    with pytest.raises(ValueError, match="retention"):
        Privacy(technical="id", keep="for_ever")


def test_no_column_anywhere_has_a_forbidden_name() -> None:
    """Of third parties' tables too: what is in the schema is what counts."""
    names = {
        f"{model._meta.db_table}.{part}"
        for model in apps.get_models(include_auto_created=True)
        for field in model._meta.concrete_fields
        for part in (field.name, field.column)
    }
    assert len(names) > 200
    assert {name for name in names if NEVER_FIELDS & set(name.partition(".")[2].split("_"))} == set()


def test_no_form_of_the_project_asks_for_it() -> None:
    from django import forms
    from django.urls import get_resolver

    assert get_resolver().url_patterns  # imports every view, and with it every form

    def below(kind: type) -> Iterator[type]:
        for each in kind.__subclasses__():
            yield each
            yield from below(each)

    asked = {
        f"{form.__module__}.{form.__name__}: {text}": never_asked(text)
        for form in below(forms.BaseForm)
        if form.__module__.startswith("guantong.")
        for name, field in getattr(form, "base_fields", {}).items()
        for text in (name, str(field.label or ""))
    }
    assert len(asked) > 20
    assert {where: word for where, word in asked.items() if word} == {}


@pytest.mark.parametrize(
    ("label", "word"),
    [
        ("民族", "民族"),
        ("负责人 民族", "民族"),
        ("出生年月", "出生"),
        ("身份证号码", "身份证"),
        ("Gender", "gender"),
        ("home-latitude", "latitude"),
        ("id_card", "id_card"),
        ("任务内容", ""),
        ("牵头单位", ""),
        ("partial", ""),
        ("surface", ""),
        ("", ""),
    ],
)
def test_never_asked_names_the_word(label: str, word: str) -> None:
    assert never_asked(label) == word


def test_network_logs_are_kept_at_least_six_months() -> None:
    """Cybersecurity Law of the People's Republic of China, article 21."""
    assert KEEP["attempt"] is not None
    assert KEEP["attempt"] >= 180
    assert KEEP["log"] is None

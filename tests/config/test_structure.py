"""The order of the rooms, also where imports do not show it: foreign keys point down."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings

from guantong.config.cli import commands, main
from guantong.config.databases import wal_is_safe

ROOT = Path(__file__).parents[2]


def layers() -> dict[str, int]:
    contract = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"][0]
    order: dict[str, int] = {}
    for height, layer in enumerate(reversed(contract["layers"])):
        for room in layer.split("|"):
            order[room.strip()] = height
    return order


def test_foreign_keys_point_down() -> None:
    order = layers()
    wrong = [
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        if model.__module__.startswith("guantong.")
        for field in model._meta.get_fields()
        if field.is_relation
        and field.concrete
        and field.related_model
        and getattr(field.related_model, "__module__", "").startswith("guantong.")
        and order[field.related_model._meta.app_label] > order[model._meta.app_label]  # type: ignore[union-attr]
    ]
    assert wrong == []


def test_every_room_of_the_settings_is_in_the_contract() -> None:
    rooms = {app.split(".")[1] for app in settings.INSTALLED_APPS if app.startswith("guantong.")}
    assert rooms <= set(layers())


def test_every_command_takes_json(capsys: pytest.CaptureFixture[str]) -> None:
    names = [command.name for command in commands()]
    assert len(names) == len(set(names))
    for name in names:
        with pytest.raises(SystemExit) as stop:
            main([name, "--help"])
        assert stop.value.code == 0
        assert "--json" in capsys.readouterr().out


def test_wrong_usage_ends_with_2() -> None:
    with pytest.raises(SystemExit) as stop:
        main(["open-cycle"])
    assert stop.value.code == 2


@pytest.mark.parametrize(
    ("version", "safe"),
    [((3, 40, 1), False), ((3, 44, 6), True), ((3, 50, 6), False), ((3, 50, 7), True), ((3, 51, 2), False),
     ((3, 51, 3), True), ((3, 52, 0), True)],
)  # fmt: skip
def test_wal_only_with_the_reset_fix(version: tuple[int, int, int], safe: bool) -> None:
    assert wal_is_safe(version) is safe

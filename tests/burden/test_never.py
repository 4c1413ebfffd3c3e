"""What is never asked: by the packages' lint, by the schema, and by the dictionary of fields."""

from __future__ import annotations

import pytest
from django.apps import apps

from guantong.burden import terms
from guantong.mechanisms.operations import read_valid_package
from guantong.mechanisms.package import builtin_packages, read_package
from guantong.mechanisms.package.lint.persons import names
from guantong.mechanisms.package.vocabulary import (
    ALWAYS_NEVER,
    EVIDENCE,
    FAMILIES,
    LADDER,
    MEASURES,
    NEVER_MEANS,
    ways_of_what_is_never_asked,
)
from mechanisms.seeding import VALID, seeded

# Points of a score are what assessment is about; a system of points for people is what the ban means.
SCORES = {"points", "track", "tracks", "login", "logins"}


class TestSchema:
    def test_no_column_of_the_database_keeps_what_is_never_asked(self) -> None:
        banned = {
            way: ban for way, ban in ways_of_what_is_never_asked(NEVER_MEANS).items() if way not in SCORES
        }
        wrong = {
            f"{model._meta.label}.{field.name}"
            for model in apps.get_models()
            if model.__module__.startswith("guantong.")
            for field in model._meta.concrete_fields
            if names(field.name, banned)
        }
        assert wrong == set()

    def test_no_word_of_the_package_format_stands_for_it(self) -> None:
        banned = ways_of_what_is_never_asked(NEVER_MEANS)
        words = (*EVIDENCE, *MEASURES, *FAMILIES, *LADDER)
        assert [word for word in words if names(word, banned)] == []

    def test_a_package_without_a_ban_has_no_usable_shape(self) -> None:
        assert (
            seeded("  never: [check_in, points, forced_photo, location_track]\n", "").reading.package is None
        )

    @pytest.mark.parametrize("name", sorted(builtin_packages()))
    def test_the_built_in_packages_ban_what_the_national_rules_ban(self, name: str) -> None:
        said = set(ways_of_what_is_never_asked(read_valid_package(name).burden["never"]))
        assert set(ALWAYS_NEVER) <= said


class TestLint:
    @pytest.mark.parametrize(
        ("old", "new"),
        [
            ("record: {fields: [date, topics]", "record: {fields: [date, online_time]"),
            ("criteria: [open_hours_posted]", "criteria: [login_ranking]"),
        ],
    )
    def test_what_national_rules_ban_is_refused_though_the_package_does_not_say_so(
        self, old: str, new: str
    ) -> None:
        assert "基层减负规定" in seeded(old, new).on_the_line(7).message

    @pytest.mark.parametrize(
        "words", ["每日打卡并上报", "上传现场拍照", "按登录次数排名", "Check in every day"]
    )
    def test_a_sentence_that_asks_for_it_is_refused(self, words: str) -> None:
        what = next(line for line in VALID.splitlines() if "what: {zh:" in line)
        said = what.split("what: {zh: ")[1].split(",")[0]
        old = f"what: {{zh: {said},"
        text = VALID.replace(old, f"what: {{zh: {words},", 1)
        found = [each for each in read_package(text, name="x.yaml").findings if each.rule == 7]
        assert [(each.severity, "what" in each.path) for each in found] == [("error", True)]

    def test_work_points_are_harmless_in_a_sentence(self) -> None:
        what = next(line for line in VALID.splitlines() if "what: {zh:" in line)
        said = what.split("what: {zh: ")[1].split(",")[0]
        text = VALID.replace(f"what: {{zh: {said},", "what: {zh: Work points on track,", 1)
        assert [each for each in read_package(text, name="x.yaml").findings if each.rule == 7] == []

    def test_a_yearly_budget_for_issuers_is_a_number(self) -> None:
        limit = "max_fields_per_report: "
        line = next(each for each in VALID.splitlines() if limit in each)
        fine = read_package(VALID.replace(line, f"{line}\n  minutes_per_issuer: 5000"), name="x.yaml")
        assert fine.valid
        assert terms.minutes_per_issuer(fine.package) == 5000  # type: ignore[arg-type]
        wrong = read_package(VALID.replace(line, f"{line}\n  minutes_per_issuer: many"), name="x.yaml")
        assert not wrong.valid


def test_the_dictionary_bans_what_the_package_and_the_national_rules_ban() -> None:
    never = terms.never([read_valid_package("river-chief")])
    assert {"打卡", "积分", "登录次数", "在线时长", "照片", "轨迹"} <= set(never)

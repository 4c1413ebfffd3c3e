"""What a read package holds, and that its canonical text is the package."""

from __future__ import annotations

import hashlib
import json
from decimal import Decimal

import pytest

from guantong.mechanisms.package import (
    Grade,
    Package,
    Place,
    builtin_packages,
    read_package,
    read_package_file,
)
from mechanisms.seeding import DATA, VALID


def package_of(text: str) -> Package:
    package = read_package(text, name="x.yaml").package
    assert package is not None
    return package


class TestBuiltinPackages:
    @pytest.mark.parametrize("name", ["three-threes", "river-chief"])
    def test_have_no_findings_at_all(self, name: str) -> None:
        reading = read_package_file(builtin_packages()[name])
        assert reading.findings == []
        assert reading.package is not None
        assert reading.package.identifier == name

    def test_three_threes_has_three_tiers_of_three_with_the_names_of_the_mission(self) -> None:
        package = read_package_file(builtin_packages()["three-threes"]).package
        assert package is not None
        assert {tier.name.zh: [pillar.name.zh for pillar in tier.pillars] for tier in package.tiers} == {
            "三个带头": ["带头学习宣传", "带头参加会议活动", "带头联系"],
            "三个贯通": ["贯通职责", "贯通任务", "贯通考核"],
            "三化互动": ["委员专职化", "联络员全员化", "之家多元化"],
        }
        assert [each["name"]["zh"] for each in package.campaigns] == [
            "功能提升行动", "活力提升行动", "能力提升行动", "质效提升行动",
        ]  # fmt: skip

    @pytest.mark.parametrize("name", ["three-threes", "river-chief"])
    def test_every_text_is_in_both_languages(self, name: str) -> None:
        package = read_package_file(builtin_packages()[name]).package
        assert package is not None
        texts = [
            package.name,
            *(duty.what for duty in package.duties),
            *(each.title for each in package.indicators),
        ]
        texts += [
            row.name
            for rows in (package.levels, package.tiers, package.offices, package.phases)
            for row in rows
        ]
        assert all(text.zh and text.en for text in texts)

    def test_scoring_and_duties_of_the_sample_are_unchanged(self) -> None:
        for name in ("three_threes", "river_chief"):
            ours = read_package_file(builtin_packages()[name.replace("_", "-")]).package
            sample = read_package_file(DATA / f"sample_{name}.yaml").package
            assert ours is not None
            assert sample is not None
            assert [card.items for card in ours.scorecards] == [card.items for card in sample.scorecards]
            assert [each.cadence for each in ours.duties] == [each.cadence for each in sample.duties]
            assert [each.scoring for each in ours.indicators] == [each.scoring for each in sample.indicators]


class TestSamples:
    def test_the_three_threes_sample_seats_a_liaison_where_no_territory_is(self) -> None:
        reading = read_package_file(DATA / "sample_three_threes.yaml")
        assert [(each.rule, each.line, each.path) for each in reading.findings] == [
            (2, 45, "offices[5].at.levels[0]")
        ]

    def test_the_river_chief_sample_has_these_errors(self) -> None:
        reading = read_package_file(DATA / "sample_river_chief.yaml")
        errors = [(each.rule, each.line, each.path) for each in reading.findings if each.severity == "error"]
        assert errors == [
            (1, 40, "tiers[1].pillars[1].name.one plan"),
            (2, 49, "offices[0].at.levels[0]"),
            (2, 49, "offices[0].at.levels[1]"),
            (2, 86, "pairing[0].who"),
        ]
        assert {each.rule for each in reading.findings if each.severity == "warning"} == {5}


class TestPackage:
    def test_seats_may_be_at_two_kinds_of_place(self) -> None:
        package = read_package_file(builtin_packages()["three-threes"]).package
        assert package is not None
        assert package.seat("liaison").places == (
            Place("territory", None, ("village",)),
            Place("member_unit", None, ()),
        )

    def test_months_beside_the_cadence_are_its_season(self) -> None:
        assert package_of(VALID).duties[1].cadence.months == (3, 4, 5)

    def test_inherited_grades_are_those_of_the_first_card_and_none_means_unranked(self) -> None:
        first, second, third = package_of(VALID).scorecards
        assert second.grades == first.grades
        assert first.grades[0] == Grade("good", Decimal(80), Decimal("0.3"))
        assert (first.ranked, second.ranked, third.ranked, third.grades) == (True, True, False, ())

    def test_a_veto_named_on_another_card_is_the_whole_veto(self) -> None:
        first, second, _third = package_of(VALID).scorecards
        assert second.vetoes == first.vetoes
        assert second.vetoes[0]["when"] == {"finding": "hidden_accident"}

    def test_blocks_without_behaviour_are_named(self) -> None:
        assert package_of(VALID).not_yet_used == ("assets",)

    def test_lookups_refuse_unknown_names(self) -> None:
        package = package_of(VALID)
        assert package.pillar("inspect").chain == ("county", "township")
        assert package.indicator("X01").bonus
        for look_up in (package.pillar, package.seat, package.indicator):
            with pytest.raises(KeyError):
                look_up("nobody")


class TestCanonicalJson:
    def test_is_sorted_tight_and_in_plain_letters(self) -> None:
        package = package_of(VALID)
        text = package.canonical_json()
        assert text == json.dumps(json.loads(text), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        assert "路长制" in text
        assert package.digest == hashlib.sha256(text.encode()).hexdigest()

    def test_comments_and_the_order_of_keys_do_not_change_the_digest(self) -> None:
        moved = VALID.replace("id: road-care\nversion: 2\n", "version: 2   # 第二版\nid: road-care\n")
        assert moved != VALID
        assert package_of(moved).digest == package_of(VALID).digest

    def test_a_changed_weight_changes_it(self) -> None:
        changed = VALID.replace("weight: 40", "weight: 40.5")
        assert package_of(changed).digest != package_of(VALID).digest

    @pytest.mark.parametrize("name", ["three-threes", "river-chief"])
    def test_gives_the_same_package_back(self, name: str) -> None:
        package = read_package_file(builtin_packages()[name]).package
        assert package is not None
        again = Package.from_canonical(package.canonical_json())
        assert again == package
        assert again.digest == package.digest

"""Lint of an indicator with several deductions, and of a panel that marks."""

from __future__ import annotations

from pathlib import Path

import pytest

from guantong.mechanisms.package import read_package

PACKAGE = Path(__file__).parent.parent / "assessment" / "packages" / "xianyang_river.yaml"
TERM = "{count: {findings: river_without_chief}, deduct: 0.5, what: {zh: 缺一条, en: A river without}}"
RATING = "rating: {by: office, scale: 8}"


def errors(old: str, new: str) -> list[str]:
    text = PACKAGE.read_text(encoding="utf-8")
    assert old in text
    return [
        each.path
        for each in read_package(text.replace(old, new, 1), name="x").findings
        if each.severity == "error"
    ]


def test_as_it_stands_it_is_in_order() -> None:
    assert errors("R1", "R1") == []


@pytest.mark.parametrize(
    ("new", "path"),
    [
        ("{count: {tasks: closd}, deduct: 1}", "indicators[1].scoring.terms[0].count.tasks"),
        ("{count: {deeds: any}, deduct: 1}", "indicators[1].scoring.terms[0].count.deeds"),
        ("{count: {findings: x}}", "indicators[1].scoring.terms[0]"),
        ("{deduct: 1}", "indicators[1].scoring.terms[0].count"),
        ("{count: {findings: x}, deduct: 1, add: 1}", "indicators[1].scoring.terms[0]"),
        ("{count: {findings: x}, deduct: 1, subcap: 4}", "indicators[1].scoring.terms[0].subcap"),
    ],
)
def test_a_term_counts_one_family_and_adds_or_deducts(new: str, path: str) -> None:
    assert path in errors(TERM, new)


def test_terms_are_both_measure_and_scoring() -> None:
    assert errors("measure: {terms: true}", "measure: {count: {findings: x}}") == ["indicators[1]"]


@pytest.mark.parametrize(
    ("panel", "wrong"),
    [("{trim: 1, min: 3}", []), ("{min: 1}", []), ("{trim: 1, min: 2}", ["indicators[5].measure.rating.panel.min"]),
     ("{trim: 1}", ["indicators[5].measure.rating.panel"]), ("{min: 3, most: 5}", ["indicators[5].measure.rating.panel.most"])],
)  # fmt: skip
def test_somebodys_mark_remains_after_trimming(panel: str, wrong: list[str]) -> None:
    assert errors(RATING, RATING[:-1] + f", panel: {panel}}}") == wrong


@pytest.mark.parametrize(
    ("by", "wrong"),
    [
        ("office", []),
        ("offise", ["indicators[5].measure.rating.by"]),
        ("1", ["indicators[5].measure.rating.by"]),
    ],
)
def test_who_gives_a_rating_is_an_office_or_a_kind_of_unit_of_the_package(by: str, wrong: list[str]) -> None:
    assert errors(RATING, RATING.replace("by: office", f"by: {by}")) == wrong


def test_an_unknown_rater_is_refused_with_a_sentence_and_the_nearest_word() -> None:
    text = PACKAGE.read_text(encoding="utf-8").replace(RATING, RATING.replace("by: office", "by: offise"), 1)
    [found] = [each for each in read_package(text, name="x").findings if each.severity == "error"]
    assert found.message == "没有名为“offise”的岗位或单位类别。"
    assert "office" in found.suggestion


def test_a_rating_that_names_nobody_is_refused() -> None:
    assert errors(RATING, RATING.replace("by: office, ", "")) == ["indicators[5].measure.rating"]

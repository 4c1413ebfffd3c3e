"""Rule 1: blocks, keys, types and closed vocabularies."""

from __future__ import annotations

import pytest

from guantong.mechanisms.package import read_package
from mechanisms.seeding import VALID, seeded


class TestUnknownKeys:
    @pytest.mark.parametrize(
        ("old", "new", "path", "near"),
        [
            ("calendar: cn", "calender: cn", "calender", "calendar"),
            (
                "cadence: {count: 1, per: quarter",
                "cadence: {count: 1, pre: quarter",
                "duties[0].cadence.pre",
                "per",
            ),
            ("seats: {min: 1, max: 1}", "seats: {min: 1, maxx: 1}", "offices[0].seats.maxx", "max"),
            ("tie_break: [I01, I02]", "tiebreak: [I01, I02]", "scorecards[0].tiebreak", "tie_break"),
            (
                "name: {zh: 通报, en: Circular}",
                "name: {zh: 通报, eng: Circular}",
                "documents[0].name.eng",
                "en",
            ),
            ("sensitive: {block:", "sensitive: {blocks:", "privacy.sensitive.blocks", "block"),
            ("linear: {from: 0.8", "linear: {form: 0.8", "indicators[3].scoring.linear.form", "from"),
            ("floor: 0, per_unit", "flor: 0, per_unit", "indicators[2].scoring.flor", "floor"),
        ],
    )
    def test_are_refused_at_any_depth_with_a_near_miss(
        self, old: str, new: str, path: str, near: str
    ) -> None:
        fault = seeded(old, new)
        found = [each for each in fault.reading.findings if each.path == path]
        assert [(each.rule, each.line, each.severity) for each in found] == [(1, fault.line, "error")]
        assert f"“{near}”" in found[0].suggestion

    def test_a_comma_in_an_unquoted_text_is_explained(self) -> None:
        finding = seeded("en: Road chief system}", "en: Road chief, the system}").on_the_line(1)
        assert finding.path == "name.the system"
        assert "引号" in finding.suggestion


class TestMissing:
    @pytest.mark.parametrize(
        "block", ["levels", "unit_kinds", "tiers", "offices", "duties", "cycle", "privacy", "burden"]
    )
    def test_a_block_that_must_be_there_is_named(self, block: str) -> None:
        lines = VALID.splitlines()
        start = next(at for at, line in enumerate(lines) if line.startswith(f"{block}:"))
        end = next((at for at in range(start + 1, len(lines)) if lines[at][0] != " "), len(lines))
        reading = read_package("\n".join(lines[:start] + lines[end:]), name="short.yaml")
        assert reading.package is None
        found = [each for each in reading.findings if each.rule == 1 and f"“{block}”" in each.message]
        assert len(found) == 1
        assert f"{block}:" in found[0].suggestion

    @pytest.mark.parametrize(
        ("old", "new", "key"),
        [
            ("id: D01\n    pillar: direct\n", "id: D01\n", "pillar"),
            ("map: county}", "x: county}", "map"),
            (", at: {asset: section}", "", "at"),
            ("    measure: {count: {reports: late}}\n", "", "measure"),
        ],
    )
    def test_a_key_that_must_be_there_is_named(self, old: str, new: str, key: str) -> None:
        reading = seeded(old, new, line_of="format").reading
        errors = [each for each in reading.findings if each.severity == "error"]
        assert any(f"“{key}”" in each.message and f"{key}:" in each.suggestion for each in errors)
        assert reading.package is None


class TestWrongTypes:
    @pytest.mark.parametrize(
        ("old", "new", "path"),
        [
            ("version: 2", "version: two", "version"),
            ("version: 2", "version: 0", "version"),
            ("assessed: true", 'assessed: "true"', "unit_kinds[0].assessed"),
            ("evidence: [meeting_ref]", "evidence: {meeting_ref: 1}", "duties[0].evidence"),
            ("weight: 40", 'weight: "40"', "scorecards[0].items[0].weight"),
            ("share_max: 0.3", "share_max: 1.3", "scorecards[0].grades[0].share_max"),
            ("[1, 1], [3, 5]", "[1], [3, 5]", "indicators[6].scoring.escalate[0]"),
            ("due_day: 25}\n    evidence", "due_day: last}\n    evidence", "duties[0].cadence.due_day"),
            ("months: [3, 4, 5]", "months: [3, 13]", "duties[1].months[1]"),
            ("id: D01", "id: 1号", "duties[0].id"),
            ("who: warden", "who: ", "duties[1].who"),
        ],
    )  # fmt: skip
    def test_are_refused_where_they_stand(self, old: str, new: str, path: str) -> None:
        finding = seeded(old, new).on_the_line(1)
        assert finding.path == path
        assert finding.suggestion

    def test_all_of_them_are_shown_at_once(self) -> None:
        text = VALID.replace("version: 2", "version: two").replace("assessed: true", "assessed: 1")
        findings = read_package(text, name="two.yaml").findings
        assert [each.path for each in findings] == ["version", "unit_kinds[0].assessed"]


class TestClosedVocabularies:
    @pytest.mark.parametrize(
        ("old", "new", "path", "hint"),
        [
            ("format: mechanism/1", "format: mechanism/2", "format", "mechanism/1"),
            ("per: quarter", "per: quater", "duties[0].cadence.per", "quarter"),
            ("cadence: {count: 1, per: week, each: section}", "cadence: {upon: case_asigned}", "duties[1].cadence.upon", "case_assigned"),
            ("evidence: [statement]", "evidence: [photo]", "duties[1].evidence[0]", "statement"),
            ("measure: {count: {reports: late}}", "measure: {counts: {reports: late}}", "indicators[2].measure.counts", "count"),
            ("measure: {count: {reports: late}}", "measure: {count: {report: late}}", "indicators[2].measure.count.report", "reports"),
            ("measure: {count: {reports: late}}", "measure: {count: {reports: lat}}", "indicators[2].measure.count.reports", "late"),
            ("state: met", "state: meet", "indicators[1].measure.ratio.num.coverage.state", "met"),
            ("num: {tasks: closed_on_time}", "num: {tasks: closed_in_time}", "indicators[0].measure.ratio.num.tasks", "closed_on_time"),
            ("den: {tasks: due}", "den: {duties: due}", "indicators[0].measure.ratio.den", "tasks"),
            ("scoring: proportional", "scoring: proportionate", "indicators[0].scoring", "proportional"),
            ("scoring: {deduct: 2", "scoring: {deducts: 2", "indicators[2].scoring", "deduct"),
            ("per_unit_rounding: floor", "per_unit_rounding: round", "indicators[2].scoring.per_unit_rounding", "floor"),
            ("missing: exclude", "missing: excluded", "indicators[0].missing", "exclude"),
            ("missing_items: rescale", "missing_items: rescaled", "scorecards[0].missing_items", "rescale"),
            ("map: village", "map: hamlet", "levels[2].map", "village"),
        ],
    )  # fmt: skip
    def test_a_word_outside_is_refused_with_what_there_is(
        self, old: str, new: str, path: str, hint: str
    ) -> None:
        finding = seeded(old, new).on_the_line(1)
        assert finding.path == path
        assert hint in finding.suggestion

    def test_states_that_a_block_declares_may_be_counted(self) -> None:
        fault = seeded("den: {tasks: due}", "den: {tasks: accepted}")
        assert [each for each in fault.reading.findings if each.severity == "error"] == []


class TestPeopleDecide:
    @pytest.mark.parametrize(
        ("old", "new"),
        [
            ("max_grade: fail}, human_confirm: true}", "max_grade: fail}}"),
            ("max_grade: fail}, human_confirm: true}", "max_grade: fail}, human_confirm: false}"),
            ("action: list_in_circular, human_confirm: true", "action: list_in_circular"),
            ("ladder: [remind, talk], human_only: true", "ladder: [remind, talk], human_only: false"),
            ("scoring: as_given\n    human: true", "scoring: as_given"),
        ],
    )
    def test_nothing_with_consequences_fires_alone(self, old: str, new: str) -> None:
        reading = seeded(old, new, line_of="format").reading
        found = [each for each in reading.findings if each.severity == "error"]
        assert [each.rule for each in found] == [1]
        assert "human" in found[0].suggestion
        assert not reading.valid

    def test_a_mark_is_not_given_for_what_is_counted(self) -> None:
        fault = seeded("scoring: proportional", "scoring: as_given\n    human: true")
        assert "proportional" in fault.on_the_line(1).suggestion

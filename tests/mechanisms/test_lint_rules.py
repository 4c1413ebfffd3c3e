"""Rules 2 to 8: references, weights, ranges, sources, persons, burden, dates."""

from __future__ import annotations

import pytest

from guantong.mechanisms.package import read_package
from mechanisms.seeding import VALID, Seeded, seeded


def no_errors(fault: Seeded) -> bool:
    return fault.reading.valid


class TestReferencesResolve:
    @pytest.mark.parametrize(
        ("old", "new", "path", "hint"),
        [
            ("id: D01\n    pillar: direct", "id: D01\n    pillar: direkt", "duties[0].pillar", "direct"),
            ("who: warden", "who: wardens", "duties[1].who", "warden"),
            ("pairing: P01", "pairing: P02", "duties[3].pairing", "P01"),
            ("when: {section.surface:", "when: {section.surfaces:", "duties[1].when.section.surfaces", "surface"),
            ("when: {section.surface:", "when: {sections.surface:", "duties[1].when.sections.surface", "section"),
            ("levels: [county], runs", "levels: [country], runs", "unit_kinds[1].levels[0]", "county"),
            ("parent: road,", "parent: raod,", "assets[1].parent", "road"),
            ("belongs_to: {level: [township]}", "belongs_to: {level: [town]}", "assets[1].belongs_to.level[0]", "township"),
            ("at: {asset: section}", "at: {asset: sektion}", "offices[1].at.asset", "section"),
            ("at: {kind: territory, levels: [township]}", "at: {kind: teritory, levels: [township]}", "offices[0].at.kind", "territory"),
            ("chain: [county, township]", "chain: [county, towns]", "tiers[1].pillars[0].chain[1]", "township"),
            ("needs: {office: road_chief, min: 1}", "needs: {office: chief, min: 1}", "coverage[0].needs.office", "road_chief"),
            ("gap_owner: {office: road_chief, level: county}", "gap_owner: {office: road_chief, level: city}", "coverage[0].gap_owner.level", "county"),
            ("needs: {facility: depot", "needs: {facility: territory", "coverage[2].needs.facility", "depot"),
            ("needs: {field: surface", "needs: {field: colour", "coverage[1].needs.field", "surface"),
            ("partner_kinds: [enterprise]", "partner_kinds: [enterprize]", "pairing[0].partner_kinds[0]", "enterprise"),
            ("host: road_office", "host: road_offices", "reception[0].host", "road_office"),
            ("over: depot", "over: depots", "campaigns[0].over", "depot"),
            ("approve: road_office", "approve: road_bureau", "supervision.extension.approve", "road_office"),
            ("rating: {by: road_office", "rating: {by: road_bureau", "indicators[4].measure.rating.by", "road_office"),
            ("num: {coverage: {rule: C01", "num: {coverage: {rule: C09", "indicators[1].measure.ratio.num.coverage.rule", "C01"),
            ("{use: I04, weight: 10}", "{use: I40, weight: 10}", "scorecards[0].items[3].use", "I04"),
            ("tie_break: [I01, I02]", "tie_break: [I01, I99]", "scorecards[0].tie_break[1]", "I01"),
            ("of: {kind: territory, levels: [township]}", "of: {kind: territories, levels: [township]}", "scorecards[0].of.kind", "territory"),
            ("vetoes: [V1]", "vetoes: [V2]", "scorecards[1].vetoes[0]", "V1"),
            ("effect: {max_grade: fail}", "effect: {max_grade: failed}", "scorecards[0].vetoes[0].effect.max_grade", "fail"),
        ],
    )  # fmt: skip
    def test_a_name_that_names_nothing_is_refused_with_a_near_one(
        self, old: str, new: str, path: str, hint: str
    ) -> None:
        finding = seeded(old, new).on_the_line(2)
        assert finding.path == path
        assert hint in finding.suggestion

    def test_an_unknown_subject_of_an_indicator_is_refused(self) -> None:
        finding = seeded("id: I03\n    of: territory", "id: I03\n    of: teritory", line_of="of: teritory")
        assert finding.on_the_line(2).path == "indicators[2].of"

    @pytest.mark.parametrize(
        "subject", ["unit", "territory", "leader_office", "office", "road_chief", "depot"]
    )
    def test_generic_subjects_kinds_and_offices_are_known(self, subject: str) -> None:
        assert no_errors(seeded("id: I03\n    of: territory", f"id: I03\n    of: {subject}"))

    def test_a_seat_at_a_level_where_its_kind_is_not_is_refused(self) -> None:
        finding = seeded("levels: [county, township, village], assessed", "levels: [county, village], assessed",
                         line_of="- {id: road_chief").on_the_line(2)  # fmt: skip
        assert finding.path == "offices[0].at.levels[0]"
        assert "township" in finding.suggestion

    def test_each_pairing_needs_to_say_which(self) -> None:
        fault = seeded("\n    pairing: P01\n", "\n", line_of="cadence: {count: 1, per: half, each: pairing}")
        assert fault.on_the_line(2).path == "duties[3].cadence.each"

    @pytest.mark.parametrize(
        ("old", "new", "path"),
        [
            ("- id: D02", "- id: D01", "duties[1].id"),
            ("{id: C02, of", "{id: C01, of", "coverage[1].id"),
            ("{id: inspect, name", "{id: direct, name", "tiers[1].pillars[0].id"),
            ("{id: run, name", "{id: start, name", "cycle.phases[1].id"),
            ("{id: pass, min: 60}", "{id: fail, min: 60}", "scorecards[0].grades[2].id"),
            ("{use: I05, weight: 10}", "{use: I04, weight: 10}", "scorecards[0].items[4].use"),
        ],
    )
    def test_an_identifier_used_twice_names_the_first_line(self, old: str, new: str, path: str) -> None:
        reading = seeded(old, new, line_of="format").reading
        found = [each for each in reading.findings if each.rule == 2 and "重复" in each.message]
        assert [each.path for each in found] == [path]
        assert "第" in found[0].suggestion


class TestWeightsSumToScale:
    @pytest.mark.parametrize(("weight", "word", "by"), [("41", "减少", "1"), ("39.5", "增加", "0.5")])
    def test_another_sum_says_by_how_much(self, weight: str, word: str, by: str) -> None:
        fault = seeded("{use: I01, weight: 40}", f"{{use: I01, weight: {weight}}}", line_of="items:")
        finding = fault.on_the_line(3)
        assert finding.path == "scorecards[0].items"
        assert f"{word}共 {by} 分" in finding.suggestion

    def test_fractions_are_added_exactly(self) -> None:
        text = VALID.replace("{use: I04, weight: 10}", "{use: I04, weight: 9.9}").replace(
            "{use: I05, weight: 10}", "{use: I05, weight: 10.1}"
        )
        assert read_package(text, name="exact.yaml").valid

    def test_a_bonus_has_no_weight(self) -> None:
        finding = seeded("{use: X01}", "{use: X01, weight: 5}").on_the_line(3)
        assert finding.path == "scorecards[0].items[5]"

    def test_an_item_that_is_no_bonus_needs_one(self) -> None:
        finding = seeded("{use: I05, weight: 10}", "{use: I05}").on_the_line(3)
        assert "bonus" in finding.suggestion

    def test_bonus_and_penalty_at_once_is_refused(self) -> None:
        fault = seeded("bonus: true", "bonus: true\n    penalty: true", line_of="- id: X01")
        assert fault.on_the_line(3).path == "indicators[5]"

    def test_parts_that_sum_to_something_else_are_pointed_out(self) -> None:
        fault = seeded(
            "measure: {rating: {by: road_office, scale: 10}}",
            "parts: [{id: a, weight: 4}, {id: b, weight: 5}]\n    measure: {sum_of_parts: true}",
        )
        found = [(each.rule, each.severity, each.line) for each in fault.reading.findings]
        assert found == [(3, "warning", fault.line)]


class TestRangesAreCovered:
    @pytest.mark.parametrize(
        ("bands", "path"),
        [
            ("[[1.0, 1.0], [0.9, 0.5]]", "indicators[1].scoring.bands[1]"),
            ("[[0.9, 0.5], [1.0, 1.0], [0, 0]]", "indicators[1].scoring.bands[1]"),
            ("[[0.9, 1.0], [0.9, 0.5], [0, 0]]", "indicators[1].scoring.bands[1]"),
            ("[[1.0, 1.2], [0.9, 0.5], [0, 0]]", "indicators[1].scoring.bands[0]"),
        ],
    )
    def test_a_hole_a_wrong_order_an_overlap_and_too_large_a_share_are_refused(
        self, bands: str, path: str
    ) -> None:
        finding = seeded("[[1.0, 1.0], [0.9, 0.5], [0, 0]]", bands).on_the_line(4)
        assert finding.path == path
        assert finding.suggestion

    @pytest.mark.parametrize(
        ("old", "new", "path"),
        [
            ("{id: fail, min: 0}", "{id: fail, min: 10}", "scorecards[0].grades[2]"),
            ("{id: pass, min: 60}", "{id: pass, min: 80}", "scorecards[0].grades[1]"),
            ("{id: pass, min: 60}", "{id: pass, min: 85}", "scorecards[0].grades[1]"),
            ("{id: good, min: 80", "{id: good, min: 101", "scorecards[0].grades[0]"),
        ],
    )
    def test_grades_reach_from_zero_to_the_scale_once(self, old: str, new: str, path: str) -> None:
        assert seeded(old, new).on_the_line(4).path == path

    def test_linear_goes_up(self) -> None:
        finding = seeded("{from: 0.8, to: 1.0}", "{from: 1.0, to: 1.0}").on_the_line(4)
        assert finding.path == "indicators[3].scoring.linear"

    def test_escalation_starts_with_the_first_time(self) -> None:
        assert seeded("[[1, 1], [3, 5]]", "[[2, 1], [3, 5]]").on_the_line(4).path.endswith("escalate[0]")

    def test_the_first_card_cannot_inherit_its_grades(self) -> None:
        start = VALID.index("    grades:\n      - {id: good")
        end = VALID.index("    tie_break:")
        text = VALID[:start] + "    grades: inherit\n" + VALID[end:]
        found = [each for each in read_package(text, name="x.yaml").findings if each.rule == 4]
        assert {each.path for each in found} == {"scorecards[0].grades", "scorecards[1].grades"}


class TestPillarsHaveSources:
    def test_a_pillar_without_duty_or_source_is_refused(self) -> None:
        finding = seeded(", served_by: [scorecards]", "", line_of="- {id: rate").on_the_line(5)
        assert finding.path == "tiers[0].pillars[1]"
        assert "served_by" in finding.suggestion

    def test_a_pillar_whose_only_duty_leaves_no_record_is_refused(self) -> None:
        fault = seeded("evidence: [statement]", "evidence: [none]", line_of="- {id: inspect")
        assert "inspect" in fault.on_the_line(5).message

    def test_a_coverage_rule_over_the_office_is_a_record(self) -> None:
        text = VALID.replace("evidence: [statement]", "evidence: [none]").replace(
            "needs: {office: road_chief, min: 1}", "needs: {office: warden, min: 1}"
        )
        assert read_package(text, name="covered.yaml").valid

    def test_a_source_that_is_not_in_the_package_is_refused(self) -> None:
        finding = seeded("served_by: [scorecards]", "served_by: [problems]").on_the_line(5)
        assert finding.path == "tiers[0].pillars[1].served_by"

    def test_a_pillar_may_be_for_display_only(self) -> None:
        assert no_errors(seeded("served_by: [scorecards]", "display_only: true"))


class TestNobodyPrivateIsScored:
    @pytest.mark.parametrize(
        ("old", "new", "path"),
        [
            ("of: {kind: territory, levels: [township]}", "of: {office: applicant}", "scorecards[0].of.office"),
            ("rating: {by: road_office", "rating: {by: applicant", "indicators[4].measure.rating.by"),
            ("measure: {count: {reports: late}}", "measure: {count: {applicants: late}}", ""),
            ("needs: {office: road_chief, min: 1}", "needs: {office: contact_partner, min: 1}", "coverage[0].needs.office"),
            ("findings: false_report", "findings: private_person_complaint", "indicators[6].measure.count.findings"),
        ],
    )  # fmt: skip
    def test_in_measures_scorecards_and_coverage(self, old: str, new: str, path: str) -> None:
        if not path:  # a family of that name does not exist at all
            assert seeded(old, new).on_the_line(1).suggestion
            return
        finding = seeded(old, new).on_the_line(6)
        assert finding.path == path
        assert "单位" in finding.suggestion

    @pytest.mark.parametrize(
        ("old", "new", "path"),
        [
            ("record: {fields: [date, topics]", "record: {fields: [date, religion]", "pairing[0].record.fields[1]"),
            ("personal_fields: [name, contact]", "personal_fields: [name, id_number]", "reception[0].personal_fields[1]"),
            ("columns: [seq, task, lead, due]", "columns: [seq, task, lead, 宗教信仰]", "task_lists[0].import.columns[3]"),
            ("fields: [surface, target], belongs", "fields: [surface, gps_track, target], belongs", "assets[1].fields[1]"),
            ("findings: false_report", "findings: religion", "indicators[6].measure.count.findings"),
            ("record: {fields: [date, topics]", "record: {fields: [date, ethnicity]", "pairing[0].record.fields[1]"),
            ("record: {fields: [date, topics]", "record: {fields: [date, 政治面貌]", "pairing[0].record.fields[1]"),
            ("record: {fields: [date, topics]", "record: {fields: [date, birth_date]", "pairing[0].record.fields[1]"),
        ],
    )  # fmt: skip
    def test_fields_that_may_not_be_kept_are_refused_anywhere(self, old: str, new: str, path: str) -> None:
        finding = seeded(old, new).on_the_line(6)
        assert finding.path == path
        assert "删去" in finding.suggestion

    def test_words_that_only_contain_a_blocked_one_are_left_alone(self) -> None:
        assert no_errors(
            seeded("record: {fields: [date, topics]", "record: {fields: [date, tracking_number]")
        )

    def test_partners_are_never_scored(self) -> None:
        finding = seeded("no_scoring_of_partners: true", "no_scoring_of_partners: false").on_the_line(6)
        assert finding.path == "pairing[0].no_scoring_of_partners"


class TestLimitsAreKept:
    @pytest.mark.parametrize(
        ("old", "new", "path"),
        [
            (
                "record: {fields: [date, topics]",
                "record: {fields: [date, photo]",
                "pairing[0].record.fields[1]",
            ),
            ("criteria: [open_hours_posted]", "criteria: [daily_check_in]", "campaigns[0].criteria[0]"),
            ("findings: false_report", "findings: login_points", "indicators[6].measure.count.findings"),
        ],
    )
    def test_what_burden_never_asks_is_refused(self, old: str, new: str, path: str) -> None:
        finding = seeded(old, new).on_the_line(7)
        assert finding.path == path

    def test_more_fields_than_a_report_may_have(self) -> None:
        finding = seeded("fields: [date, topics]", "fields: [date, topics, a, b, c, d, e]").on_the_line(7)
        assert finding.path == "pairing[0].record.fields"
        assert "2 项" in finding.suggestion

    def test_more_records_in_a_year_than_the_package_allows(self) -> None:
        finding = seeded("max_records_per_year: 60", "max_records_per_year: 6").on_the_line(7)
        assert "7" in finding.message


class TestDatesAreReal:
    @pytest.mark.parametrize("day", ["02-30", "13-01", "02-29", "00-10", "04-31", "3-31", "年底"])
    def test_a_day_that_is_not_in_every_year_is_refused(self, day: str) -> None:
        finding = seeded('due: "12-20"', f'due: "{day}"').on_the_line(8)
        assert finding.path == "duties[2].cadence.due"
        assert finding.suggestion

    @pytest.mark.parametrize(
        ("old", "new", "path"),
        [
            ('results_due: "01-31"', 'results_due: "02-30"', "cycle.results_due"),
            ('["06-15", "07-20"]', '["06-31", "07-20"]', "supervision.campaign.window[0]"),
            ('["01-05", "03-31"]', '["01-05", "03-32"]', "cycle.phases[0].window[1]"),
            ("monthly_day: 15", "monthly_day: 31", "reception[0].calendar.monthly_day"),
            ("per: month, due_day: 25", "per: month, due_day: 30", "task_lists[0].report.due_day"),
            ("per: quarter, due_day: 25}", "per: quarter, due_day: 31}", "duties[0].cadence.due_day"),
            ("per: quarter, due_day: 25}", "per: quarter, due_day: 32}", "duties[0].cadence.due_day"),
            ("per: quarter, due_day: 25}", "per: quarter, due_day: 0}", "duties[0].cadence.due_day"),
            (
                "per: week, each: section}",
                "per: week, each: section, due_day: 3}",
                "duties[1].cadence.due_day",
            ),
            ('per: year, due: "12-20"', 'per: quarter, due: "12-20"', "duties[2].cadence.due"),
        ],
    )
    def test_wherever_a_day_stands(self, old: str, new: str, path: str) -> None:
        assert seeded(old, new).on_the_line(8).path == path

    def test_the_31st_is_fine_where_every_period_ends_on_it(self) -> None:
        assert no_errors(seeded('per: year, due: "12-20"', "per: year, due_day: 31"))

    def test_phases_that_overlap_are_refused(self) -> None:
        finding = seeded('["04-01", "10-31"]', '["03-31", "10-31"]').on_the_line(8)
        assert finding.path == "cycle.phases[1].window"
        assert "start" in finding.suggestion

    def test_an_overlap_may_be_declared(self) -> None:
        assert no_errors(
            seeded('window: ["04-01", "10-31"]', 'window: ["03-01", "10-31"], overlaps: [start]')
        )

    def test_a_phase_may_cross_the_year_end(self) -> None:
        assert '["11-01", "01-31"]' in VALID
        assert read_package(VALID, name="valid.yaml").valid

    def test_a_crossing_phase_still_overlaps_what_it_covers(self) -> None:
        assert (
            seeded('["11-01", "01-31"]', '["10-15", "01-31"]').on_the_line(8).path == "cycle.phases[2].window"
        )

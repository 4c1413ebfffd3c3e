"""What people decide and a run reads: marks, panels, upheld findings, points set by review, vetoes in force."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal
from typing import Any

import pytest

from assessment.plain_runs import data_of, line, mark, package_of, scores, total
from assessment.test_score_run import score_of, worked
from conftest import CONSOLE, City, at
from guantong.accounts.choices import Role
from guantong.accounts.operations import open_office
from guantong.assessment import rules
from guantong.assessment.models import Adjustment, Mark, Run, Score, ScoreLine, Veto
from guantong.assessment.operations import give_mark, run_scores
from guantong.audit.models import AuditEntry
from guantong.audit.states import LastSaid, digest_of
from guantong.audit.verification import Verdict, check_together, verify_log
from guantong.kernel.refusals import Refusal
from guantong.mechanisms.operations import start_cycle
from guantong.mechanisms.package import Package
from guantong.supervision.models import Finding, Recheck, Ruling

__all__ = ["worked"]
D = Decimal
UNIT = "1506-MU-01"
PANEL = {"id": "P", "human": True, "scoring": "as_given",
         "measure": {"rating": {"by": "group_office", "scale": 10, "panel": {"trim": 1, "min": 4}}}}  # fmt: skip
PARTS = {"id": "Q", "human": True, "measure": {"sum_of_parts": True}, "scoring": "as_given",
         "parts": [{"id": "a", "weight": 1}, {"id": "b", "weight": 4}]}  # fmt: skip
ITEMS = [{"use": "P", "weight": 50}, {"use": "Q", "weight": 50, "scorer": {"kind": "group_office"}}]


class TestAPanel:
    def marks(self, *values: object) -> list[list[Any]]:
        return [mark(1, "P", value, ref=ref) for ref, value in enumerate(values, 1)]

    def test_the_highest_and_the_lowest_are_left_out(self) -> None:
        found = line(scores(package_of([PANEL]), data_of(marks=self.marks(2, 8, 9, 10)))["u1"], "P")
        assert found.points == D("85")
        assert found.formula == "评委 4 人，去掉最高、最低各 1 个：(8 + 9) ÷ 2 = 8.5；100 × 8.5 ÷ 10 = 85"
        assert found.reading.traced == [
            ("marks", 1, False),
            ("marks", 2, True),
            ("marks", 3, True),
            ("marks", 4, False),
        ]

    def test_too_few_members_are_no_data(self) -> None:
        scored = scores(package_of([PANEL]), data_of(marks=self.marks(8, 9, 10)))["u1"]
        assert (line(scored, "P").status, total(scored)) == ("no_data", None)
        assert line(scored, "P").formula == "评委 3 人，少于 4 人，暂不计分"


@pytest.fixture
def panelled(city: City) -> City:
    """A year on a package with a panel and parts, beside that of the three-threes."""
    package = package_of([PANEL, PARTS], items=ITEMS)
    source = {**package.source, "levels": [{"id": "city", "name": "市", "map": "city"}]}
    package = Package.from_canonical(
        Package(identifier="t", version=1, name=package.name, source=source).canonical_json()
    )
    cycle = start_cycle(package=package, unit=city.units["1506"], year=2026, actor=CONSOLE, now=at(1, 5))
    return City(cycle=cycle, units=city.units)


def give(city: City, actor: Any, value: object, indicator: str = "P", part: str = "") -> Mark:
    return give_mark(
        cycle=city.cycle, unit=city.units[UNIT], indicator=indicator, part=part, value=D(str(value)), reason="现场核查",
        actor=actor, now=at(7, 1),
    )  # fmt: skip


class TestMarks:
    def test_each_member_of_a_panel_has_one_in_force(self, panelled: City) -> None:
        coordinator, assessor = panelled.coordinator, panelled.acting("1506-LGO", "assessor")
        give(panelled, coordinator, 6)
        give(panelled, assessor, 7)
        give(panelled, coordinator, 8)
        in_force = Mark.objects.filter(replaced=False).values_list("marker", "value")
        assert set(in_force) == {(coordinator.person_ref, 8), (assessor.person_ref, 7)}
        assert verify_log().clean

    def test_elsewhere_a_new_mark_takes_the_place_of_anybodys(self, panelled: City) -> None:
        give(panelled, panelled.coordinator, 3, "Q", "b")
        give(panelled, panelled.acting("1506-LGO", "assessor"), 2, "Q", "b")
        assert list(Mark.objects.filter(replaced=False).values_list("value", flat=True)) == [2]

    def test_a_part_is_marked_on_its_own_weight(self, panelled: City) -> None:
        assert give(panelled, panelled.coordinator, 1, "Q", "a").scale == 1
        with pytest.raises(Refusal, match="0 至 1 "):
            give(panelled, panelled.coordinator, 2, "Q", "a")
        with pytest.raises(Refusal, match="没有分项"):
            give(panelled, panelled.coordinator, 1, "Q", "z")

    def test_parts_are_scored_together_and_a_part_nobody_marked_leaves_both_sides(
        self, panelled: City
    ) -> None:
        give(panelled, panelled.coordinator, 3, "Q", "b")
        run = run_scores(cycle=panelled.cycle, as_of=dt.date(2026, 7, 1), actor=CONSOLE, now=at(7, 1))
        found = ScoreLine.objects.get(score__run=run, score__unit__code=UNIT, indicator="Q")
        assert (found.numerator, found.denominator, found.points) == (3, 4, D("37.5"))

    def test_an_item_with_a_scorer_is_marked_by_offices_of_that_kind_only(self, panelled: City) -> None:
        elsewhere = open_office(
            unit=panelled.units["1506-LG"], seat="assessor", title="领导小组考核员", role=Role.ASSESSOR,
            scope=panelled.units["1506"], actor=CONSOLE, now=at(1, 5),
        )  # fmt: skip
        other = panelled.acting("1506-LG", "assessor")
        assert other.office == elsewhere
        assert rules.raters_of(panelled.cycle, panelled.units[UNIT], "Q") == {"group_office"}
        with pytest.raises(Refusal, match="由机制包指定的单位评分"):
            give(panelled, other, 1, "Q", "a")
        give(panelled, panelled.coordinator, 1, "Q", "a")


def found_at(city: City, kind: str = "false_report", *, upheld: bool | None = True) -> Finding:
    finding = Finding.objects.create(
        cycle=city.cycle,
        unit=city.units[UNIT],
        kind=kind,
        text="虚报进展",
        basis="核查记录 3 号",
        found_at=at(5, 1),
    )
    if upheld is not None:
        Ruling.objects.create(
            finding=finding, upheld=upheld, reason="属实", ruled_at=at(6, 1), ruled_on=dt.date(2026, 6, 1)
        )
    return finding


class TestFindings:
    @pytest.mark.parametrize(("upheld", "counted"), [(None, 0), (False, 0), (True, 1)])
    def test_one_counts_once_a_ruling_upholds_it(
        self, worked: City, upheld: bool | None, counted: int
    ) -> None:
        finding = found_at(worked, upheld=upheld)
        found = score_of(worked).lines.get(indicator="X02")
        assert (found.numerator, found.points) == (counted, -2 * counted)
        assert (
            list(found.provenance.values_list("source", "object_ref")) == [("findings", finding.pk)] * counted
        )

    @pytest.mark.parametrize(("kept", "counted"), [(None, 1), (True, 1), (False, 0)])
    def test_one_taken_back_by_a_recheck_does_not(
        self, worked: City, kept: bool | None, counted: int
    ) -> None:
        Recheck.objects.create(
            ruling=found_at(worked).ruling,
            reason="不服",
            asked_at=at(6, 5),
            decide_by=dt.date(2026, 7, 5),
            kept=kept,
        )
        assert score_of(worked).lines.get(indicator="X02").numerator == counted

    def test_another_kind_does_not(self, worked: City) -> None:
        found_at(worked, "late_again")
        assert score_of(worked).lines.get(indicator="X02").numerator == 0


def adjust(city: City, indicator: str, value: object, **said: Any) -> Adjustment:
    return Adjustment.objects.create(
        cycle=city.cycle, unit=city.units[UNIT], scorecard="SC_unit", indicator=indicator, points=D(str(value)),
        source_ref=1, made_at=at(6, 1), **{"source": "appeal", "reason": "两份报告因系统停机补报", **said},
    )  # fmt: skip


class TestAdjustments:
    def test_one_takes_the_place_of_the_points_and_says_why(self, worked: City) -> None:
        adjust(worked, "I03", 17)
        score = score_of(worked)
        found = score.lines.get(indicator="I03")
        assert (found.points, found.status) == (17, "measured")
        assert found.formula == "申诉改定 17：两份报告因系统停机补报（原 20 − 3 × 2 = 14）"
        assert score.total == D("90.75")  # 36 + 10 + 17 + 8 = 71 of 80, + 2

    def test_one_makes_a_line_without_data_count(self, worked: City) -> None:
        adjust(worked, "I06", 20, source="self_score")
        score = score_of(worked)
        found = score.lines.get(indicator="I06")
        assert (found.status, found.formula) == (
            "measured",
            "复核改定 20：两份报告因系统停机补报（原 未计分）",
        )
        assert score.total == D("90.00")

    def test_one_stays_within_the_weight_and_the_cap_of_its_item(self) -> None:
        package = package_of([PANEL], items=[{"use": "P", "weight": 100, "cap": 60}])
        data = data_of(adjustments=[[1, 1, "SC", "P", "70", "核实", "appeal"]])
        found = line(scores(package, data)["u1"], "P")
        assert (found.points, found.formula) == (60, "申诉改定 70：核实（原 未计分） → 本项上限 60")

    def test_one_replaced_counts_no_more(self, worked: City) -> None:
        adjust(worked, "I03", 17, replaced=True)
        assert score_of(worked).lines.get(indicator="I03").points == 14


class TestVetoes:
    def veto(self, city: City, until: dt.date, **said: Any) -> Veto:
        return Veto.objects.create(
            cycle=city.cycle, unit=city.units[UNIT], scorecard="SC_unit", veto="V1", finding=found_at(city, "false_report_serious"),
            reason="严重弄虚作假", confirmed_at=at(6, 2), appeal_until=until, **said,
        )  # fmt: skip

    def test_one_bites_once_its_appeal_window_is_over(self, worked: City) -> None:
        self.veto(worked, dt.date(2026, 6, 30))
        score = score_of(worked)
        assert (score.total, score.grade) == (D("87.00"), "fail")
        assert "一票否决 V1 已确认：严重弄虚作假" in score.steps

    def test_on_its_last_day_it_may_still_be_appealed(self, worked: City) -> None:
        self.veto(worked, dt.date(2026, 7, 1))
        assert score_of(worked).grade == "good"

    def test_the_window_is_over_on_the_day_the_result_is_made_not_the_day_it_stands_for(
        self, worked: City
    ) -> None:
        self.veto(worked, dt.date(2026, 7, 10))
        run = run_scores(cycle=worked.cycle, as_of=dt.date(2026, 7, 1), actor=CONSOLE, now=at(7, 20))
        assert Score.objects.get(run=run, scorecard="SC_unit", unit__code=UNIT).grade == "fail"

    def test_one_lifted_bites_no_more(self, worked: City) -> None:
        self.veto(worked, dt.date(2026, 6, 10), lifted_at=at(6, 20))
        assert score_of(worked).grade == "good"

    def test_on_another_card_it_does_not(self, worked: City) -> None:
        Veto.objects.filter(pk=self.veto(worked, dt.date(2026, 6, 10)).pk).update(scorecard="SC_territory")
        assert score_of(worked).grade == "good"


class TestTheLogOverARun:
    def test_it_is_clean_and_speaks_of_a_scores_lines_together(self, worked: City) -> None:
        run_scores(cycle=worked.cycle, as_of=dt.date(2026, 7, 1), actor=CONSOLE, now=at(7, 1))
        assert [fault for fault in verify_log().faults if fault.where.startswith("assessment.")] == []

    def faults(self) -> set[tuple[str, str]]:
        return {
            (each.kind, each.where) for each in verify_log().faults if each.where.startswith("assessment.")
        }

    def test_an_edited_a_deleted_and_an_added_line_are_found_at_their_score(self, worked: City) -> None:
        score = score_of(worked)
        where = {("row_edited", f"assessment.scoreline@score:{score.pk}")}
        found = score.lines.get(indicator="I01")
        ScoreLine.objects.filter(pk=found.pk).update(points=40)
        assert self.faults() == where
        ScoreLine.objects.filter(pk=found.pk).update(points=found.points)
        assert self.faults() == set()
        other = score.lines.get(indicator="X01")
        key = other.pk
        other.provenance.all().delete()
        other.delete()
        assert self.faults() == where
        other.pk = key
        other.save(force_insert=True)
        assert self.faults() == set()
        ScoreLine.objects.create(
            score=score, position=99, indicator="NEW", title_zh="加塞", status="measured"
        )
        assert self.faults() == where

    def test_an_edited_score_and_an_edited_run_are_found(self, worked: City) -> None:
        score = score_of(worked)
        Score.objects.filter(pk=score.pk).update(total=99)
        Run.objects.filter(pk=score.run_id).update(result_digest="0" * 64)
        assert self.faults() == {
            ("row_edited", f"assessment.score:{score.pk}"), ("row_edited", f"assessment.run:{score.run_id}"),
        }  # fmt: skip

    def test_all_lines_of_a_score_taken_away_are_found(self, worked: City) -> None:
        score = score_of(worked)
        for each in score.lines.all():
            each.provenance.all().delete()
        score.lines.all().delete()
        assert self.faults() == {("row_deleted", f"assessment.scoreline@score:{score.pk}")}

    def test_lines_of_a_score_that_the_log_never_spoke_of_are_found_at_it(self, worked: City) -> None:
        score_of(worked)
        found: list[tuple[str, str, str]] = []
        check_together(ScoreLine, Verdict(), LastSaid(), lambda *fault: found.append(fault))
        assert set(found) == {
            ("row_inserted", "assessment.scoreline@score", str(key))
            for key in Score.objects.values_list("pk", flat=True)
        }

    def test_lines_that_an_earlier_program_logged_one_by_one_are_still_checked(self, worked: City) -> None:
        score = score_of(worked)
        lines = list(score.lines.all())
        said = json.loads(AuditEntry.objects.get(verb="assessment.computed").payload)["states"]
        assert set(said["assessment.scoreline@score"]) == set(
            map(str, Score.objects.values_list("pk", flat=True))
        )
        assert "assessment.scoreline" not in said
        states = LastSaid()
        states.remember(
            json.dumps(
                {"states": {"assessment.scoreline": {str(each.pk): digest_of(each) for each in lines}}}
            ),
            1,
        )
        found: list[tuple[str, str, str]] = []
        ScoreLine.objects.exclude(score=score).delete()
        check_together(ScoreLine, Verdict(), states, lambda *fault: found.append(fault))
        assert found == []
        ScoreLine.objects.filter(pk=lines[0].pk).update(points=1)
        lines[1].provenance.all().delete()
        lines[1].delete()
        check_together(ScoreLine, Verdict(), states, lambda *fault: found.append(fault))
        assert [kind for kind, _label, _key in found] == ["row_edited", "row_deleted"]

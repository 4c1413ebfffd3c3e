from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from conftest import CONSOLE, City, at
from guantong.assessment.models import Score
from guantong.assessment.operations import confirm_fact, give_mark, run_scores
from guantong.kernel.refusals import Refusal
from guantong.obligations.choices import Source, State
from guantong.obligations.models import Obligation
from guantong.obligations.operations import open_obligations

UNIT = "1506-MU-01"
DONE = dt.date(2026, 6, 1)


def owe(
    city: City,
    *,
    source: str,
    due_on: dt.date,
    claimed_on: dt.date | None,
    ref: int,
    evidence: str = "statement",
) -> None:
    """One obligation of the unit, done on a day or not at all."""
    office = city.office(UNIT, "unit_head")
    made = Obligation(
        cycle=city.cycle, unit=office.unit, unit_path=office.unit.path, office=office, pillar="link_task",
        source=source, source_ref=ref, rule="t", title=f"任务{ref}", evidence=[evidence],
        starts_on=dt.date(2026, 1, 1), due_on=due_on,
        state=State.FULFILLED if claimed_on else State.OPEN, claimed_on=claimed_on, settled_on=claimed_on,
    )  # fmt: skip
    open_obligations([made], today=dt.date(2026, 1, 1), cycle=city.cycle)


@pytest.fixture
def worked(signed: City) -> City:
    """18 of 20 tasks on time, sign-off in time, 2 late reports, no cases, rating 8 of 10, 2 recognitions."""
    Obligation.objects.filter(unit__code=UNIT).delete()
    for ref in range(18):
        owe(signed, source=Source.TASK, due_on=DONE, claimed_on=dt.date(2026, 5, 20), ref=9000 + ref)
    owe(signed, source=Source.TASK, due_on=DONE, claimed_on=dt.date(2026, 6, 20), ref=9100)
    owe(signed, source=Source.TASK, due_on=DONE, claimed_on=None, ref=9101)
    for ref, claimed in enumerate((dt.date(2026, 3, 20), dt.date(2026, 6, 28), None)):
        owe(signed, source=Source.DUTY, due_on=dt.date(2026, 3, 25) if not ref else dt.date(2026, 6, 25),
            claimed_on=claimed, ref=9200 + ref, evidence="progress_line")  # fmt: skip
    give_mark(
        cycle=signed.cycle, unit=signed.units[UNIT], indicator="I08", value=Decimal(8), reason="综合评定",
        actor=signed.coordinator, now=at(7, 1),
    )  # fmt: skip
    for number in (1, 2):
        confirm_fact(
            cycle=signed.cycle, unit=signed.units[UNIT], side="recognitions", kind="confirmed",
            text="全市推广", basis=f"通报{number}号", actor=signed.coordinator, now=at(7, 1),
        )  # fmt: skip
    return signed


def score_of(city: City, code: str = UNIT) -> Score:
    run = run_scores(cycle=city.cycle, as_of=dt.date(2026, 7, 1), actor=CONSOLE, now=at(7, 1))
    return Score.objects.get(run=run, scorecard="SC_unit", unit__code=code)


class TestRunScores:
    def test_the_worked_example_gives_87(self, worked: City) -> None:
        score = score_of(worked)
        points = dict(score.lines.values_list("indicator", "points"))
        assert points["I01"] == Decimal(36)
        assert points["I02"] == Decimal(10)
        assert points["I03"] == Decimal(14)
        assert points["I06"] is None
        assert points["I08"] == Decimal(8)
        assert score.total == Decimal("87.00")
        assert score.grade == "good"

    def test_each_line_shows_its_formula_with_the_numbers_put_in(self, worked: City) -> None:
        formulas = dict(score_of(worked).lines.values_list("indicator", "formula"))
        assert formulas["I01"] == "40 × 18 ÷ 20 = 36"
        assert formulas["I03"] == "20 − 3 × 2 = 14"

    def test_each_line_links_to_the_rows_it_was_made_from(self, worked: City) -> None:
        line = score_of(worked).lines.get(indicator="I01")
        rows = list(line.provenance.values_list("object_ref", "counted"))
        tasks = set(Obligation.objects.filter(unit__code=UNIT, source="task").values_list("pk", flat=True))
        assert {ref for ref, _counted in rows} == tasks
        assert sum(counted for _ref, counted in rows) == 18

    def test_no_data_not_applicable_and_excused_are_not_0(self, worked: City) -> None:
        other = score_of(worked, "1506-MU-02")
        status = dict(other.lines.values_list("indicator", "status"))
        assert status["I01"] == "not_applicable"  # it has no task at all
        assert status["I08"] == "no_data"
        Obligation.objects.filter(unit__code=UNIT, source="task").update(state=State.EXCUSED)
        assert score_of(worked).lines.get(indicator="I01").status == "excused"

    def test_the_same_data_gives_the_same_digest(self, worked: City) -> None:
        first, second = score_of(worked).run, score_of(worked).run
        assert first.result_digest == second.result_digest
        Obligation.objects.filter(source_ref=9100).update(claimed_on=dt.date(2026, 5, 30))
        assert score_of(worked).run.result_digest != first.result_digest

    def test_leaders_are_shown_facts_and_never_ranked(self, worked: City) -> None:
        score_of(worked)
        leaders = Score.objects.filter(scorecard="SC_leader")
        assert leaders.exists()
        assert set(leaders.values_list("rank", "grade")) == {(None, "")}


class TestMarks:
    def test_a_unit_cannot_mark_itself(self, signed: City) -> None:
        with pytest.raises(Refusal):
            give_mark(
                cycle=signed.cycle, unit=signed.units[UNIT], indicator="I08", value=Decimal(8), reason="…",
                actor=signed.head, now=at(7, 1),
            )  # fmt: skip

    def test_a_mark_above_the_scale_is_refused(self, signed: City) -> None:
        with pytest.raises(Refusal, match="0 至 10"):
            give_mark(
                cycle=signed.cycle, unit=signed.units[UNIT], indicator="I08", value=Decimal(11), reason="…",
                actor=signed.coordinator, now=at(7, 1),
            )  # fmt: skip

    def test_a_computed_indicator_takes_no_mark(self, signed: City) -> None:
        with pytest.raises(Refusal, match="不是人工评分"):
            give_mark(
                cycle=signed.cycle, unit=signed.units[UNIT], indicator="I01", value=Decimal(1), reason="…",
                actor=signed.coordinator, now=at(7, 1),
            )  # fmt: skip

"""Offices that are scored: what is decided, confirmed and marked of an office counts for it alone."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse

from assessment.plain_runs import data_of, package_of
from assessment.round_cast import AS_OF, OPENED, REVIEW_BY, REVIEWED, SELF_BY, STATED, TOLD, assessor
from conftest import CONSOLE, City, SignIn, at
from guantong.accounts.models import Office
from guantong.accounts.operations import open_office
from guantong.assessment import operations, rules
from guantong.assessment.models import (
    Adjustment,
    Appeal,
    ConfirmedFact,
    Mark,
    Round,
    Score,
    ScoreLine,
    SelfScore,
)
from guantong.assessment.round_lines import stories_of, totals_of
from guantong.assessment.round_queries import lines_answered_by, unit_lines
from guantong.assessment.scoring_run import Scored, score_snapshot
from guantong.audit.verification import verify_log
from guantong.kernel.refusals import Refusal
from guantong.mechanisms.operations import start_cycle
from guantong.mechanisms.package import Package

D = Decimal
UNIT = "1506-MU-01"
RATED = {
    "id": "P",
    "human": True,
    "measure": {"rating": {"by": "group_office", "scale": 10}},
    "scoring": "as_given",
}
BONUS = {
    "id": "B",
    "bonus": True,
    "measure": {"count": {"recognitions": "confirmed"}},
    "scoring": {"add": 1, "each": 1, "cap": 3},
}
PENALTY = {
    "id": "M",
    "penalty": True,
    "measure": {"count": {"findings": "confirmed"}},
    "scoring": {"deduct": 2, "each": 1},
}
INDICATORS = [RATED, BONUS, PENALTY]
ITEMS = [{"use": "P", "weight": 100}, {"use": "B"}, {"use": "M"}]
OFFICES = [[11, "局长一"], [12, "局长二"]]


def package(grades: object = "inherit") -> Package:
    """The same items on a card for units and on one for their heads."""
    made = package_of(INDICATORS, items=ITEMS)
    source = dict(made.source)
    heads = {"id": "SC_head", "of": {"office": "unit_head"}, "items": ITEMS, "grades": grades}
    facts = {"id": "SC_fact", "of": {"office": "clerk"}, "items": ITEMS, "grades": "none"}
    source["scorecards"] = [*source["scorecards"], heads, facts]
    source["levels"] = [{"id": "city", "name": "市", "map": "city"}]
    source["offices"] = [
        {"id": seat, "name": name, "at": {"kind": "member_unit"}}
        for seat, name in (("unit_head", "主要负责人"), ("clerk", "经办人"))
    ]
    return Package.from_canonical(
        Package(identifier="t", version=1, name=made.name, source=source).canonical_json()
    )


def heads(**tables: Any) -> dict[int, Scored]:
    """Unit 1 with its head scored beside it, and unit 2 with its own; by office, 0 is unit 1 itself."""
    data = data_of(2, **tables) | {"offices": OFFICES}
    data["subjects"] = {"SC": [[1, None], [2, None]], "SC_head": [[1, 11], [2, 12]]}
    scored = score_snapshot(package(), data)
    return {
        each.subject.office or 0: each for each in scored if each.subject.office or each.subject.unit == 1
    }


def points(each: Scored) -> dict[str, Decimal | None]:
    return {line.indicator.id: line.points for line in each.lines}


class TestScores:
    def test_what_was_confirmed_of_an_office_is_not_its_units_nor_anothers(self) -> None:
        facts = [
            [1, 1, "recognitions", "any", 11],
            [2, 1, "findings", "any", None],
            [3, 1, "findings", "any", 11],
        ]
        found = heads(facts=facts)
        assert [points(found[key])["B"] for key in (0, 11, 12)] == [0, 1, 0]
        assert [points(found[key])["M"] for key in (0, 11, 12)] == [-2, -2, 0]
        assert found[11].lines[1].reading.traced == [("facts", 1, True)]

    def test_a_mark_of_an_office_counts_for_it_alone(self) -> None:
        found = heads(marks=[[1, 1, "P", "", "8", "10", 11], [2, 1, "P", "", "6", "10", None]])
        assert [found[key].card.total for key in (0, 11, 12)] == [D(60), D(80), None]

    def test_points_set_by_people_take_the_place_of_those_of_the_office(self) -> None:
        marks = [[1, 1, "P", "", "8", "10", 11], [2, 1, "P", "", "6", "10", None]]
        set_by_people = [
            [1, 1, "SC_head", "P", "90", "核实", "appeal", 11],
            [2, 1, "SC_head", "B", "2", "文件齐全", "self_score", 11],
            [3, 1, "SC_head", "M", "-2", "核实", "appeal", 11],
        ]
        found = heads(marks=marks, adjustments=set_by_people)
        assert points(found[11]) == {"P": 90, "B": 2, "M": -2}
        assert found[11].lines[1].formula == "复核改定 2：文件齐全（原 +1 × 0 = 0）"
        assert (points(found[0])["P"], points(found[12])["P"]) == (60, None)

    def test_rows_of_an_earlier_snapshot_name_no_office_and_are_the_units(self) -> None:
        found = heads(marks=[[1, 1, "P", "", "6", "10"]], facts=[[1, 1, "recognitions", "any"]],
                      adjustments=[[1, 1, "SC", "M", "-1", "核实", "appeal"]])  # fmt: skip
        assert points(found[0]) == {"P": 60, "B": 1, "M": -1}
        assert points(found[11]) == {"P": None, "B": 0, "M": 0}


@pytest.fixture
def scored(city: City) -> City:
    """A year in which the heads of member units are scored beside their units."""
    cycle = start_cycle(package=package(), unit=city.units["1506"], year=2026, actor=CONSOLE, now=at(1, 5))
    return City(cycle=cycle, units=city.units)


def head(city: City) -> Office:
    return city.office(UNIT, "unit_head")


def mark_head(city: City, value: int, **changes: Any) -> Mark:
    given = {"cycle": city.cycle, "unit": city.units[UNIT], "office": head(city), "indicator": "P", "value": D(value),
             "reason": "现场核查", "actor": city.coordinator, "now": at(7, 1)}  # fmt: skip
    return operations.give_mark(**given | changes)  # type: ignore[arg-type]


def opened(city: City) -> Round:
    return operations.open_round(
        cycle=city.cycle, as_of=AS_OF, self_by=SELF_BY, review_by=REVIEW_BY, actor=assessor(city), now=OPENED
    )


def head_line(round: Round, indicator: str = "P", run: str = "prefilled") -> ScoreLine:
    return ScoreLine.objects.select_related("score__unit", "score__office", "score__run__cycle").get(
        score__run=getattr(round, run),
        score__scorecard="SC_head",
        score__unit__code=UNIT,
        indicator=indicator,
    )


class TestMarksAndFacts:
    def test_they_are_kept_for_the_office_and_scored_there(self, scored: City) -> None:
        mark_head(scored, 8)
        mark_head(scored, 6, office=None)
        operations.confirm_fact(
            cycle=scored.cycle, unit=scored.units[UNIT], office=head(scored), side="recognitions", kind="confirmed",
            text="全市推广", basis="通报 1 号", actor=scored.coordinator, now=at(7, 1),
        )  # fmt: skip
        assert Mark.objects.filter(replaced=False).count() == 2
        run = operations.run_scores(cycle=scored.cycle, as_of=AS_OF, actor=CONSOLE, now=at(7, 1))
        totals = Score.objects.filter(run=run, unit__code=UNIT).values_list("scorecard", "total")
        assert dict(totals) == {"SC": 60, "SC_head": 81}
        assert verify_log().clean

    def test_a_new_mark_replaces_that_of_the_same_office_alone(self, scored: City) -> None:
        mark_head(scored, 6, office=None)
        mark_head(scored, 8)
        mark_head(scored, 9)
        assert set(Mark.objects.filter(replaced=False).values_list("office", "value")) == {
            (None, 6),
            (head(scored).pk, 9),
        }

    def test_an_office_of_another_unit_is_refused(self, scored: City) -> None:
        with pytest.raises(Refusal, match="不是“市发展和改革委员会”的岗位"):
            mark_head(scored, 8, office=scored.office("1506-MU-02", "unit_head"))
        assert not Mark.objects.exists()

    def test_the_scorer_is_that_of_the_offices_card(self, scored: City) -> None:
        assert rules.raters_of(scored.cycle, scored.units[UNIT], "P", office=head(scored)) == {"group_office"}
        assert not rules.is_for(scored.cycle.package.scorecard("SC_head"), scored.units[UNIT])

    def test_the_page_of_an_office_takes_its_marks_and_facts(
        self, scored: City, as_: SignIn, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        run = operations.run_scores(cycle=scored.cycle, as_of=AS_OF, actor=CONSOLE, now=at(7, 1))
        client = as_(assessor(scored))
        page = reverse("score", args=[Score.objects.get(run=run, office=head(scored)).pk])
        assert f'name="office" value="{head(scored).pk}"' in client.get(page).content.decode()
        args = [scored.cycle.pk, scored.units[UNIT].pk]
        given = {"indicator": "P", "office": head(scored).pk, "value": "7", "reason": "现场核查"}
        assert client.post(reverse("marks", args=args), given)["Location"] == page
        fact = {
            "side": "findings",
            "kind": "confirmed",
            "office": head(scored).pk,
            "text": "迟报",
            "basis": "通报 2 号",
        }
        assert client.post(reverse("facts", args=args), fact)["Location"] == page
        assert set(Mark.objects.values_list("office", "value")) == {(head(scored).pk, 7)}
        assert set(ConfirmedFact.objects.values_list("office", flat=True)) == {head(scored).pk}
        elsewhere = given | {"office": scored.office("1506-MU-02", "unit_head").pk}
        assert client.post(reverse("marks", args=args), elsewhere).status_code == 404


class TestRound:
    def test_the_unit_speaks_for_its_graded_offices_and_not_for_facts(self, scored: City) -> None:
        open_office(unit=scored.units[UNIT], seat="clerk", title="经办", role="clerk", scope=scored.units[UNIT],
                    actor=CONSOLE, now=at(1, 6))  # fmt: skip
        mark_head(scored, 8)
        round = opened(scored)
        lines = unit_lines(round, round.prefilled, scored.units[UNIT])
        assert set(lines.values_list("score__scorecard", flat=True)) == {"SC", "SC_head"}
        assert set(lines_answered_by(scored.head)) == set(lines)
        assert Score.objects.filter(run=round.prefilled, scorecard="SC_fact").exists()
        assert [each.office for each in totals_of(round, scored.units[UNIT])] == [None, head(scored)]

    def test_a_review_and_an_appeal_set_the_points_of_the_office(self, scored: City) -> None:
        mark_head(scored, 8)
        round = opened(scored)
        said = operations.state_points(
            round=round, line=head_line(round), points=D(90), note="核查遗漏", actor=scored.head, now=STATED
        )
        operations.agree_with_lines(round=round, unit=scored.units[UNIT], actor=scored.head, now=STATED)
        operations.move_on(round=round, from_stage="self", actor=assessor(scored), now=at(9, 9))
        operations.review_self_score(
            stated=said, points=D(85), reason="部分属实", actor=assessor(scored), now=REVIEWED
        )
        operations.review_agreed(round=round, unit=scored.units[UNIT], actor=assessor(scored), now=REVIEWED)
        round = operations.move_on(round=round, from_stage="review", actor=assessor(scored), now=TOLD)
        assert head_line(round, run="preliminary").points == 85
        own = ScoreLine.objects.get(
            score__run=round.preliminary, score__scorecard="SC", score__unit__code=UNIT, indicator="P"
        )
        assert own.points is None
        made = operations.appeal_line(
            round=round,
            line=head_line(round, run="preliminary"),
            reason="有新的记录",
            actor=scored.head,
            now=at(9, 15),
        )
        [story] = [
            each
            for each in stories_of(round, scored.units[UNIT], acting=scored.head, today=dt.date(2026, 9, 15))
            if each.appeal
        ]
        assert story.line.score.office == head(scored)
        decider = scored.acting("1506-LGO", "coordinator")
        with pytest.raises(Refusal, match="另一位复核人"):
            operations.decide_appeal(
                appeal=made, upheld=True, points=D(88), decision="属实", actor=assessor(scored), now=at(9, 16)
            )
        with pytest.raises(Refusal, match="另一位复核人"):  # who marked the office
            operations.decide_appeal(
                appeal=made, upheld=True, points=D(88), decision="属实", actor=decider, now=at(9, 16)
            )
        operations.decide_appeal(
            appeal=made, upheld=True, points=D(88), decision="属实", actor=CONSOLE, now=at(9, 16)
        )
        assert set(Adjustment.objects.filter(replaced=False).values_list("office", "points")) == {
            (head(scored).pk, 88)
        }
        final = operations.move_on(
            round=round, from_stage="preliminary", actor=assessor(scored), now=at(9, 28)
        )
        assert head_line(final, run="final").points == 88
        assert Appeal.objects.get().upheld
        assert SelfScore.objects.filter(line__score__office=head(scored)).count() == 3
        assert verify_log().clean

    def test_a_line_of_facts_cannot_be_spoken_of(self, scored: City) -> None:
        open_office(unit=scored.units[UNIT], seat="clerk", title="经办", role="clerk", scope=scored.units[UNIT],
                    actor=CONSOLE, now=at(1, 6))  # fmt: skip
        round = opened(scored)
        line = ScoreLine.objects.get(score__run=round.prefilled, score__scorecard="SC_fact", indicator="B")
        with pytest.raises(Refusal, match="不在本轮自评范围内"):
            operations.state_points(
                round=round, line=line, points=D(1), note="…", actor=scored.head, now=STATED
            )

    def test_the_page_groups_lines_by_who_is_scored(self, scored: City, as_: SignIn) -> None:
        mark_head(scored, 8)
        round = opened(scored)
        page = as_(scored.head).get(reverse("round")).content.decode()
        assert str(head(scored)) in page
        assert f"line-{head_line(round).pk}" in page

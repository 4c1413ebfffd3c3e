from __future__ import annotations

import copy
import datetime as dt
import json
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from assessment.random_runs import packages, snapshots
from assessment.test_score_run import UNIT, worked
from conftest import CONSOLE, City, SignIn, at
from guantong.accounts.models import Approval
from guantong.assessment.algebra import GradeBand, Placed, apply_share_limits, rank
from guantong.assessment.bench import Card, Entrant, Item, Trial, compare
from guantong.assessment.bench.card import WEIGHT_UNIT, amount_of, weight_of
from guantong.assessment.bench.changes import kendall
from guantong.assessment.bench.lines import StoredItem
from guantong.assessment.bench.loading import card_with, forget, items_of, limits_of, load, trial_of
from guantong.assessment.bench.places import LOWEST
from guantong.assessment.models import Adjustment, Publication, Run, Score, ScoreLine, Veto
from guantong.assessment.operations import run_scores
from guantong.assessment.results import FOUR_PLACES, SIX_PLACES, kept
from guantong.assessment.scoring_run import Line, Scored, score_snapshot
from guantong.audit.models import AuditEntry
from guantong.mechanisms.package import Package
from guantong.supervision.models import Finding

__all__ = ["worked"]
D = Decimal
GRADES = (GradeBand("a", D(90), D("0.3")), GradeBand("b", D(80), D("0.5")), GradeBand("c", D(0)))


@pytest.fixture(autouse=True)
def nothing_kept() -> Iterator[None]:
    forget()
    yield
    forget()


# --- cards drawn by hypothesis -----------------------------------------------------------------------


@st.composite
def shares(draw: st.DrawFn) -> Decimal | None:
    """A share as ratios give it, so that halves of a hundredth come up, and now and then none."""
    den = draw(st.sampled_from([1, 3, 7, 16, 32, 160, 1000]))
    return draw(st.none() | st.integers(0, den).map(lambda num: D(num) / D(den)))


@st.composite
def cards(draw: st.DrawFn) -> Card:
    size = draw(st.integers(1, 5))
    weights = draw(st.lists(st.integers(1, 400).map(lambda n: D(n) / 4), min_size=size, max_size=size))
    caps = draw(
        st.lists(st.none() | st.integers(1, 60).map(D), min_size=size, max_size=size) | st.just([None] * size)
    )
    items = [Item(f"I{n}", "", weight=w, cap=c) for n, (w, c) in enumerate(zip(weights, caps, strict=True))]
    items += [Item("X", "", bonus=True, cap=draw(st.sampled_from([None, D(2)]))), Item("Y", "", penalty=True)]
    points = st.none() | st.integers(0, 40).map(lambda n: D(n) / 8)
    limits = st.sampled_from(["", "", "", "b", "c"])
    entrants = [
        Entrant(
            number,
            (*(draw(shares()) for _ in range(size)), draw(points), draw(points)),
            group=draw(st.sampled_from(["", "g"])),
            limit=draw(limits),
        )
        for number in range(draw(st.integers(1, 12)))
    ]
    return Card(
        tuple(items),
        tuple(entrants),
        GRADES,
        scale=sum(weights, D(0)),
        missing_items=draw(st.sampled_from(["rescale", "zero"])),
        bonus_cap=draw(st.sampled_from([None, D(0), D(3)])),
        tie_break=("I0", "X"),
        min_n=draw(st.integers(1, 3)),
    )


@st.composite
def trials(draw: st.DrawFn) -> tuple[Trial, list[int]]:
    trial = Trial(draw(cards()))
    size = len(trial.card.amounts)
    other = st.lists(st.integers(0, trial.card.most), min_size=size, max_size=size)
    return trial, draw(st.just(list(trial.card.amounts)) | other)


class TestTotals:
    @settings(max_examples=150, deadline=None)
    @given(trials())
    def test_every_total_is_the_one_the_engine_adds_up(self, tried: tuple[Trial, list[int]]) -> None:
        trial, amounts = tried
        engine = [trial.card.score(each, amounts).total for each in trial.card.entrants]
        found = [None if total < 0 else D(total) / 100 for total in trial.totals(amounts)]
        assert found == engine

    def test_a_total_on_the_edge_of_rounding_goes_up_as_in_the_engine(self) -> None:
        """17 of 32 is 53.125 of 100: half a hundredth, whatever the weights are."""
        items = (Item("A", "", weight=D(60)), Item("B", "", weight=D(40)))
        trial = Trial(Card(items, (Entrant(1, (D(17) / 32, None)), Entrant(2, (D(17) / 32, D(17) / 32)))))
        assert trial.totals([600_000, 400_000]) == [5313, 5313]
        assert trial.totals([1, 999_999]) == [5313, 5313]

    def test_no_item_scored_is_no_total_and_not_nought(self) -> None:
        items = (Item("A", "", weight=D(60)), Item("B", "", weight=D(40)))
        trial = Trial(
            Card(items, (Entrant(1, (None, None)), Entrant(2, (D(0), None)), Entrant(3, (None, D(1)))))
        )
        assert trial.totals([600_000, 400_000]) == [-1, 0, 10_000]
        assert trial.totals([600_000, 0]) == [-1, 0, -1]

    def test_a_dropped_item_gives_what_a_card_without_it_gives(self) -> None:
        items = tuple(Item(f"I{n}", "", weight=D(w)) for n, w in enumerate((50, 30, 20)))
        parts = [(D(1), D(1) / 3, D(0)), (None, D(1), D(1) / 7), (D(2) / 3, None, D(1))]
        whole = Trial(Card(items, tuple(Entrant(n, each) for n, each in enumerate(parts)), GRADES))
        without = Card(items[1:], tuple(Entrant(n, each[1:]) for n, each in enumerate(parts)), GRADES)
        tried = Trial(without)
        dropped = whole.stand(whole.amounts({"I0": D(0)}))
        assert dropped == tried.stand(without.amounts)
        assert dropped != whole.stand(whole.card.amounts)

    def test_a_weight_beyond_the_scale_or_below_nought_is_refused(self) -> None:
        trial = Trial(Card((Item("A", "", weight=D(100)),), (Entrant(1, (D(1),)),)))
        for wrong in ("-1", "100.0001"):
            with pytest.raises(ValueError, match="below 0 or above"):
                trial.amounts({"A": D(wrong)})
        with pytest.raises(ValueError, match="four decimals"):
            amount_of(D("0.00001"))
        assert weight_of(amount_of(D("12.3456"))) == D("12.3456")


class TestPlaces:
    @settings(max_examples=150, deadline=None)
    @given(trials())
    def test_grades_and_places_are_those_of_the_engine(self, tried: tuple[Trial, list[int]]) -> None:
        trial, amounts = tried
        assert trial.stand(amounts) == engine_standing(trial, amounts)

    def test_a_group_of_fewer_than_the_least_number_has_no_places(self) -> None:
        items = (Item("A", "", weight=D(100)),)
        entrants = tuple(
            Entrant(n, (D(n) / 10,), group=group)
            for n, group in enumerate(["few", "few", "many", "many", "many"])
        )
        stood = Trial(Card(items, entrants, GRADES, min_n=3)).stand([1_000_000])
        assert list(stood.ranks) == [0, 0, 3, 2, 1]
        assert list(stood.totals) == [0, 1000, 2000, 3000, 4000]

    def test_a_card_that_is_not_ranked_has_grades_and_no_places(self) -> None:
        items = (Item("A", "", weight=D(100)),)
        entrants = tuple(Entrant(n, (D(1),)) for n in range(5))
        stood = Trial(Card(items, entrants, GRADES, ranked=False)).stand([1_000_000])
        assert (set(stood.ranks), set(stood.levels)) == ({0}, {3})

    def test_under_a_veto_more_points_do_not_raise_the_grade(self) -> None:
        items = (Item("A", "", weight=D(100)),)
        trial = Trial(
            Card(
                items,
                (
                    Entrant(1, (D(1),), limit="c"),
                    Entrant(2, (D(1),)),
                ),
                (GRADES[0], GRADES[2]),
            )
        )
        assert [trial.grade_of(level) for level in trial.stand([1_000_000]).levels] == ["c", "c"]
        free = Trial(
            Card(
                items,
                (
                    Entrant(1, (D(1),), limit="c"),
                    Entrant(2, (D(1),)),
                ),
                (GradeBand("a", D(90)), GRADES[2]),
            )
        )
        assert [free.grade_of(level) for level in free.stand([1_000_000]).levels] == ["c", "a"]


def engine_standing(trial: Trial, amounts: list[int]) -> Any:
    """The same by `algebra`, group by group."""
    card = trial.card
    totals, levels, ranks = [-1] * len(card.entrants), [0] * len(card.entrants), [0] * len(card.entrants)
    dropped = {card.items[at].id for at, amount in zip(card.weighted, amounts, strict=True) if not amount}
    order = ["", *(each.id for each in trial.places.bands)]
    breaking = [
        at for key in card.tie_break for at, i in enumerate(card.items) if i.id == key and key not in dropped
    ]
    for members in card.groups.values():
        placed = []
        for at_ in members:
            entrant = card.entrants[at_]
            scored = card.score(entrant, amounts)
            if scored.total is None:
                continue
            totals[at_] = int(scored.total * 100)
            grade = next((g.id for g in sorted(GRADES, key=lambda g: -g.min) if scored.total >= g.min), None)
            if entrant.limit and grade and order.index(grade) > order.index(entrant.limit):
                grade = entrant.limit
            ties = tuple(tie(card, entrant, each, amounts) for each in breaking)
            levels[at_] = order.index(grade or "")
            placed.append(Placed(at_, scored.total, grade, ties))
        if len(placed) >= card.min_n:
            for key, grade in apply_share_limits(placed, card.grades).items():
                levels[key] = order.index(grade or "")
            for key, place in rank(placed).items():
                ranks[key] = place
    return type(trial.before)(totals, levels, ranks)


def tie(card: Card, entrant: Entrant, at_: int, amounts: list[int]) -> Decimal:
    """The points of an item that breaks ties, as the engine would store them."""
    part, item = entrant.parts[at_], card.items[at_]
    if part is None:
        return LOWEST
    points = part * weight_of(amounts[card.weighted.index(at_)]) if item.is_weighted else part
    return min(points, item.cap) if item.cap is not None and item.is_weighted else points


class TestChanges:
    def test_with_the_cards_own_weights_nothing_changes(self) -> None:
        items = (Item("A", "", weight=D(60)), Item("B", "", weight=D(40)))
        entrants = tuple(
            Entrant(n, (D(n) / 4, D(4 - n) / 4), total=D(40 + 5 * n), grade="c", rank=5 - n) for n in range(5)
        )
        trial = Trial(Card(items, entrants, GRADES))
        changes = compare(trial, list(trial.card.amounts))
        assert [each for each in changes.rows if each.changes] == []
        assert (changes.regraded, changes.moving, changes.farthest, changes.tau) == (0, 0, 0, 1.0)

    def test_turning_the_weights_round_turns_the_order_round(self) -> None:
        items = (Item("A", "", weight=D(90)), Item("B", "", weight=D(10)))
        parts = [(D(n) / 4, D(4 - n) / 4) for n in range(5)]
        plain = Card(items, tuple(Entrant(n, each) for n, each in enumerate(parts)), (GRADES[1], GRADES[2]))
        stood = Trial(plain).stand(plain.amounts)
        entrants = tuple(
            Entrant(n, each, D(stood.totals[n]) / 100, "bc"[stood.levels[n] == 1], stood.ranks[n])
            for n, each in enumerate(parts)
        )
        trial = Trial(Card(items, entrants, plain.grades))
        changes = compare(trial, [100_000, 900_000])
        assert changes.tau == -1.0
        assert [each.moved for each in changes.rows] == [4, 2, 0, -2, -4]
        assert {each.key for each in changes.rows if each.changes_grade} == {0, 4}
        assert (changes.regraded, changes.moving, changes.farthest) == (2, 4, 4)

    @given(
        st.lists(
            st.lists(st.tuples(st.integers(1, 6), st.integers(1, 6)), max_size=9), min_size=1, max_size=3
        )
    )
    def test_kendalls_tau_is_that_of_the_definition(self, groups: list[list[tuple[int, int]]]) -> None:
        agree, untied_x, untied_y = 0, 0, 0
        for each in groups:
            for n, (x, y) in enumerate(each):
                for x2, y2 in each[:n]:
                    agree += ((x > x2) - (x < x2)) * ((y > y2) - (y < y2))
                    untied_x, untied_y = untied_x + (x != x2), untied_y + (y != y2)
        found = kendall(groups)
        if not untied_x or not untied_y:
            assert found is None
        else:
            assert found == pytest.approx(agree / (untied_x * untied_y) ** 0.5)


# --- the whole engine --------------------------------------------------------------------------------


def engine_scores(source: dict[str, Any], snapshot: dict[str, Any], card: str) -> list[Scored]:
    package = Package.from_canonical(json.dumps(source))
    return [each for each in score_snapshot(package, snapshot) if each.scorecard == card]


def tried(source: dict[str, Any], snapshot: dict[str, Any], card: str, scored: list[Scored]) -> Trial:
    """The card as it would come out of the stored lines."""
    package = Package.from_canonical(json.dumps(source))
    rules = next(each for each in package.scorecards if each.id == card)
    items = items_of(rules, package)
    stored = [StoredItem(item, package.indicator(item.id)) for item in items]
    limits = limits_of(
        rules, [(unit, veto) for _pk, unit, of, veto, _why in snapshot["vetoes"] if of == card]
    )
    entrants = []
    for number, each in enumerate(scored):
        whose = (each.subject.unit, card, each.subject.office)
        decided = {a[3] for a in snapshot["adjustments"] if (a[1], a[2], a[7]) == whose}
        found = [of[as_kept(line, decided)] for of, line in zip(stored, each.lines, strict=True)]
        limit = "" if each.subject.office else limits.get(each.subject.unit, "")
        shares, spreads = zip(*found, strict=True)
        said = (each.card.total, each.grade or "", each.rank, each.band, each.group, limit)
        entrants.append(Entrant(number, shares, *said, spreads))
    return Trial(card_with(rules, items, entrants))


def as_kept(line: Line, decided: set[str]) -> tuple[Decimal | None, Decimal | None, Decimal | None]:
    measured, points = line.reading.measured, kept(line.points, SIX_PLACES)
    if line.indicator.id in decided:
        return points, None, None
    return points, kept(measured.num, FOUR_PLACES), kept(measured.den, FOUR_PLACES)


def assert_the_engines(trial: Trial, amounts: Sequence[int], scored: list[Scored]) -> None:
    """Totals, grades and places are the engine's; ends of intervals within a hundredth, and bands where they are equal.

    An end is a root: where it falls on the edge of rounding, its last hundredth depends on the digits kept.
    """
    stood = trial.stand(amounts)
    found = [
        (total, trial.grade_of(level), rank)
        for total, level, rank in zip(stood.totals, stood.levels, stood.ranks, strict=True)
    ]
    assert found == [(cents(e.card.total), e.grade or "", e.rank or 0) for e in scored]
    weights = [amount / WEIGHT_UNIT for amount in amounts]
    known = [at_ for at_, total in enumerate(stood.totals) if total >= 0]
    ends = [trial.bands.ends(at_, stood.totals[at_], weights) for at_ in known]
    engine = [(cents(scored[at_].low), cents(scored[at_].high)) for at_ in known]
    for mine, theirs in zip(ends, engine, strict=True):
        assert max(abs(mine[0] - theirs[0]), abs(mine[1] - theirs[1])) <= 1
    if ends == engine:
        assert trial.bands(stood, amounts) == [each.band or 0 for each in scored]


def cents(value: Decimal | None) -> int:
    return -1 if value is None else int(value * 100)


class TestAgainstTheEngine:
    @settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
    @given(packages(), snapshots(), st.sampled_from(["SC_A", "SC_B", "SC_O"]))
    def test_the_cards_own_weights_give_what_the_engine_gave(
        self, source: dict[str, Any], snapshot: dict[str, Any], card: str
    ) -> None:
        scored = engine_scores(source, snapshot, card)
        trial = tried(source, snapshot, card, scored)
        assert_the_engines(trial, trial.card.amounts, scored)

    @settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
    @given(packages(), snapshots(), st.sampled_from(["SC_A", "SC_B", "SC_O"]), st.integers(0, 5))
    def test_an_item_dropped_gives_what_the_engine_gives_without_it(
        self, source: dict[str, Any], snapshot: dict[str, Any], card: str, number: int
    ) -> None:
        trial = tried(source, snapshot, card, engine_scores(source, snapshot, card))
        weighted = [trial.card.items[at].id for at in trial.card.weighted]
        assume(len(trial.card.items) > 1 and weighted)
        dropped = weighted[number % len(weighted)]
        without = copy.deepcopy(source)
        [row] = [each for each in without["scorecards"] if each["id"] == card]
        row["items"] = [item for item in row["items"] if item["use"] != dropped]
        scored = engine_scores(without, snapshot, card)
        assert_the_engines(trial, trial.amounts({dropped: D(0)}), scored)


# --- a run and its page ------------------------------------------------------------------------------


@pytest.fixture
def run(worked: City) -> Run:
    return run_scores(cycle=worked.cycle, as_of=dt.date(2026, 7, 1), actor=CONSOLE, now=at(7, 1))


class TestLoading:
    def test_the_stored_lines_give_the_totals_of_the_run_again(self, run: Run) -> None:
        for name in ("SC_unit", "SC_territory"):
            trial = trial_of(run, name)
            again = trial.stand(trial.card.amounts)
            assert list(again.totals) == list(trial.before.totals)
            assert list(again.levels) == list(trial.before.levels)
            assert list(again.ranks) == list(trial.before.ranks)
            assert trial.bands(again, trial.card.amounts) == trial.bands_before
        assert D("87.00") in {each.total for each in trial_of(run, "SC_unit").card.entrants}

    def test_a_share_is_exact_where_numerator_and_denominator_say_it(self, run: Run) -> None:
        line = ScoreLine.objects.get(
            score__run=run, score__scorecard="SC_unit", score__unit__code=UNIT, indicator="I01"
        )
        ScoreLine.objects.filter(pk=line.pk).update(numerator=D(2), denominator=D(3), points=D("26.666667"))
        card = load(run, "SC_unit")
        [entrant] = [each for each in card.entrants if each.key == line.score_id]
        assert entrant.parts[0] is not None
        assert abs(entrant.parts[0] - D(2) / D(3)) < D("1e-27")
        ScoreLine.objects.filter(pk=line.pk).update(
            points=D(30)
        )  # set by a decision: the points are what counts
        [entrant] = [each for each in load(run, "SC_unit").entrants if each.key == line.score_id]
        assert entrant.parts[0] == D("0.75")

    def test_loading_takes_as_many_queries_for_one_unit_as_for_many(
        self, run: Run, django_assert_max_num_queries: DjangoAssertNumQueries
    ) -> None:
        with django_assert_max_num_queries(4):
            trial_of(run, "SC_unit")
        with django_assert_max_num_queries(0):
            trial_of(run, "SC_unit")

    def test_points_set_by_an_appeal_count_whatever_was_counted(self, run: Run) -> None:
        score = Score.objects.get(run=run, scorecard="SC_unit", unit__code=UNIT)
        line = score.lines.get(indicator="I01")
        [before] = [each for each in load(run, "SC_unit").entrants if each.key == score.pk]
        assert before.spreads[0] is not None
        Adjustment.objects.create(
            cycle=run.cycle, unit=score.unit, scorecard="SC_unit", indicator="I01", points=line.points,
            reason="—", source="appeal", source_ref=1, made_at=at(6, 30),
        )  # fmt: skip
        [after] = [each for each in load(run, "SC_unit").entrants if each.key == score.pk]
        assert (after.parts[0], after.spreads[0]) == (before.parts[0], None)

    def test_a_veto_of_the_run_limits_and_one_confirmed_later_does_not(self, worked: City) -> None:
        unit = worked.units[UNIT]
        finding = Finding.objects.create(
            cycle=worked.cycle, unit=unit, text="—", basis="—", rule_cited="—", found_at=at(6, 1)
        )
        veto = Veto.objects.create(
            cycle=worked.cycle, unit=unit, scorecard="SC_unit", veto="V1", finding=finding, reason="—",
            confirmed_at=at(6, 2), appeal_until=dt.date(2026, 6, 20),
        )  # fmt: skip
        limited = run_scores(cycle=worked.cycle, as_of=dt.date(2026, 7, 1), actor=CONSOLE, now=at(7, 1))
        assert {each.limit for each in load(limited, "SC_unit").entrants} == {"fail", ""}
        trial = trial_of(limited, "SC_unit")
        [place] = [n for n, each in enumerate(trial.card.entrants) if each.limit]
        assert trial.grade_of(trial.stand(trial.amounts({"I03": D(0)})).levels[place]) == "fail"
        Veto.objects.filter(pk=veto.pk).update(lifted_at=at(6, 25))
        free = run_scores(cycle=worked.cycle, as_of=dt.date(2026, 7, 1), actor=CONSOLE, now=at(7, 1))
        Veto.objects.filter(pk=veto.pk).update(lifted_at=None, confirmed_at=at(7, 2))
        assert {each.limit for each in load(free, "SC_unit").entrants} == {""}

    def test_a_card_that_judges_nobody_is_not_on_the_bench(self, run: Run) -> None:
        with pytest.raises(KeyError):
            trial_of(run, "SC_leader")


class TestBenchPage:
    def test_it_shows_who_changes_and_says_what_it_is(self, run: Run, worked: City, as_: SignIn) -> None:
        client = as_(worked.acting("1506-LGO", "assessor"))
        page = client.get(reverse("bench"))
        assert page.status_code == 200
        assert "现在是原来的权重，没有变化。" in page.content.decode()
        tried = client.get(
            reverse("bench"), {"card": "SC_unit", "drop-I03": "1", "show": "all"}
        ).content.decode()
        assert "87.00 →" in tried
        assert "92.00" in tried  # 36 + 10 + 8 of 60 without I03 is 90 of 100, and 2 of bonus
        assert tried.count("试算，不作为结果") >= 3
        assert 'class="watermark"' in tried

    def test_nothing_of_it_can_be_published_or_is_kept(self, run: Run, worked: City, as_: SignIn) -> None:
        kept = [model.objects.count() for model in (Run, Score, ScoreLine, Publication, Approval, AuditEntry)]
        client = as_(worked.coordinator)
        for name in ("bench", "bench-stability"):
            page = client.get(reverse(name), {"w-I01": "10"}).content.decode()
            assert "publication" not in page
            assert "公布申请" not in page
        assert kept == [m.objects.count() for m in (Run, Score, ScoreLine, Publication, Approval, AuditEntry)]

    def test_a_wrong_weight_is_said_where_it_stands_and_the_rest_is_tried(
        self,
        run: Run,
        worked: City,
        as_: SignIn,
    ) -> None:
        client = as_(worked.coordinator)
        page = client.get(reverse("bench"), {"w-I01": "-3", "w-I03": "0"}).content.decode()
        assert 'id="wrong-I01"' in page
        assert 'value="-3"' in page
        assert "权重合计 80，原为 100" in page

    def test_a_page_costs_the_same_however_many_change(
        self,
        run: Run,
        worked: City,
        as_: SignIn,
        django_assert_max_num_queries: DjangoAssertNumQueries,
    ) -> None:
        client = as_(worked.coordinator)
        client.get(reverse("bench"))
        with django_assert_max_num_queries(14):
            client.get(reverse("bench"), {"w-I01": "10", "show": "all"})

    def test_who_may_use_it(self, run: Run, worked: City, as_: SignIn) -> None:
        for acting in (worked.head, worked.acting("150602", "first_responsible")):
            client = as_(acting)
            assert [client.get(reverse(name)).status_code for name in ("bench", "bench-stability")] == [
                403,
                403,
            ]
            assert client.post(reverse("bench-draws")).status_code == 403
        client = as_(worked.coordinator)
        assert client.post(reverse("bench")).status_code == 405
        assert client.get(reverse("bench"), {"run": run.pk + 99}).status_code == 404

    def test_before_any_run_there_is_nothing_to_try(self, signed: City, as_: SignIn) -> None:
        client = as_(signed.coordinator)
        for name in ("bench", "bench-stability"):
            assert "还没有可以试算的计分" in client.get(reverse(name)).content.decode()
        assert client.post(reverse("bench-draws")).status_code == 422

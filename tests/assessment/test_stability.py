from __future__ import annotations

import random
from collections.abc import Iterator
from decimal import Decimal

import pytest
from django.core.cache import cache
from django.urls import reverse
from django_tasks_db.models import DBTaskResult

from assessment.test_bench import run
from assessment.test_score_run import worked
from conftest import City, SignIn
from guantong.assessment.algebra import GradeBand
from guantong.assessment.bench import Card, Entrant, Item, Trial, draw, keeping
from guantong.assessment.bench.loading import forget
from guantong.assessment.bench.stability import draw_amounts
from guantong.assessment.models import Run

__all__ = ["run", "worked"]
D = Decimal
GRADES = (GradeBand("high", D(50)), GradeBand("low", D(0)))


@pytest.fixture(autouse=True)
def nothing_kept(request: pytest.FixtureRequest) -> Iterator[None]:
    forget()
    if "db" in request.fixturenames:
        cache.clear()
    yield
    forget()


def trial(*parts: tuple[str, str], ranked: bool = True, min_n: int = 1) -> Trial:
    items = (Item("A", "", weight=D(50)), Item("B", "", weight=D(50)))
    plain = tuple(Entrant(n, (D(a), D(b))) for n, (a, b) in enumerate(parts))
    stood = Trial(Card(items, plain, GRADES, ranked=ranked, min_n=min_n)).stand((500_000, 500_000))
    entrants = tuple(
        Entrant(each.key, each.parts, D(total) / 100, ("", "low", "high")[level], place or None)
        for each, total, level, place in zip(plain, stood.totals, stood.levels, stood.ranks, strict=True)
    )
    return Trial(Card(items, entrants, GRADES, ranked=ranked, min_n=min_n))


class TestDrawing:
    def test_a_draw_keeps_the_sum_and_stays_near(self) -> None:
        chooser = random.Random(1)  # noqa: S311 - repeatable
        for spread in (10, 25):
            for _ in range(200):
                drawn = draw_amounts([500_000, 300_000, 200_000], spread=spread, chooser=chooser)
                assert sum(drawn) == 1_000_000
                for was, now in zip((500_000, 300_000, 200_000), drawn, strict=True):
                    most = (1 + spread / 100) / (1 - spread / 100)
                    assert was / most - 3 <= now <= was * most + 3

    def test_the_same_seed_gives_the_same_and_another_seed_another(self) -> None:
        tried = trial(("0.9", "0.1"), ("0.1", "0.9"), ("0.5", "0.49"))
        first = draw(tried, spread=25, seed=7)
        assert first == draw(tried, spread=25, seed=7)
        assert first.entrants != draw(tried, spread=25, seed=8).entrants
        assert (first.draws, first.spread, first.seed) == (1000, 25, 7)

    def test_who_stands_out_stays_and_who_stands_on_the_edge_does_not(self) -> None:
        tried = trial(("1", "1"), ("0.8", "0.2"), ("0.2", "0.8"), ("0", "0"))
        best, one, other, last = draw(tried, spread=10, seed=3).entrants
        assert (best.levels, best.kept, best.median, best.low, best.high) == ((0, 0, 1000), 1000, 1, 1, 1)
        assert (last.levels, last.median, last.low, last.high) == ((0, 1000, 0), 4, 4, 4)
        assert 400 < one.kept < 600
        assert one.kept == one.levels[2]
        assert {one.low, other.low} == {2}
        assert {one.high, other.high} == {3}
        assert (
            one.levels[2] + other.levels[2] >= 1000
        )  # of the two one is always above the half, or both on it

    def test_where_nobody_is_ranked_no_place_is_told(self) -> None:
        for tried in (
            trial(("1", "0"), ("0", "1"), ranked=False),
            trial(("1", "0"), ("0", "1"), min_n=3),
        ):
            assert {(e.median, e.low, e.high) for e in draw(tried, spread=10, seed=1).entrants} == {
                (None, None, None)
            }

    def test_a_wider_spread_shakes_more(self) -> None:
        tried = trial(("0.53", "0.48"), ("0.1", "0.1"))
        narrow, wide = (draw(tried, spread=spread, seed=5).entrants[0].kept for spread in (10, 25))
        assert (narrow, wide < 1000) == (1000, True)


class TestStabilityPage:
    def test_a_small_card_is_drawn_at_once_and_the_seed_is_printed(
        self,
        run: Run,
        worked: City,
        as_: SignIn,
    ) -> None:
        client = as_(worked.coordinator)
        page = client.get(reverse("bench-stability"), {"card": "SC_unit", "seed": "12", "spread": "25"})
        text = page.content.decode()
        assert page.status_code == 200
        assert "共 1000 次，种子 12" in text
        assert "上下 25% 之内" in text
        assert 'class="watermark"' in text
        again = client.get(reverse("bench-stability"), {"card": "SC_unit", "seed": "12", "spread": "25"})
        assert text.partition("steadiness")[2] == again.content.decode().partition("steadiness")[2]
        assert DBTaskResult.objects.count() == 0

    def test_without_a_seed_it_follows_from_the_result(self, run: Run, worked: City, as_: SignIn) -> None:
        text = as_(worked.coordinator).get(reverse("bench-stability")).content.decode()
        assert f"种子 {int(run.result_digest[:8], 16)}" in text

    def test_a_large_card_is_drawn_by_the_worker_when_asked_and_once(
        self,
        run: Run,
        worked: City,
        as_: SignIn,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        monkeypatch.setattr(keeping, "AT_ONCE", 0)
        client = as_(worked.coordinator)
        asked = {"run": run.pk, "card": "SC_unit", "seed": 5, "spread": 10}
        assert "还没有按这个种子试算" in client.get(reverse("bench-stability"), asked).content.decode()
        for _ in range(2):
            answer = client.post(reverse("bench-draws"), asked)
            assert answer.status_code == 302
        assert DBTaskResult.objects.count() == 1
        assert "正在试算" in client.get(answer["Location"]).content.decode()
        job = DBTaskResult.objects.get()
        assert keeping.draw_weights.func(*job.args_kwargs["args"], **job.args_kwargs["kwargs"])
        assert "种子 5" in client.get(answer["Location"]).content.decode()
        assert 'id="steadiness"' in client.get(answer["Location"]).content.decode()
        assert keeping.kept_stability(run, "SC_unit", spread=10, seed=5) == draw(
            keeping.trial_of(run, "SC_unit"), spread=10, seed=5
        )
        client.post(reverse("bench-draws"), asked)
        assert DBTaskResult.objects.count() == 1

    def test_a_wrong_spread_is_refused_with_a_sentence(self, run: Run, worked: City, as_: SignIn) -> None:
        answer = as_(worked.coordinator).post(reverse("bench-draws"), {"seed": "1", "spread": "99"})
        assert answer.status_code == 422
        assert "权重变动幅度" in answer.content.decode()
        assert as_(worked.coordinator).get(reverse("bench-draws")).status_code == 405
